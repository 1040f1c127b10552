"""A company: the fold of what all its records say of it."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.leads.fields import is_custom
from leadloom.leads.fold import REMOVED, SURENESS, custom_fields
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies

PREFIX = "company."
PLAIN = (
    "name",
    "domain",
    "website",
    "phone",
    "linkedin_url",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "industry",
    "employee_count",
    "employee_range",
    "type",
    "revenue",
    "founded_year",
    "description",
)
# What a record says of a company without the prefix.
_SAID_PLAINLY = {"company": "name", "domain": "domain", "industry": "industry"}


def facts_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a record's facts say of its company, under the company's own field names.

    A record without a person speaks of the company with its custom fields too.
    """
    said: dict[str, Any] = {}
    sureness = facts.get(SURENESS) or {}
    sure: dict[str, Any] = {}
    has_person = is_person(facts)
    for name, value in facts.items():
        if name.startswith(PREFIX):
            own = name[len(PREFIX) :]
        elif name in _SAID_PLAINLY:
            own = _SAID_PLAINLY[name]
            if own == "industry" and PREFIX + own in facts:
                continue
        elif not has_person and is_custom(name):
            own = name
        else:
            continue
        said[own] = value
        if told := sureness.get(PREFIX + own) or sureness.get(name):
            sure[own] = told
    if sure:
        said[SURENESS] = sure
    if gone := (facts.get(REMOVED) or {}).get(PREFIX + "tags"):
        said[REMOVED] = {"tags": gone}
    return said


def is_person(facts: Mapping[str, Any]) -> bool:
    """Whether facts speak of a person: a name, an address, a profile, or a phone and no company."""
    if any(facts.get(name) for name in ("full_name", "email", "linkedin_url")):
        return True
    return bool(facts.get("phone")) and not is_company(facts)


def is_company(facts: Mapping[str, Any]) -> bool:
    """Whether facts identify a company."""
    names = ("company", "domain", "company.linkedin_url", "company.phone", "company.website")
    return any(facts.get(name) for name in names)


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the company columns of folded `values`; every column is named."""
    row: dict[str, Any] = {name: values.get(name) for name in PLAIN}
    row["tags"] = values.get("tags") or None
    row["custom"] = custom_fields(values) or None
    return row


@dataclass(frozen=True, slots=True)
class Company:
    """A company as the outside sees it."""

    key: int
    id: uuid.UUID
    name: str | None
    domain: str | None
    website: str | None
    phone: str | None
    linkedin_url: str | None
    street: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None
    industry: str | None
    employee_count: int | None
    employee_range: str | None
    type: str | None
    revenue: str | None
    founded_year: int | None
    description: str | None
    tags: list[str]
    custom: dict[str, Any]
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """Return the company as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape


def select_companies(tx: Tx) -> sa.Select[Any]:
    """Return a query for whole companies of this workspace, to be narrowed and run."""
    return sa.select(companies).where(companies.c.workspace_id == tx.workspace_id)


def company_of(row: Any) -> Company:
    """Make a Company of one row of `select_companies`."""
    data = row._mapping
    return Company(
        key=data["id"],
        id=data["uuid"],
        tags=data["tags"] or [],
        custom=data["custom"] or {},
        **{name: data[name] for name in (*PLAIN, "created_at", "updated_at", "deleted_at")},
    )
