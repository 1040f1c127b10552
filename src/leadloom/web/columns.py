"""The columns a grid can have: what they show, how wide, and how they are typed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from leadloom.leads.fields import FIELDS, is_custom
from leadloom.web.looks import words

Kind = Literal["text", "long", "choice", "tags", "flag", "none"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `look` names the branch of `_rows.html` that draws it ("text": as it is).

    `edit`: how it is typed in; `choices`: what can be chosen. `width` in pixels.
    """

    name: str
    label: str
    width: int = 150
    look: str = "text"
    edit: Kind = "text"
    choices: tuple[str, ...] = ()
    is_sortable: bool = True


def _choice(name: str, width: int = 120) -> Column:
    return Column(name, words(name), width, "badge", "choice", FIELDS[name].choices)


def _fixed(name: str, label: str, width: int = 130, look: str = "text") -> Column:
    return Column(name, label, width, look, "none")


def _plain(name: str, width: int = 130, look: str = "text") -> Column:
    return Column(name, words(name), width, look)


LEADS: Final = (
    Column("full_name", "Name", 220, "person"),
    _plain("title", 180),
    Column("company", "Company", 180, "firm"),
    Column("email", "Email", 260, "email"),
    _choice("lead_status"),
    Column("lead_score", "Score", 110, "score"),
    _plain("phone", 150),
    _plain("city", 120),
    _plain("country", 90),
    _plain("seniority", 110),
    _plain("department", 130),
    _plain("industry", 150),
    Column("tags", "Tags", 180, "tags", "tags", is_sortable=False),
    _choice("status", 110),
    _choice("stage", 110),
    _choice("email_status", 120),
    _choice("enrichment_status", 130),
    Column("do_not_contact", "Do not contact", 120, "flag", "flag"),
    _fixed("source", "Source", 160),
    Column("linkedin_url", "LinkedIn", 200, "url"),
    Column("website", "Website", 180, "url"),
    _plain("domain", 150),
    _plain("street"),
    _plain("postal_code", 100),
    _plain("state", 120),
    _plain("first_name"),
    _plain("last_name"),
    Column("notes", "Notes", 240, "text", "long"),
    _fixed("created_at", "Added", 130, "time"),
    _fixed("updated_at", "Changed", 130, "time"),
)
COMPANIES: Final = (
    Column("name", "Name", 240, "company", "none"),
    Column("domain", "Domain", 180, "text", "none"),
    _plain("industry", 170),
    Column("employee_count", "Employees", 110, "number"),
    _plain("city", 140),
    _plain("country", 90),
    Column("website", "Website", 200, "url"),
    _plain("phone", 150),
    Column("tags", "Tags", 180, "tags", "tags", is_sortable=False),
    _plain("employee_range", 130),
    _plain("type", 120),
    _plain("revenue", 120),
    Column("founded_year", "Founded", 100),
    Column("linkedin_url", "LinkedIn", 200, "url"),
    _plain("street"),
    _plain("postal_code", 100),
    _plain("state", 120),
    Column("description", "Description", 260, "text", "long"),
    _fixed("created_at", "Added", 130, "time"),
    _fixed("updated_at", "Changed", 130, "time"),
)
SHOWN_LEADS: Final = ("full_name", "title", "company", "email", "lead_status", "lead_score")
SHOWN_COMPANIES: Final = ("name", "domain", "industry", "employee_count", "city", "country")


def chosen(known: Sequence[Column], names: Sequence[str]) -> list[Column]:
    """Return the columns of these names; custom fields have one too, unknown names none."""
    by_name = {one.name: one for one in known}
    found = (by_name.get(name) or _own(name) for name in dict.fromkeys(names))
    return [one for one in found if one is not None]


def _own(name: str) -> Column | None:
    return Column(name, words(name), 150) if is_custom(name) and len(name) > 7 else None
