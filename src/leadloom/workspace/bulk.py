"""The verbs on many at once: those that were chosen, in one run that goes on where it stopped."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import ConflictError, UsageError
from leadloom.exports import Written, write
from leadloom.leads import window
from leadloom.leads.conditions import write_condition
from leadloom.leads.query import COMPANIES, LEADS, Kind, get_company, get_lead
from leadloom.leads.window import Wanted
from leadloom.outreach import groups
from leadloom.runs import run as runs
from leadloom.runs.run import Progress
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.tables import companies, leads
from leadloom.workspace import bulk_run
from leadloom.workspace.bulk_run import Row
from leadloom.workspace.session import Session
from leadloom.workspace.views import RunView, View, run_view

_EXAMPLES: Final = 5
_READ: Final = 1_000
_KINDS: Final[Mapping[str, Kind[Any]]] = {"leads": LEADS, "companies": COMPANIES}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which leads or companies are meant: those with `ids`; without any all that a list shows.

    `text`, `where`, `deleted` are the list's; `besides` names those that were left out. `of`:
    "leads" or "companies".
    """

    ids: Sequence[str] | None = None
    text: str = ""
    where: Sequence[str] = ()
    deleted: bool = False
    besides: Sequence[str] = ()
    of: str = "leads"

    @property
    def kind(self) -> Kind[Any]:
        """What they are. Raises UsageError."""
        if self.of not in _KINDS:
            raise UsageError(f"Choose leads or companies, not {self.of!r}.")
        return _KINDS[self.of]


@dataclass(frozen=True, slots=True)
class BulkPlan(View):
    """What would be done: to how many, how many of them it changes, and a few of these."""

    rows: int
    changing: int
    examples: list[Row]


class Bulk:
    """Tag, group, delete and export what was chosen."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keys(self, chosen: Chosen) -> list[int]:
        """Return the inner keys of those meant. Raises NotFoundError for a wrong id."""
        kind = chosen.kind
        with self._session.read() as tx:
            if chosen.ids is not None:
                return _keys_of(tx, kind, chosen.ids)
            wanted = Wanted(tuple(chosen.where), None, chosen.deleted)
            if chosen.text.strip():
                found = self._session.search.keys(tx, kind, chosen.text, wanted)
            else:
                found = window.keys(tx, kind, wanted)
            left_out = set(_keys_of(tx, kind, chosen.besides))
        return [key for key in found if key not in left_out]

    def people(self, chosen: Chosen) -> list[int]:
        """Return the inner keys of the leads meant; of companies these are their people."""
        keys = self.keys(chosen)
        if chosen.kind is LEADS:
            return keys
        with self._session.read() as tx:
            woven = sa.select(companies.c.id).where(among(tx.conn, companies.c.root_id, keys))
            works_there = among(tx.conn, leads.c.company_id, keys)
            query = sa.select(leads.c.id).where(
                *Wanted().conditions(tx, leads), works_there | leads.c.company_id.in_(woven)
            )
            return list(tx.conn.scalars(query.order_by(leads.c.id)))

    def plan_tags(
        self, chosen: Chosen, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> BulkPlan:
        """Say what tagging would change."""
        as_it_is = [
            *(write_condition("tags", "=", [one]) for one in add),
            *(write_condition("tags", "!=", [one]) for one in remove),
        ]
        return self._plan(chosen, lambda row: _gets_other_tags(row, add, remove), as_it_is)

    def plan_deletion(self, chosen: Chosen) -> BulkPlan:
        """Say what would be deleted."""
        _check_deletion(chosen)
        never = ["id="]  # nobody lacks one
        return self._plan(chosen, lambda row: row.deleted_at is None, never)

    def tag(
        self,
        chosen: Chosen,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        on_progress: Progress = lambda done, counts: None,
    ) -> RunView:
        """Put tags on and take others away. Raises UsageError when none are named."""
        if not (add or remove):
            raise UsageError("Name a tag to put on or to take away.")
        options = {"verb": "tag", "add": list(add), "remove": list(remove)}
        return self._begin(chosen, options, on_progress)

    def delete(self, chosen: Chosen, on_progress: Progress = lambda done, counts: None) -> RunView:
        """Delete leads; undoing the run brings them back."""
        _check_deletion(chosen)
        return self._begin(chosen, {"verb": "delete"}, on_progress)

    def resume(self, run: runs.Run, on_progress: Progress = lambda done, counts: None) -> RunView:
        """Go on with a run that stopped, with those that were chosen then."""
        with self._session.write() as tx:
            taken = bulk_run.take_over(tx, run)
        return self._view(bulk_run.work_off(self._session.write, taken, on_progress))

    def stopped(self) -> list[RunView]:
        """Return the runs that only the end of their process stopped: they are to go on."""
        with self._session.read() as tx:
            return [self._view(run) for run in bulk_run.stopped(tx)]

    def group(self, chosen: Chosen, name: str) -> int:
        """Put people into a group, made when there is none; return how many were not in it."""
        keys = self.people(chosen)
        with self._session.write() as tx:
            known = {one.name.casefold() for one in groups.list_groups(tx)}
            if name.strip().casefold() not in known:
                groups.create_group(tx, name)
            return groups.add_members(tx, groups.get_group(tx, name), keys)

    def export(
        self, path: str | Path, chosen: Chosen, columns: Sequence[str] | None = None
    ) -> Written:
        """Write those chosen to a file; see `Workspace.export`."""
        rows = self._each(chosen.kind, self.keys(chosen))
        return write(path, (row.as_json() for row in rows), columns)

    def _plan(
        self, chosen: Chosen, is_changing: Callable[[Row], bool], as_it_is: Sequence[str]
    ) -> BulkPlan:
        """Say what would be done; rows that meet the conditions `as_it_is` stay as they are."""
        keys = self.keys(chosen)
        changed = (row for row in self._each(chosen.kind, keys) if is_changing(row))
        if chosen.ids is not None or chosen.deleted:
            rows = list(changed)
            return BulkPlan(len(keys), len(rows), rows[:_EXAMPLES])
        if chosen.text.strip() or chosen.besides:
            stay = Wanted(as_it_is, ids=keys)
        else:
            stay = Wanted([*chosen.where, *as_it_is])
        with self._session.read() as tx:
            changing = len(keys) - window.count(tx, chosen.kind, stay)
        return BulkPlan(len(keys), changing, list(islice(changed, min(changing, _EXAMPLES))))

    def _each(self, kind: Kind[Row], keys: Sequence[int]) -> Iterator[Row]:
        with self._session.read() as tx:
            for some in chunks(keys, _READ):
                yield from window.rows(tx, kind, some)

    def _begin(self, chosen: Chosen, options: dict[str, Any], on_progress: Progress) -> RunView:
        keys = self.keys(chosen)
        if not keys:
            raise ConflictError("Nobody is chosen: choose some first.")
        with self._session.write() as tx:
            run = bulk_run.begin(tx, chosen.kind, keys, options)
        return self._view(bulk_run.work_off(self._session.write, run, on_progress))

    def _view(self, run: runs.Run) -> RunView:
        return run_view(run, self._session.now())


def _keys_of(tx: Tx, kind: Kind[Any], ids: Sequence[str]) -> list[int]:
    """Return the inner keys of ids, or whatever else names one. Raises NotFoundError."""
    table, found = kind.table, dict[str, int]()
    for some in chunks([one for one in map(_uuid, ids) if one], _READ):
        query = sa.select(table.c.uuid, sa.func.coalesce(table.c.root_id, table.c.id)).where(
            table.c.workspace_id == tx.workspace_id, table.c.uuid.in_(some)
        )
        found |= {str(row[0]): row[1] for row in tx.conn.execute(query)}
    get = get_lead if kind is LEADS else get_company
    return list(dict.fromkeys(found.get(id) or get(tx, id).key for id in ids))


def _uuid(id: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(id)
    except ValueError:
        return None


def _check_deletion(chosen: Chosen) -> None:
    if chosen.kind is not LEADS:
        raise UsageError("Companies cannot be deleted: they are what leads say of them.")


def _gets_other_tags(row: Row, add: Sequence[str], remove: Sequence[str]) -> bool:
    has = {tag.casefold() for tag in row.tags}
    return any(tag.casefold() not in has for tag in add) or any(
        tag.casefold() in has for tag in remove
    )
