"""The fields of a lead or company as its page shows them: in groups, with the fact behind each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from leadloom.leads.fields import FIELDS, is_custom
from leadloom.web.columns import COMPANIES, LEADS, Column, Kind
from leadloom.web.edits import typed
from leadloom.web.looks import words
from leadloom.workspace.views import FieldView

LEAD_GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Person": ("full_name", "title", "department", "seniority", "nickname", "tags", "notes"),
    "Contact": ("email", "email_status", "phone", "linkedin_url", "website", "social_url"),
    "Company": ("company", "domain", "industry"),
    "Place": ("street", "postal_code", "city", "state", "country"),
    "Where it stands": (
        "lead_status",
        "status",
        "stage",
        "enrichment_status",
        "lead_score",
        "do_not_contact",
    ),
}
COMPANY_GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Company": ("name", "domain", "industry", "type", "description", "tags"),
    "Size": ("employee_count", "employee_range", "revenue", "founded_year"),
    "Contact": ("website", "phone", "linkedin_url"),
    "Place": ("street", "postal_code", "city", "state", "country"),
}
# By which name a person sets the whole of what may be several.
_WHOLE: Final = {"email": "emails", "phone": "phones", "social_url": "social_urls"}
# What follows from other fields, and is not typed in.
_FOLLOWS: Final = frozenset({"first_name", "last_name", "middle_name", "email_confidence"})


@dataclass(frozen=True, slots=True)
class Line:
    """A field on the page; `fact` is None where nothing is known. `typed`: its value to edit."""

    name: str
    label: str
    set_as: str
    edit: Kind
    choices: tuple[str, ...]
    value: Any
    typed: str
    fact: FieldView | None


def lead_groups(fields: Sequence[FieldView], row: Mapping[str, Any]) -> dict[str, list[Line]]:
    """Return a lead's fields in their groups; `row` has what a field is when no fact says so."""
    return _groups(LEAD_GROUPS, fields, row, LEADS)


def company_groups(fields: Sequence[FieldView], row: Mapping[str, Any]) -> dict[str, list[Line]]:
    """Return a company's fields in their groups."""
    return _groups(COMPANY_GROUPS, fields, row, COMPANIES)


def _groups(
    groups: Mapping[str, Sequence[str]],
    fields: Sequence[FieldView],
    row: Mapping[str, Any],
    columns: Sequence[Column],
) -> dict[str, list[Line]]:
    facts = {one.field: one for one in fields}
    known = {one.name: one for one in columns}
    named = {name for names in groups.values() for name in names}
    found = {
        group: [_line(name, facts.get(name), row, known) for name in names]
        for group, names in groups.items()
    }
    others = [name for name in facts if name not in named and name not in _FOLLOWS]
    if others:
        found["More"] = [_line(name, facts[name], row, known) for name in sorted(others)]
    return found


def _line(
    name: str, fact: FieldView | None, row: Mapping[str, Any], known: Mapping[str, Column]
) -> Line:
    column = known.get(name)
    value = fact.value if fact else row.get(name)
    edit: Kind = column.edit if column else "text"
    if name not in FIELDS and not is_custom(name) and column is None:
        edit = "none"
    label = column.label if column else words(name)
    choices = column.choices if column else ()
    text = typed(value, "\n\n" if name == "notes" else "; ")
    return Line(name, label, _WHOLE.get(name, name), edit, choices, value, text, fact)
