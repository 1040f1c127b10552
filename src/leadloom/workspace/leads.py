"""The verbs on leads."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.events.event import list_events, record
from leadloom.imports import edits
from leadloom.leads import score
from leadloom.leads.company import Company
from leadloom.leads.fold import Claim, fold
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.query import Page, get_company, get_lead, list_companies, list_leads
from leadloom.resolve import merge
from leadloom.resolve.arrival import Outcome
from leadloom.resolve.judgement import Duplicate, list_duplicates, write_judgement
from leadloom.resolve.shelf import load_leads
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.tables import group_members, groups, leads, records, sources
from leadloom.storage.tables import runs as runs_of
from leadloom.workspace.session import Session
from leadloom.workspace.views import CompanyView, Edited, EventView, FieldView, LeadView, OtherFact

VERDICTS = ("same", "different", "unsure")


class Leads:
    """Find, read, add and change leads. `ref` is a lead's id, or an e-mail address only it has."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(
        self,
        text: str = "",
        *,
        where: Sequence[str] = (),
        sort: str | None = None,
        limit: int = 50,
        after: str | None = None,
        deleted: bool = False,
        **equals: Any,
    ) -> Page[Lead]:
        """Return a page of leads; see leads.query for conditions. `status="raw"` works too."""
        conditions = [*where, *(f"{name}={value}" for name, value in equals.items())]
        with self._session.read() as tx:
            return list_leads(
                tx,
                text,
                where=conditions,
                sort=sort,
                limit=limit,
                after=after,
                is_deleted=deleted,
            )

    def get(self, ref: str | uuid.UUID) -> Lead:
        """Return one lead. Raises NotFoundError."""
        with self._session.read() as tx:
            return get_lead(tx, str(ref))

    def show(self, ref: str | uuid.UUID) -> LeadView:
        """Return a lead with the fact behind each value, the other facts, and its history."""
        with self._session.read() as tx:
            lead = get_lead(tx, str(ref))
            state = load_leads(tx, [lead.key])[lead.key]
            folded = fold(state.testimonies)
            origins = _origins(tx, [t.record_id for t in state.testimonies])
            views = [
                _field_view(name, folded.values[name], folded.claims[name], origins)
                for name in sorted(folded.values)
            ]
            members = merge.members_of(tx, lead.key)
            return LeadView(
                lead,
                views,
                score.reasons(folded.values),
                _absorbed(tx, lead.key),
                _groups(tx, members),
                _history(tx, members),
            )

    def add(self, values: Mapping[str, str]) -> Edited:
        """Add a lead by hand; one who is known already is updated."""
        with self._session.write() as tx:
            return _edited(tx, *edits.add(tx, values))

    def set(self, ref: str | uuid.UUID, values: Mapping[str, str]) -> Edited:
        """Set fields of a lead by hand; an empty value empties the field."""
        if not values:
            raise UsageError("Nothing to set: name at least one FIELD=VALUE.")
        with self._session.write() as tx:
            return _edited(tx, *edits.change(tx, get_lead(tx, str(ref)), values))

    def tag(
        self, ref: str | uuid.UUID, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Edited:
        """Put tags on a lead and take others away."""
        with self._session.write() as tx:
            lead = get_lead(tx, str(ref))
            return _edited(tx, *edits.tag(tx, lead, list(add), list(remove)))

    def delete(self, ref: str | uuid.UUID) -> Lead:
        """Delete a lead; it can be restored."""
        with self._session.write() as tx:
            lead = get_lead(tx, str(ref))
            _set_deleted(tx, lead, is_deleted=True)
            return get_lead(tx, str(lead.id))

    def restore(self, ref: str | uuid.UUID) -> Lead:
        """Take a deletion back."""
        with self._session.write() as tx:
            lead = get_lead(tx, str(ref))
            _set_deleted(tx, lead, is_deleted=False)
            return get_lead(tx, str(lead.id))

    def history(self, ref: str | uuid.UUID) -> list[EventView]:
        """Return what happened to a lead, newest first."""
        with self._session.read() as tx:
            return _history(tx, merge.members_of(tx, get_lead(tx, str(ref)).key))

    def merge(self, a: str | uuid.UUID, b: str | uuid.UUID) -> Lead:
        """Let lead `a` speak for `b` too; `unmerge` takes it back exactly."""
        with self._session.write() as tx:
            kept, absorbed = get_lead(tx, str(a)), get_lead(tx, str(b))
            run = runs.start(tx, "edit", options={"verb": "merge"})
            merge.merge(tx, kept.key, absorbed.key, run.id)
            runs.finish(tx, run.id, "completed")
            return get_lead(tx, str(kept.id))

    def unmerge(self, ref: str | uuid.UUID) -> Lead:
        """Give back a lead that was merged; return it. `ref` may also name the one it is in."""
        with self._session.write() as tx:
            lead = get_lead(tx, str(ref), with_merged=True)
            run = runs.start(tx, "edit", options={"verb": "unmerge"})
            returned = merge.unmerge(tx, lead.key, run.id)
            runs.finish(tx, run.id, "completed")
            return lead_of(tx.conn.execute(select_leads(tx).where(leads.c.id == returned)).one())

    def duplicates(self, limit: int = 100) -> list[Duplicate]:
        """Return pairs that may be one person, best first."""
        with self._session.read() as tx:
            return list_duplicates(tx, limit=limit)

    def judge(self, a: str | uuid.UUID, b: str | uuid.UUID, verdict: str) -> None:
        """Say whether two leads are the same person; "same" merges them."""
        if verdict not in VERDICTS:
            raise UsageError(f"A verdict is one of {', '.join(VERDICTS)}, not {verdict!r}.")
        if verdict == "same":
            self.merge(a, b)
            return
        with self._session.write() as tx:
            one, other = get_lead(tx, str(a)), get_lead(tx, str(b))
            if one.key == other.key:
                raise UsageError("These two are one lead already: unmerge it first.")
            run = runs.start(tx, "edit", options={"verb": "judge"})
            write_judgement(tx, one.key, other.key, verdict, is_person=True, run_id=run.id)
            runs.finish(tx, run.id, "completed")


class Companies:
    """Find and read companies. `ref` is a company's id or its domain."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, text: str = "", *, deleted: bool = False, **options: Any) -> Page[Company]:
        """Return a page of companies; options as for leads."""
        known = {name: options.pop(name) for name in ("sort", "limit", "after") if name in options}
        where = [*options.pop("where", ()), *(f"{name}={v}" for name, v in options.items())]
        with self._session.read() as tx:
            return list_companies(tx, text, where=where, is_deleted=deleted, **known)

    def get(self, ref: str | uuid.UUID) -> Company:
        """Return one company. Raises NotFoundError."""
        with self._session.read() as tx:
            return get_company(tx, str(ref))

    def show(self, ref: str | uuid.UUID) -> CompanyView:
        """Return a company with its people."""
        with self._session.read() as tx:
            company = get_company(tx, str(ref))
            query = select_leads(tx).where(
                leads.c.company_id == company.key,
                leads.c.root_id.is_(None),
                leads.c.deleted_at.is_(None),
            )
            people = [lead_of(row) for row in tx.conn.execute(query.limit(1_000))]
            return CompanyView(company, people)


def _origins(tx: Tx, record_ids: Sequence[int]) -> dict[int, Any]:
    query = (
        sa.select(records.c.id, records.c.row_number, sources.c.name, runs_of.c.uuid)
        .join(sources, sources.c.id == records.c.source_id)
        .join(runs_of, runs_of.c.id == records.c.run_id)
        .where(records.c.id.in_(record_ids))
    )
    return {row.id: row for row in tx.conn.execute(query)}


def _field_view(
    name: str, value: Any, claims: list[Claim], origins: Mapping[int, Any]
) -> FieldView:
    winner, *losers = claims
    others = [OtherFact(value=loser.value, **_origin(loser, origins)) for loser in losers]
    return FieldView(field=name, value=value, **_origin(winner, origins), others=others)


def _origin(claim: Claim, origins: Mapping[int, Any]) -> dict[str, Any]:
    origin, testimony = origins[claim.testimony.record_id], claim.testimony
    sureness = (testimony.facts.get("~") or {}).get(claim.field) or {}
    return {
        "source": origin.name,
        "run": origin.uuid,
        "row": origin.row_number,
        "observed_at": testimony.observed_at,
        "confidence": sureness.get("c", 1.0),
    }


def _absorbed(tx: Tx, root: int) -> list[Lead]:
    query = select_leads(tx).where(leads.c.root_id == root).order_by(leads.c.id)
    return [lead_of(row) for row in tx.conn.execute(query)]


def _groups(tx: Tx, members: Sequence[int]) -> list[str]:
    query = (
        sa.select(groups.c.name)
        .join(group_members, group_members.c.group_id == groups.c.id)
        .where(group_members.c.lead_id.in_(members))
        .distinct()
        .order_by(groups.c.name)
    )
    return list(tx.conn.scalars(query))


def _history(tx: Tx, members: Sequence[int]) -> list[EventView]:
    happened = list_events(tx, "lead", members)
    run_ids = {event.run_id for event in happened if event.run_id}
    query = sa.select(runs_of.c.id, runs_of.c.uuid).where(runs_of.c.id.in_(run_ids))
    uuids = {row.id: row.uuid for row in tx.conn.execute(query)}
    return [
        EventView(e.occurred_at, e.type, e.actor, uuids.get(e.run_id or 0), e.data)
        for e in happened
    ]


def _edited(tx: Tx, outcome: Outcome, run: runs.Run) -> Edited:
    if outcome.lead is None:
        raise NotFoundError(f"The edit reached no lead: {outcome.reason}.")
    row = tx.conn.execute(select_leads(tx).where(leads.c.id == outcome.lead)).one()
    return Edited(lead_of(row), outcome.status, outcome.reason, run.uuid)


def _set_deleted(tx: Tx, lead: Lead, *, is_deleted: bool) -> None:
    if (lead.deleted_at is not None) == is_deleted:
        raise UsageError(f"Lead {lead.id} is {'deleted' if is_deleted else 'not deleted'} already.")
    tx.conn.execute(
        leads.update()
        .where(leads.c.id == lead.key)
        .values(
            deleted_at=tx.now if is_deleted else None,
            deleted_by=tx.user_id if is_deleted else None,
            **tx.touch(),
        )
    )
    record(tx, "lead.deleted" if is_deleted else "lead.restored", lead.key)
