"""The verbs on many leads at once: each is one run, done in batches, and taken back as one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from leadloom.errors import ConflictError, UsageError
from leadloom.exports import Written, write
from leadloom.imports import edits
from leadloom.leads import window
from leadloom.leads.lead import Lead
from leadloom.leads.query import LEADS, get_lead
from leadloom.leads.window import Wanted
from leadloom.outreach import groups
from leadloom.resolve.deletion import DELETED, set_deleted
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.workspace.session import Session
from leadloom.workspace.views import RunView, View, run_view

_BATCH: Final = 200
_EXAMPLES: Final = 5
_READ: Final = 1_000
Progress = Callable[[int, dict[str, int]], None]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which leads are meant: those with `ids`; without any all that a list shows.

    `text`, `where`, `deleted` are the list's; `besides` names those that were left out.
    """

    ids: Sequence[str] | None = None
    text: str = ""
    where: Sequence[str] = ()
    deleted: bool = False
    besides: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BulkPlan(View):
    """What would be done: to how many leads, how many of them it changes, and a few of these."""

    leads: int
    changing: int
    examples: list[Lead]


class Bulk:
    """Tag, group, delete and export what was chosen."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keys(self, chosen: Chosen) -> list[int]:
        """Return the inner keys of the leads meant. Raises NotFoundError for a wrong id."""
        with self._session.read() as tx:
            if chosen.ids is not None:
                return [get_lead(tx, str(id)).key for id in chosen.ids]
            wanted = Wanted(tuple(chosen.where), None, chosen.deleted)
            if chosen.text.strip():
                found = self._session.search.keys(tx, LEADS, chosen.text, wanted)
            else:
                found = window.keys(tx, LEADS, wanted)
            left_out = {get_lead(tx, str(id)).key for id in chosen.besides}
        return [key for key in found if key not in left_out]

    def plan_tags(
        self, chosen: Chosen, add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> BulkPlan:
        """Say what tagging would change."""
        return self._plan(chosen, lambda lead: _gets_other_tags(lead, add, remove))

    def plan_deletion(self, chosen: Chosen) -> BulkPlan:
        """Say what would be deleted."""
        return self._plan(chosen, lambda lead: lead.deleted_at is None)

    def tag(
        self,
        chosen: Chosen,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        on_progress: Progress = lambda done, counts: None,
    ) -> RunView:
        """Put tags on leads and take others away. Raises UsageError when none are named."""
        if not (add or remove):
            raise UsageError("Name a tag to put on or to take away.")

        def step(tx: Tx, run: runs.Run, batch: Sequence[Lead], done: int) -> dict[str, int]:
            return edits.tag_many(tx, run, batch, add, remove, done)

        options = {"verb": "tag", "add": list(add), "remove": list(remove)}
        return self._work(chosen, options, step, on_progress)

    def delete(self, chosen: Chosen, on_progress: Progress = lambda done, counts: None) -> RunView:
        """Delete leads; undoing the run brings them back."""

        def step(tx: Tx, run: runs.Run, batch: Sequence[Lead], done: int) -> dict[str, int]:
            standing = [lead for lead in batch if lead.deleted_at is None]
            for position, lead in enumerate(standing, done + 1):
                set_deleted(tx, lead.key, run.id, is_deleted=True, position=position)
            return {DELETED: len(standing)}

        return self._work(chosen, {"verb": "delete"}, step, on_progress)

    def group(self, chosen: Chosen, name: str) -> int:
        """Put leads into a group, made when there is none; return how many were not in it."""
        keys = self.keys(chosen)
        with self._session.write() as tx:
            known = {one.name.casefold() for one in groups.list_groups(tx)}
            if name.strip().casefold() not in known:
                groups.create_group(tx, name)
            return groups.add_members(tx, groups.get_group(tx, name), keys)

    def export(
        self, path: str | Path, chosen: Chosen, columns: Sequence[str] | None = None
    ) -> Written:
        """Write leads to a file; see `Workspace.export`."""
        return write(path, (lead.as_json() for lead in self._each(self.keys(chosen))), columns)

    def _plan(self, chosen: Chosen, is_changing: Callable[[Lead], bool]) -> BulkPlan:
        keys, changing, examples = self.keys(chosen), 0, list[Lead]()
        for lead in self._each(keys):
            if is_changing(lead):
                changing += 1
                if len(examples) < _EXAMPLES:
                    examples.append(lead)
        return BulkPlan(len(keys), changing, examples)

    def _each(self, keys: Sequence[int]) -> Iterator[Lead]:
        with self._session.read() as tx:
            for start in range(0, len(keys), _READ):
                yield from window.rows(tx, LEADS, keys[start : start + _READ])

    def _work(
        self,
        chosen: Chosen,
        options: dict[str, Any],
        step: Callable[[Tx, runs.Run, Sequence[Lead], int], dict[str, int]],
        on_progress: Progress,
    ) -> RunView:
        """Take one step a batch, each in a transaction of its own with the progress it makes."""
        keys = self.keys(chosen)
        if not keys:
            raise ConflictError("Nobody is chosen: choose leads first.")
        with self._session.write() as tx:
            run = runs.start(tx, "edit", options=options)
            runs.advance(tx, run.id, {}, 0, total=len(keys))
        counts: dict[str, int] = {}
        for start in range(0, len(keys), _BATCH):
            some = keys[start : start + _BATCH]
            with self._session.write() as tx:
                for status, number in step(tx, run, window.rows(tx, LEADS, some), start).items():
                    counts[status] = counts.get(status, 0) + number
                runs.advance(tx, run.id, counts, start + len(some))
            on_progress(start + len(some), counts)
        with self._session.write() as tx:
            return run_view(runs.finish(tx, run.id, "completed"), self._session.now())


def _gets_other_tags(lead: Lead, add: Sequence[str], remove: Sequence[str]) -> bool:
    has = {tag.casefold() for tag in lead.tags}
    return any(tag.casefold() not in has for tag in add) or any(
        tag.casefold() in has for tag in remove
    )
