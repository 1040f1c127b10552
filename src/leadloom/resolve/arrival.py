"""What arrives, on its way to becoming a record, and what became of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from leadloom.resolve.desk import CompanyState, LeadState
from leadloom.storage.packing import unpack
from leadloom.storage.types import load_json


class Arrival(NamedTuple):
    """One thing as received, read into facts, with all that can be worked out beforehand.

    `pinned` is the lead a person or a provider speaks of; None lets resolution find it, and so with
    the company and `pinned_company`. `verdict`
    is an outcome known already ("skipped", "failed") with its `reason`. `columns` are the lead's
    columns (less empty ones) if this were its only record. `problems` are (column, field, reason,
    value). `original` and `facts` are JSON, as text or packed already. `toll` are columns of the
    record: what it took to get it.
    """

    position: int
    source: int
    external_id: str | None
    external_url: str | None
    observed_at: dt.datetime | None
    original: str | bytes | None
    facts: str | bytes | None
    digest: int | None
    lead_keys: Sequence[int] = ()
    company_facts: Mapping[str, Any] = {}
    company_keys: Sequence[int] = ()
    columns: dict[str, Any] | None = None
    policy: int = 0
    file_index: int | None = None
    row_number: int | None = None
    pinned: int | None = None
    verdict: str | None = None
    reason: str | None = None
    problems: Sequence[Sequence[str]] | None = None
    confidence: float | None = None
    completeness: float | None = None
    pinned_company: int | None = None
    toll: Mapping[str, Any] | None = None

    def said(self) -> dict[str, Any]:
        """Return the facts; none when the record says nothing."""
        facts: dict[str, Any] = load_json(unpack(self.facts)) if self.facts else {}
        return facts


@dataclass(slots=True)
class Placed:
    """An arrival under way: its record's key, and where it went."""

    arrival: Arrival
    record_id: int
    status: str = ""
    reason: str | None = None
    lead: LeadState | None = None
    company: CompanyState | None = None
    repeats: "Known | None" = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A record that said the very same before; `placed` when it is of this batch."""

    record_id: int
    where: str
    lead: int | None
    company: int | None
    placed: Placed | None = None


class Outcome(NamedTuple):
    """What became of one arrival; `lead` and `company` are inner keys."""

    status: str
    reason: str | None
    lead: int | None
    company: int | None
