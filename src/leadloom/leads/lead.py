"""A lead: one person, as the fold of the facts that resolution gave it."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.leads.fold import custom_fields
from leadloom.leads.score import score
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies, leads, sources

# Folded fields that are columns of the same name.
PLAIN = (
    "full_name",
    "first_name",
    "middle_name",
    "last_name",
    "name_prefix",
    "name_suffix",
    "nickname",
    "title",
    "department",
    "seniority",
    "linkedin_url",
    "website",
    "company",
    "domain",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "industry",
)
DEFAULTS = {
    "status": "raw",
    "stage": "new",
    "enrichment_status": "pending",
    "lead_status": "new",
    "do_not_contact": False,
}


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lead columns of folded `values`; every column is named."""
    emails, phones = values.get("email") or [], values.get("phone") or []
    row: dict[str, Any] = {name: values.get(name) for name in PLAIN}
    row["email"] = emails[0] if emails else None
    row["emails"] = emails if len(emails) > 1 else None
    row["email_status"] = values.get("email_status", "unverified") if emails else None
    row["email_confidence"] = values.get("email_confidence", "real") if emails else None
    row["phone"] = phones[0] if phones else None
    row["phones"] = phones if len(phones) > 1 else None
    row["social_urls"] = values.get("social_url") or None
    row["tags"] = values.get("tags") or None
    row["notes"] = _joined(values.get("notes") or ()) or None
    for name, default in DEFAULTS.items():
        row[name] = values.get(name, default)
    given = values.get("lead_score")
    row["lead_score"] = score(values) if given is None else max(0, min(100, int(given)))
    row["custom"] = custom_fields(values) or None
    return row


def _joined(notes: Iterable[str]) -> str:
    """All notes, parted by blank lines; a paragraph that stands there is not said again."""
    told = dict.fromkeys(part for note in notes for part in note.split("\n\n") if part)
    return "\n\n".join(told)


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead as the outside sees it: the stable JSON shape, and what the inside needs to go on."""

    key: int
    id: uuid.UUID
    full_name: str | None
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    name_prefix: str | None
    name_suffix: str | None
    nickname: str | None
    title: str | None
    department: str | None
    seniority: str | None
    email: str | None
    emails: list[str]
    email_status: str | None
    email_confidence: str | None
    phone: str | None
    phones: list[str]
    company: str | None
    company_id: uuid.UUID | None
    domain: str | None
    linkedin_url: str | None
    social_urls: list[str]
    website: str | None
    street: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None
    industry: str | None
    tags: list[str]
    status: str
    stage: str
    enrichment_status: str
    lead_status: str
    lead_score: int
    do_not_contact: bool
    source: str | None
    notes: str | None
    custom: dict[str, Any]
    merged_into: uuid.UUID | None
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None = field(default=None)

    def as_json(self) -> dict[str, Any]:
        """Return the lead as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape


_firm = companies.alias("firm")
_firm_root = companies.alias("firm_root")
_root = leads.alias("root")


_WHOLE = (
    sa.select(
        leads,
        sources.c.name.label("source"),
        _firm_root.c.uuid.label("company_uuid"),
        _root.c.uuid.label("merged_into_uuid"),
    )
    .outerjoin(sources, sources.c.id == leads.c.source_id)
    .outerjoin(_firm, _firm.c.id == leads.c.company_id)
    .outerjoin(_firm_root, _firm_root.c.id == sa.func.coalesce(_firm.c.root_id, _firm.c.id))
    .outerjoin(_root, _root.c.id == leads.c.merged_into)
)


def select_leads(tx: Tx) -> sa.Select[Any]:
    """Return a query for whole leads of this workspace, to be narrowed and run."""
    return _WHOLE.where(leads.c.workspace_id == tx.workspace_id)


_BY_KEY = _WHOLE.where(
    leads.c.workspace_id == sa.bindparam("workspace"), leads.c.id == sa.bindparam("key")
)


def lead_by_key(tx: Tx, key: int) -> Lead:
    """Return the lead of an inner key."""
    return lead_of(tx.conn.execute(_BY_KEY, {"workspace": tx.workspace_id, "key": key}).one())


_SAME_NAME = [
    name
    for name in Lead.__dataclass_fields__
    if name not in ("key", "id", "emails", "phones", "company_id", "merged_into", "source")
    and name not in ("social_urls", "tags", "custom")
]


def lead_of(row: Any) -> Lead:
    """Make a Lead of one row of `select_leads`."""
    data = row._mapping
    return Lead(
        key=data["id"],
        id=data["uuid"],
        company_id=data["company_uuid"],
        merged_into=data["merged_into_uuid"],
        source=data["source"],
        emails=data["emails"] or ([data["email"]] if data["email"] else []),
        phones=data["phones"] or ([data["phone"]] if data["phone"] else []),
        social_urls=data["social_urls"] or [],
        tags=data["tags"] or [],
        custom=data["custom"] or {},
        **{name: data[name] for name in _SAME_NAME},
    )
