"""A run over many that were chosen: what it still has to do is kept, so that it can go on.

Who was chosen is settled at the beginning. Batches are transactions of their own, each with the
progress it makes.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from leadloom.errors import LeadloomError
from leadloom.imports import edits
from leadloom.leads import window
from leadloom.leads.company import Company
from leadloom.leads.lead import Lead
from leadloom.leads.query import COMPANIES, LEADS, Kind
from leadloom.outreach import drafting
from leadloom.resolve.deletion import DELETED, set_deleted
from leadloom.runs import run as runs
from leadloom.runs.run import Progress, Run
from leadloom.runs.unfinished import HALTED, KEYS, packed, unpacked
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks

Row = Lead | Company
OpenTx = Callable[[], contextlib.AbstractContextManager[Tx]]

_BATCH: Final = 200
_LOOKED_AT: Final = 50
_KINDS: Final[Mapping[str, Kind[Any]]] = {one.noun: one for one in (LEADS, COMPANIES)}


def begin(tx: Tx, kind: Kind[Any], keys: Sequence[int], options: Mapping[str, Any]) -> Run:
    """Begin a run; `options` say what is to be done with them: "verb", and what it needs."""
    chosen = {"of": kind.noun, KEYS: packed(sorted(keys))}
    run = runs.start(tx, runs.EDIT, options={**options, **chosen})
    runs.advance(tx, run.id, {}, 0, total=len(keys))
    return runs.get_by_key(tx, run.id)


def take_over(tx: Tx, run: Run) -> Run:
    """Make this process go on with a run. Raises ConflictError, see `runs.take_over`."""
    runs.set_options(tx, run.id, _without(run, HALTED))
    return runs.take_over(tx, run)


def work_off(open_tx: OpenTx, run: Run, on_progress: Progress) -> Run:
    """Do what is left of a run of this process; it ends completed, cancelled or failed."""
    kind, step = _KINDS[run.options["of"]], _STEPS[run.options["verb"]]
    counts, done = Counter(run.counts), run.processed
    try:
        for some in chunks(unpacked(run.options[KEYS])[done:], _BATCH):
            with open_tx() as tx:
                if runs.is_cancel_requested(tx, run.id):
                    return runs.finish(tx, run.id, "cancelled")
                counts.update(step(tx, run, window.rows(tx, kind, some), done))
                done += len(some)
                runs.advance(tx, run.id, dict(counts), done)
            on_progress(done, dict(counts))
    except LeadloomError as error:
        with open_tx() as tx:
            runs.finish(tx, run.id, "failed", error=str(error))
        raise
    with open_tx() as tx:
        return runs.finish(tx, run.id, "completed", options=_without(run, KEYS, HALTED))


def is_resumable(run: Run) -> bool:
    """Whether it is one of these, and not complete."""
    return run.kind == runs.EDIT and KEYS in run.options


def halt(tx: Tx, run: Run) -> None:
    """Note that a run stops since its process ends, and not since somebody wants it to."""
    if is_resumable(run) or drafting.is_resumable(run):
        runs.set_options(tx, run.id, {**run.options, HALTED: True})


def stopped(tx: Tx) -> list[Run]:
    """Return the newest runs that stopped since their process ended, however it did."""
    edits = runs.list_runs(tx, kind=runs.EDIT, limit=_LOOKED_AT, standing=True)
    drafts = runs.list_runs(tx, kind=drafting.KIND, limit=_LOOKED_AT, standing=True)
    found = [*filter(is_resumable, edits), *filter(drafting.is_resumable, drafts)]
    return [run for run in found if _is_stopped(tx, run)]


def _is_stopped(tx: Tx, run: Run) -> bool:
    was_halted = run.status == "cancelled" and HALTED in run.options
    return was_halted or run.is_interrupted(tx.now)


def _without(run: Run, *names: str) -> dict[str, Any]:
    return {name: value for name, value in run.options.items() if name not in names}


def _tag(tx: Tx, run: Run, rows: Sequence[Row], done: int) -> Mapping[str, int]:
    return edits.tag_many(tx, run, rows, run.options["add"], run.options["remove"], done)


def _delete(tx: Tx, run: Run, rows: Sequence[Row], done: int) -> Mapping[str, int]:
    standing = [row for row in rows if row.deleted_at is None]
    for position, row in enumerate(standing, done + 1):
        set_deleted(tx, row.key, run.id, is_deleted=True, position=position)
    return {DELETED: len(standing)}


_STEPS: Final[Mapping[str, Callable[[Tx, Run, Sequence[Row], int], Mapping[str, int]]]] = {
    "tag": _tag,
    "delete": _delete,
}
