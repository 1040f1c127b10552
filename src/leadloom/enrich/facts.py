"""Answers as facts of a record, the way the fold reads them."""

from collections.abc import Iterable
from typing import Any

from leadloom.enrich.provider import Answer
from leadloom.leads.fields import FIELDS
from leadloom.leads.fold import SURENESS
from leadloom.resolve.arrival import Arrival
from leadloom.resolve.keys import digest_of
from leadloom.storage.types import dump_json

OWN_DATA = "own data"
"""The source of what is found without asking anybody."""

NOTHING = "nothing was missing, or nothing could be found"

# What says "this lead was enriched" rather than something of the person.
_MARKS = {"status": "enriched", "enrichment_status": "enriched"}
# What only describes a fact found with it.
_DESCRIBING = ("email_status", "email_confidence")


def facts_of(found: Iterable[tuple[str, Answer]]) -> dict[str, Any]:
    """Return what (provider's name, answer) pairs say, in the form that records keep."""
    facts: dict[str, Any] = {}
    sureness: dict[str, Any] = {}
    for name, answer in found:
        value = answer.value
        if FIELDS[answer.field].folding == "many" and not isinstance(value, list):
            value = [value]
        facts[answer.field] = value
        told = {"e": f"{name}: {answer.evidence}"}
        sureness[answer.field] = told | ({"c": answer.confidence} if answer.confidence < 1 else {})
    if facts:
        facts |= {**_MARKS, SURENESS: sureness}
    return facts


def fields_found(facts: Iterable[str]) -> set[str]:
    """Return which fields of the lead these facts speak of."""
    return set(facts) - {SURENESS, *_MARKS, *_DESCRIBING}


def arrival_of(
    source_id: int, lead_id: int, facts: dict[str, Any], position: int, nothing: str = NOTHING
) -> Arrival:
    """Return facts on their way to becoming a record of a lead; none: skipped, and why."""
    said = dump_json(facts)
    reference = f"lead:{lead_id}"
    return Arrival(
        position,
        source_id,
        reference,
        None,
        None,
        said,
        said,
        digest_of(source_id, reference, 0, said, said) if facts else None,
        pinned=lead_id,
        verdict=None if facts else "skipped",
        reason=None if facts else nothing,
    )
