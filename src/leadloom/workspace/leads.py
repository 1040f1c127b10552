"""The verbs on leads."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.leads import score
from leadloom.leads.completeness import completeness, mean_confidence
from leadloom.leads.fold import fold
from leadloom.leads.lead import Lead, lead_by_key, lead_of, select_leads
from leadloom.leads.query import LEADS, get_lead
from leadloom.resolve.deletion import DELETED, RESTORED, set_deleted
from leadloom.resolve.entity import LEAD
from leadloom.resolve.family import members_of
from leadloom.runs import run as runs
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.database import Tx
from leadloom.storage.tables import group_members, groups, leads
from leadloom.workspace.facts import field_views, history
from leadloom.workspace.mergeable import Mergeable
from leadloom.workspace.views import Edited, EventView, LeadView

if TYPE_CHECKING:
    from leadloom.resolve.arrival import Outcome


class Leads(Mergeable[Lead]):
    """Find, read, add and change leads. `ref` is a lead's id, or an e-mail address only it has."""

    kind = LEADS
    entity = LEAD

    def show(self, ref: str | uuid.UUID) -> LeadView:
        """Return a lead with the fact behind each value, the other facts, and its history."""
        from leadloom.resolve.shelf import load_leads

        with self._session.read() as tx:
            lead = get_lead(tx, str(ref))
            state = load_leads(tx, [lead.key])[lead.key]
            folded = fold(state.testimonies)
            members = members_of(tx, lead.key)
            fields = field_views(tx, folded)
            found = [field.confidence for field in fields if field.kind == ENRICHMENT]
            return LeadView(
                lead,
                fields,
                score.reasons(folded.values),
                completeness(folded.values),
                mean_confidence(found),
                _absorbed(tx, lead.key),
                _groups(tx, members),
                history(tx, "lead", members),
            )

    def add(self, values: Mapping[str, str]) -> Edited:
        """Add a lead by hand; one who is known already is updated."""
        from leadloom.imports import edits

        with self._session.write() as tx:
            return _edited(tx, *edits.add(tx, values))

    def set(self, ref: str | uuid.UUID, values: Mapping[str, str]) -> Edited:
        """Set fields of a lead by hand; an empty value empties the field."""
        from leadloom.imports import edits

        if not values:
            raise UsageError("Nothing to set: name at least one FIELD=VALUE.")
        with self._session.write() as tx:
            return _edited(tx, *edits.change(tx, get_lead(tx, str(ref)), values))

    def tag(
        self, ref: str | uuid.UUID, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> Edited:
        """Put tags on a lead and take others away."""
        from leadloom.imports import edits

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
            return history(tx, "lead", members_of(tx, get_lead(tx, str(ref)).key))


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


def _edited(tx: Tx, outcome: "Outcome", run: uuid.UUID) -> Edited:
    if outcome.lead is None:
        raise NotFoundError(f"The edit reached no lead: {outcome.reason}.")
    if outcome.status == "skipped":
        raise ConflictError(f"Nothing was changed: {outcome.reason}.")
    return Edited(lead_by_key(tx, outcome.lead), outcome.status, outcome.reason, run)


def _set_deleted(tx: Tx, lead: Lead, *, is_deleted: bool) -> None:
    if (lead.deleted_at is not None) == is_deleted:
        raise UsageError(f"Lead {lead.id} is {'deleted' if is_deleted else 'not deleted'} already.")
    run = runs.start(tx, "edit", options={"verb": "delete" if is_deleted else "restore"})
    set_deleted(tx, lead.key, run.id, is_deleted=is_deleted)
    runs.advance(tx, run.id, {DELETED if is_deleted else RESTORED: 1}, 1, total=1)
    runs.finish(tx, run.id, "completed")
