"""What a column of a file can become, as people choose it."""

from collections.abc import Iterator
from typing import Final

from leadloom.imports.columns import IGNORE, OF_THE_RECORD, READINGS, custom_name
from leadloom.leads.fields import CUSTOM, FIELDS
from leadloom.web.columns import LEADS
from leadloom.web.looks import words

_OWN: Final = {
    "external_id": "Their id in the other system",
    "external_url": "Address of the record",
    "observed_at": "When it was true",
    "location": "Place, in one text",
    "company.location": "Company place, in one text",
    "email_verified": "Whether the e-mail is verified",
    "party": "A person or a company",
    "opt_out": "Opted out",
    "opt_in": "Consented",
    IGNORE: "Left out",
}
_LABELS: Final = {one.name: one.label for one in LEADS}
_FOLLOWS: Final = frozenset({"lead_score", "enrichment_status", "email_confidence", "stage"})


def label(field: str) -> str:
    """Return a field as people call it."""
    if field.startswith(CUSTOM):
        return f"{words(field)} (own field)"
    if field.startswith("company."):
        told = words(field).lower().replace("linkedin url", "LinkedIn")
        return _OWN.get(field) or f"Company {told}"
    return _OWN.get(field) or _LABELS.get(field) or words(field)


def choices(column: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield groups of what a column can become: (heading, [(field, label)])."""
    people = [name for name, one in FIELDS.items() if one.entity == "lead" and name not in _FOLLOWS]
    firms = [name for name, one in FIELDS.items() if one.entity == "company"]
    yield "Person", [(name, label(name)) for name in people]
    yield "Company", [(name, label(name)) for name in firms]
    yield "The record", [(name, label(name)) for name in (*OF_THE_RECORD, *READINGS)]
    own = custom_name(column)
    yield "Else", [(own, label(own)), (IGNORE, label(IGNORE))]
