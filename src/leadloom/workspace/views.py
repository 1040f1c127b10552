"""What the verbs give back: plain values that turn into JSON by `as_json`."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from leadloom.leads.company import Company
from leadloom.leads.lead import Lead
from leadloom.runs.run import Run


def jsonable(value: Any) -> Any:
    """Return `value` with dataclasses as objects, and times, ids and amounts as JSON has them."""
    if hasattr(value, "as_json"):
        return jsonable(value.as_json())
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): jsonable(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(one) for one in value]
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, uuid.UUID | Path):
        return str(value)
    return float(value) if isinstance(value, Decimal) else value


class View:
    """Gives a dataclass its JSON."""

    __slots__ = ()

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return {name: jsonable(value) for name, value in _shallow(self).items()}


def _shallow(view: Any) -> dict[str, Any]:
    return {field.name: getattr(view, field.name) for field in fields(view)}


@dataclass(frozen=True, slots=True)
class OtherFact(View):
    """A fact that did not win, and where it came from."""

    value: Any
    source: str
    run: uuid.UUID
    row: int | None
    observed_at: dt.datetime
    confidence: float


@dataclass(frozen=True, slots=True)
class FieldView(View):
    """A field: its value, the fact that won it, and the facts that did not.

    `kind` is what the source is: a file, a person, enrichment.
    """

    field: str
    value: Any
    source: str
    kind: str
    run: uuid.UUID
    row: int | None
    observed_at: dt.datetime
    confidence: float
    others: list[OtherFact]


@dataclass(frozen=True, slots=True)
class EventView(View):
    """Something that happened."""

    at: dt.datetime
    type: str
    actor: str | None
    run: uuid.UUID | None
    data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class LeadView(View):
    """All that is known of a lead, and where it comes from.

    `completeness` is the share (0-1) of what one wants to know that is known, and
    `enrichment_confidence` how sure (0-1) the values are, on average, that enrichment found.
    """

    lead: Lead
    fields: list[FieldView]
    score_reasons: list[tuple[int, str]]
    completeness: float
    enrichment_confidence: float | None
    absorbed: list[Lead]
    groups: list[str]
    history: list[EventView]


@dataclass(frozen=True, slots=True)
class CompanyView(View):
    """All that is known of a company, where it comes from, and its people."""

    company: Company
    leads: list[Lead]
    fields: list[FieldView]
    history: list[EventView]
    absorbed: list[Company]


@dataclass(frozen=True, slots=True)
class Edited(View):
    """What an edit came to."""

    lead: Lead
    status: str
    reason: str | None
    run: uuid.UUID


@dataclass(frozen=True, slots=True)
class EditedCompany(View):
    """What an edit of a company came to."""

    company: Company
    status: str
    reason: str | None
    run: uuid.UUID


@dataclass(frozen=True, slots=True)
class RunView(View):
    """A run as people see it."""

    id: uuid.UUID
    kind: str
    status: str
    total: int | None
    processed: int
    progress: float | None
    counts: dict[str, int]
    input: str | None
    output: str | None
    estimated_cost_usd: Decimal | None
    actual_cost_usd: Decimal
    error: str | None
    options: dict[str, Any]
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    undone_at: dt.datetime | None


def run_view(run: Run, now: dt.datetime) -> RunView:
    """Return a run as people see it at a time."""
    status = "interrupted" if run.is_interrupted(now) else run.status
    status = "undone" if run.undone_at else status
    names = {field.name for field in fields(RunView)}
    kept = {name: getattr(run, name) for name in names - {"id", "status", "options"}}
    options = {name: value for name, value in run.options.items() if name != "keys"}
    return RunView(id=run.uuid, status=status, options=options, **kept)


@dataclass(frozen=True, slots=True)
class RecordView(View):
    """One row of a run and what became of it."""

    position: int
    file: str | None
    row: int | None
    external_id: str | None
    status: str
    reason: str | None
    lead_id: uuid.UUID | None
    company_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class UndoReport(View):
    """What undoing a run took back, or would."""

    run: uuid.UUID
    records: int
    leads_removed: int
    leads_changed: int
    companies_removed: int
    drafts_removed: int
    companies_changed: int = 0


@dataclass(frozen=True, slots=True)
class PreviewRow(View):
    """What a dry run would do with one row."""

    row: int
    status: str
    reason: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Difference(View):
    """Where what is stored is not what folding the facts afresh gives."""

    kind: str
    id: uuid.UUID
    field: str
    stored: Any
    folded: Any


@dataclass(frozen=True, slots=True)
class Repaired(View):
    """What was made anew from the facts, in which run; `counts`: how many of what."""

    run: uuid.UUID
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class VerifyReport(View):
    """The outcome of folding everything afresh; `repaired`: what was mended of it, if asked for."""

    leads: int
    companies: int
    differences: list[Difference]
    repaired: Repaired | None = None

    @property
    def remain(self) -> bool:
        """Whether anything still differs: of whom no fact is left is not mended."""
        if self.repaired is None:
            return bool(self.differences)
        return any(name.endswith("_without_facts") for name in self.repaired.counts)
