"""Runs: one pass over many records, which can be watched, cancelled, resumed and undone."""

import datetime as dt
import os
import re
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from leadloom.errors import ConflictError, NotFoundError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.storage.database import Tx
from leadloom.storage.hex_id import hex_id
from leadloom.storage.tables import runs

# A run that has not been heard of for so long is taken for dead, whatever its process says.
SILENCE = dt.timedelta(minutes=10)

EDIT = "edit"
"""The kind of run that one edit by hand is."""

RESOLVE = "resolve"
"""The kind of run that groups everybody again."""

Progress = Callable[[int, dict[str, int]], None]
"""Hears how many records a run went through, and what became of them."""

_LAST = re.compile(r"last(?::(\w+))?")
_END_OF_ID = re.compile(r"[0-9a-f-]{4,36}")


@dataclass(frozen=True, slots=True)
class Run:
    """One pass; `counts` holds what became of its records by outcome."""

    id: int
    uuid: uuid.UUID
    kind: str
    status: str
    options: dict[str, Any]
    total: int | None
    processed: int
    counts: dict[str, int]
    input: str | None
    output: str | None
    estimated_cost_usd: Decimal | None
    actual_cost_usd: Decimal
    error: str | None
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    heartbeat_at: dt.datetime | None
    worker: str | None
    cancel_requested_at: dt.datetime | None
    undone_at: dt.datetime | None
    created_at: dt.datetime
    created_by: int | None = field(default=None)

    @property
    def progress(self) -> float | None:
        """Percent of the records done; None while the total is unknown."""
        if self.status == "completed":
            return 100.0
        return round(100 * self.processed / self.total, 2) if self.total else None

    def is_interrupted(self, now: dt.datetime) -> bool:
        """Whether it was under way and nobody is working on it any more."""
        if self.status != "processing":
            return False
        host, _, process = (self.worker or "").rpartition(":")
        if host == socket.gethostname() and not _is_alive(int(process)):
            return True
        return now - (self.heartbeat_at or self.created_at) > SILENCE


_COLUMNS = [runs.c[name] for name in Run.__dataclass_fields__]
_BY_KEY = sa.select(*_COLUMNS).where(runs.c.id == sa.bindparam("key"))
_INSERT = runs.insert()
_UPDATE = runs.update().where(runs.c.id == sa.bindparam("key"))


def start(
    tx: Tx, kind: str, *, options: dict[str, Any], input: str | None = None, agent: str = "leadloom"
) -> Run:
    """Begin a run; it is `processing` from now on and worked on by this process."""
    return _by_key(tx, begin(tx, kind, options=options, input=input, agent=agent)[0])


def begin(
    tx: Tx, kind: str, *, options: dict[str, Any], input: str | None = None, agent: str = "leadloom"
) -> tuple[int, uuid.UUID]:
    """Begin a run like `start`; return its inner key and its id alone, without a look at it."""
    public_id = new_uuid()
    values = {
        "uuid": public_id,
        "workspace_id": tx.workspace_id,
        "kind": kind,
        "status": "processing",
        "options": options,
        "input": input,
        "processed": 0,
        "counts": {},
        "actual_cost_usd": Decimal(0),
        "agent_name": agent,
        "started_at": tx.now,
        "heartbeat_at": tx.now,
        "worker": _worker(),
        **tx.stamp(),
    }
    key = tx.conn.execute(_INSERT, values).inserted_primary_key
    assert key is not None
    record(tx, "run.started", key[0], run_id=key[0], data={"kind": kind})
    return key[0], public_id


def take_over(tx: Tx, run: Run) -> Run:
    """Make this process the one that works on an interrupted, failed or cancelled run.

    `run` may be as it was some time ago: of several who want it, one gets it. Raises ConflictError
    when it is being worked on, finished, or undone.
    """
    _check_idle(tx, run)
    taken = tx.conn.execute(
        runs.update()
        .where(runs.c.id == run.id, *_is_as_seen(run))
        .values(
            status="processing",
            worker=_worker(),
            heartbeat_at=tx.now,
            cancel_requested_at=None,
            error=None,
            finished_at=None,
            **tx.touch(),
        )
    ).rowcount
    if not taken:
        _check_idle(tx, _by_key(tx, run.id))
        raise ConflictError(f"Run {run.uuid} has changed since it was looked at: try again.")
    record(tx, "run.resumed", run.id, run_id=run.id)
    return _by_key(tx, run.id)


def _check_idle(tx: Tx, run: Run) -> None:
    """Raise ConflictError when there is nothing to take over, or somebody works on it."""
    if run.undone_at:
        raise ConflictError(f"Run {run.uuid} was undone: start a new one.")
    if run.status == "completed":
        raise ConflictError(f"Run {run.uuid} is complete: there is nothing left to do.")
    if run.status == "processing" and not run.is_interrupted(tx.now):
        raise ConflictError(
            f"Run {run.uuid} is being worked on by {run.worker}: wait for it, or cancel it first."
        )


def _is_as_seen(run: Run) -> list[sa.ColumnElement[bool]]:
    """Whether nobody has touched a run since: whoever takes it over gives a sign of life."""
    return [
        runs.c.status == run.status,
        runs.c.worker.is_not_distinct_from(run.worker),
        runs.c.heartbeat_at.is_not_distinct_from(run.heartbeat_at),
        runs.c.undone_at.is_(None),
    ]


def advance(tx: Tx, run_id: int, counts: dict[str, int], processed: int, **values: Any) -> None:
    """Write how far the run has come, in the transaction that brought it there.

    Raises ConflictError when there is no such run any more.
    """
    _update(tx, run_id, counts=counts, processed=processed, heartbeat_at=tx.now, **values)


def set_options(tx: Tx, run_id: int, options: dict[str, Any]) -> None:
    """Give a run other options."""
    _update(tx, run_id, options=options)


def give_sign(tx: Tx, run_id: int) -> None:
    """Say that a run is still worked on."""
    _update(tx, run_id, heartbeat_at=tx.now)


def finish(tx: Tx, run_id: int, status: str, **values: Any) -> Run:
    """End a run as completed, failed or cancelled.

    Raises ConflictError when there is no such run any more.
    """
    end(tx, run_id, status, **values)
    return _by_key(tx, run_id)


def end(tx: Tx, run_id: int, status: str, **values: Any) -> None:
    """End a run like `finish`, without a look at it."""
    _update(tx, run_id, status=status, finished_at=tx.now, **values)
    record(tx, f"run.{status}", run_id, run_id=run_id)


def request_cancel(tx: Tx, run: Run) -> Run:
    """Ask the process that works on the run to stop after its present batch.

    A run that nobody works on is cancelled at once. Raises ConflictError when it has ended.
    """
    if run.status != "processing":
        raise ConflictError(f"Run {run.uuid} is {run.status} already.")
    if run.is_interrupted(tx.now):
        return finish(tx, run.id, "cancelled")
    _update(tx, run.id, cancel_requested_at=tx.now)
    record(tx, "run.cancel_requested", run.id, run_id=run.id)
    return _by_key(tx, run.id)


def worked_on_here(tx: Tx) -> list[Run]:
    """Return the runs of this process that nobody asked to stop yet."""
    query = _select(tx).where(
        runs.c.status == "processing",
        runs.c.worker == _worker(),
        runs.c.cancel_requested_at.is_(None),
    )
    return [Run(*row) for row in tx.conn.execute(query)]


def status_of(tx: Tx, run_id: int) -> str | None:
    """Return a run's status; "cancelled" as soon as somebody asked for it."""
    query = sa.select(runs.c.status, runs.c.cancel_requested_at).where(runs.c.id == run_id)
    row = tx.conn.execute(query).first()
    if row is None:
        return None
    return "cancelled" if row.status == "processing" and row.cancel_requested_at else row.status


def get_by_key(tx: Tx, run_id: int) -> Run:
    """Return a run by its inner key."""
    return _by_key(tx, run_id)


def is_cancel_requested(tx: Tx, run_id: int) -> bool:
    """Whether somebody asked the run to stop."""
    query = sa.select(runs.c.cancel_requested_at).where(runs.c.id == run_id)
    return tx.conn.scalar(query) is not None


def check_there(tx: Tx, run: Run, processed: int | None = None) -> None:
    """Raise ConflictError when the database no longer holds the run as this process left it.

    Where a backup was put in its place, it may hold another run of that number, or an earlier stage
    of this one: less than `processed`.
    """
    query = sa.select(runs.c.uuid, runs.c.processed).where(runs.c.id == run.id)
    there = tx.conn.execute(query).first()
    if there is None or there.uuid != run.uuid or processed not in (None, there.processed):
        raise _gone()


def _gone() -> ConflictError:
    return ConflictError(
        "The run is no longer in the database, which was replaced meanwhile (by a restore or a "
        "copy): see what is in it now, and do the same again if it is still wanted."
    )


def get_run(tx: Tx, ref: str, *, standing: bool = False) -> Run:
    """Return a run by its id, the last characters of it, "last", or "last:KIND".

    "last" is the newest run that is no edit by hand, as `list_runs` has it; "last:edit" the newest
    edit; with `standing`, of those that were not undone. Raises NotFoundError when there is none,
    or more than one ends so.
    """
    found = _answering(tx, ref.strip().lower(), standing)
    if len(found) == 1:
        return found[0]
    problem = "More than one run ends with" if found else "There is no run"
    left = " that was not undone" if standing and _LAST.fullmatch(ref) else ""
    raise NotFoundError(f"{problem} {ref!r}{left}: see `leadloom runs --all` for their ids.")


def _answering(tx: Tx, ref: str, standing: bool) -> list[Run]:
    """Return the run that `ref` means; two when it could be several."""
    if last := _LAST.fullmatch(ref):
        return list_runs(tx, kind=last[1], limit=1, standing=standing)
    query = _select(tx)
    try:
        query = query.where(runs.c.uuid == uuid.UUID(ref))
    except ValueError:
        digits = ref.replace("-", "").upper()
        if not _END_OF_ID.fullmatch(ref) or len(digits) < 4:
            return []
        query = query.where(hex_id(runs.c.uuid).endswith(digits))
    return [Run(*row) for row in tx.conn.execute(query.limit(2))]


def find_interrupted(tx: Tx, kind: str, options: dict[str, Any]) -> Run | None:
    """Return the newest run of the same kind and options that died on its way, if there is one."""
    for run in list_interrupted(tx, kind):
        if all(run.options.get(k) == options[k] for k in options):
            return run
    return None


def list_interrupted(tx: Tx, kind: str) -> list[Run]:
    """Return the runs of a kind that died on their way, newest first."""
    query = (
        _select(tx)
        .where(runs.c.kind == kind, runs.c.status == "processing")
        .order_by(runs.c.id.desc())
    )
    found = (Run(*row) for row in tx.conn.execute(query))
    return [run for run in found if run.is_interrupted(tx.now)]


def list_runs(
    tx: Tx,
    *,
    kind: str | None = None,
    with_edits: bool = False,
    limit: int = 50,
    before: int | None = None,
    standing: bool = False,
) -> list[Run]:
    """Return runs, newest first: those of a kind, else all but edits, else edits too.

    With `standing` those that were undone are left out.
    """
    query = _select(tx)
    if standing:
        query = query.where(runs.c.undone_at.is_(None))
    if kind:
        query = query.where(runs.c.kind == kind)
    elif not with_edits:
        query = query.where(runs.c.kind != EDIT)
    if before is not None:
        query = query.where(runs.c.id < before)
    return [Run(*row) for row in tx.conn.execute(query.order_by(runs.c.id.desc()).limit(limit))]


def _select(tx: Tx) -> sa.Select[Any]:
    return sa.select(*_COLUMNS).where(runs.c.workspace_id == tx.workspace_id)


def _by_key(tx: Tx, run_id: int) -> Run:
    return Run(*tx.conn.execute(_BY_KEY, {"key": run_id}).one())


def _update(tx: Tx, run_id: int, **values: Any) -> None:
    if not tx.conn.execute(_UPDATE, {"key": run_id, **values, **tx.touch()}).rowcount:
        raise _gone()


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
