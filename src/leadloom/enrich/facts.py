"""Answers as facts of a record, the way the fold reads them."""

from collections.abc import Iterable, Mapping
from typing import Any

from leadloom.enrich.provider import Answer, Question
from leadloom.leads.company import PREFIX
from leadloom.leads.fields import FIELDS
from leadloom.leads.fold import SURENESS
from leadloom.resolve.arrival import Arrival
from leadloom.resolve.firms import firm_facts, fits
from leadloom.resolve.keys import digest_of
from leadloom.storage.packing import pack
from leadloom.storage.types import dump_json

OWN_DATA = "own data"
"""The source of what is found without asking anybody."""

NOTHING = "nothing was missing, or nothing could be found"

# What says "this lead was enriched" rather than something of the person.
_MARKS = {"status": "enriched", "enrichment_status": "enriched"}
# What only describes a fact found with it.
_DESCRIBING = ("email_status", "email_confidence")
_NO_FINDINGS = frozenset({SURENESS, *_MARKS, *_DESCRIBING})


def facts_of(found: Iterable[tuple[str, Answer]]) -> dict[str, Any]:
    """Return what (provider's name, answer) pairs say, in the form that records keep."""
    facts = _read(pair for pair in found if not pair[1].field.startswith(PREFIX))
    return facts | _MARKS if facts else {}


def firm_facts_of(found: Iterable[tuple[str, Answer]]) -> dict[str, Any]:
    """Return what the same pairs say of the lead's company, in the form that records keep."""
    return _read(pair for pair in found if pair[1].field.startswith(PREFIX))


def _read(found: Iterable[tuple[str, Answer]]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    sureness: dict[str, Any] = {}
    for name, answer in found:
        value = answer.value
        known = FIELDS.get(answer.field)
        if known and known.folding == "many" and not isinstance(value, list):
            value = [value]
        facts[answer.field] = value
        told = {"e": f"{name}: {answer.evidence}"}
        sureness[answer.field] = told | ({"c": answer.confidence} if answer.confidence < 1 else {})
    return facts | {SURENESS: sureness} if facts else {}


def firm_of(question: Question) -> int | None:
    """Return the key of the company that what is read at the lead's domain speaks of, if any."""
    site, firm = question.values.get("domain"), question.company
    if not site or not firm:
        return None
    if firm.get("domain"):
        return firm["id"] if firm["domain"] == site else None
    return firm["id"] if firm.get("name") and fits(firm["name"], site) else None


def with_address(facts: dict[str, Any], address: str | None) -> dict[str, Any]:
    """Return facts on an address with the address they speak of: the fold wants them together.

    It is named as weakly as can be: who only looked it up does not vouch for it.
    """
    if not address or "email" in facts or facts.keys().isdisjoint(_DESCRIBING):
        return facts
    told = {"e": "the address that was looked up", "c": 0.01}
    return {**facts, "email": [address], SURENESS: {**facts[SURENESS], "email": told}}


def fields_found(facts: Iterable[str]) -> set[str]:
    """Return which fields these facts speak of."""
    return {one for one in facts if one not in _NO_FINDINGS}


def arrival_of(
    source_id: int, lead_id: int, facts: dict[str, Any], position: int, nothing: str = NOTHING
) -> Arrival:
    """Return facts on their way to becoming a record of a lead; none: skipped, and why."""
    said = dump_json(facts)
    packed = pack(said)
    reference = f"lead:{lead_id}"
    return Arrival(
        position,
        source_id,
        reference,
        None,
        None,
        packed,
        packed,
        digest_of(source_id, reference, 0, said, said) if facts else None,
        pinned=lead_id,
        verdict=None if facts else "skipped",
        reason=None if facts else nothing,
        confidence=_confidence(facts),
    )


def firm_arrival_of(source_id: int, firm_id: int, facts: dict[str, Any], position: int) -> Arrival:
    """Return facts on their way to becoming a record of a company."""
    said = dump_json(facts)
    packed = pack(said)
    reference = f"company:{firm_id}"
    return Arrival(
        position,
        source_id,
        reference,
        None,
        None,
        packed,
        packed,
        digest_of(source_id, reference, 0, said, said),
        company_facts=firm_facts(facts),
        confidence=_confidence(facts),
        pinned_company=firm_id,
    )


def _confidence(facts: Mapping[str, Any]) -> float | None:
    """Return how sure facts are on average, without those that only describe another."""
    told = facts.get(SURENESS) or {}
    sure = [one.get("c", 1.0) for name, one in told.items() if name not in _DESCRIBING]
    return round(sum(sure) / len(sure), 3) if sure else None
