"""Schedules: what is done again and again at its time, and what came of it last.

Their rows are ours: the engine only does what is due, once for a schedule and its time.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from leadloom.config import get_setting
from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.ids import new_uuid
from leadloom.jobs import heartbeat
from leadloom.jobs.cron import check_cron, next_after
from leadloom.jobs.job import Wish
from leadloom.jobs.jobs import Jobs
from leadloom.storage import walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.rounds import reading_each
from leadloom.storage.tables import schedules

JOB: Final = "schedule.run"
Outcome = Literal["running", "cut short", "done", "with failures", "failed"]

_NOT_OVER: Final = ("running", "cut short")
CAME_ALONG: Final = "It came with a backup or a copy: resume it to have it done here."
# What may be done at its time. The rest is for somebody who looks at what comes of it.
VERBS: Final = (("enrich",), ("resolve",), ("import",), ("db", "backup"), ("db", "maintain"))
# The schedule says where and as whom; --help does nothing.
_SETTLED: Final = ("--db", "--workspace", "--help", "-h")
_LONGEST_NAME: Final = 100
# From here on a run is late: workers look every few seconds, and may have had their hands full.
_LATE: Final = dt.timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it stands; `due_at` is the time its last run was for."""

    key: int
    id: uuid.UUID
    name: str
    cron: str
    command: tuple[str, ...]
    folder: str
    zone: str
    next_at: dt.datetime
    due_at: dt.datetime | None
    began_at: dt.datetime | None
    ended_at: dt.datetime | None
    outcome: Outcome | None
    message: str | None
    made_by: int | None

    @property
    def late_s(self) -> int | None:
        """How many seconds after its time the last run began, when that is worth a word."""
        if self.due_at is None or self.began_at is None or self.began_at - self.due_at < _LATE:
            return None
        return int((self.began_at - self.due_at).total_seconds())


def verb_of(command: Sequence[str]) -> tuple[str, ...]:
    """Return the verb that a command begins with. Raises UsageError for one that is not offered."""
    for verb in VERBS:
        if tuple(command[: len(verb)]) == verb:
            return verb
    offered = ", ".join(" ".join(verb) for verb in VERBS)
    shown = " ".join(command[:2])[:60]
    raise UsageError(f"Workers cannot do {shown!r}: they can do {offered}.")


def check_command(command: Sequence[str]) -> tuple[str, ...]:
    """Return a command that can be done with nobody there. Raises UsageError."""
    verb = verb_of(command)
    words = tuple(command[len(verb) :])
    for word in words:
        if word.split("=")[0] in _SETTLED:
            raise UsageError(f"It is done in this database and workspace: leave {word!r} out.")
    if verb == ("import",) and "-" in words:
        raise UsageError("Nobody is there to type then: name files or a folder, not '-'.")
    if verb == ("resolve",) and words and not words[0].startswith("-"):
        raise UsageError(f"Workers do `resolve` alone, not `resolve {words[0][:40]}`.")
    return (*verb, *words)


def add(tx: Tx, name: str, cron: str, command: Sequence[str], folder: str) -> Schedule:
    """Make a schedule of a checked command. Raises UsageError, and ConflictError for a taken name.

    `folder`: where the names of files in the command begin.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"A schedule's name is 1 to {_LONGEST_NAME} printable characters.")
    if any(one.name.casefold() == name.casefold() for one in list_schedules(tx)):
        raise ConflictError(
            f"There is a schedule {name!r} already: take it out with `leadloom schedule remove` "
            "first, or choose another name."
        )
    tx.conn.execute(
        schedules.insert().values(
            uuid=new_uuid(),
            workspace_id=tx.workspace_id,
            name=name,
            cron=check_cron(cron, tx.now),
            command=list(check_command(command)),
            folder=folder,
            after_at=tx.now,
            **tx.stamp(),
        )
    )
    return get_schedule(tx, name)


def list_schedules(tx: Tx) -> list[Schedule]:
    """Return the workspace's schedules, by name."""
    query = sa.select(schedules).where(schedules.c.workspace_id == tx.workspace_id)
    rows = tx.conn.execute(query).all()
    if not rows:
        return []
    zone = str(get_setting(tx, "timezone").value)
    at_it = {row.worker for row in rows if row.outcome == "running"}
    gone = heartbeat.find_gone(tx.conn, at_it, tx.now)
    found = (_schedule(row, zone, is_cut=row.worker in gone) for row in rows)
    return sorted(found, key=lambda one: one.name.casefold())


def get_schedule(tx: Tx, ref: str) -> Schedule:
    """Return the schedule of this name or id. Raises NotFoundError."""
    found = list_schedules(tx)
    for one in found:
        if ref.strip().casefold() in (one.name.casefold(), str(one.id)):
            return one
    known = ", ".join(one.name for one in found) or "none yet"
    raise NotFoundError(f"There is no schedule {ref[:60]!r}: there are {known}.")


def remove(tx: Tx, schedule: Schedule) -> None:
    """Take a schedule out; a run of it that is under way goes on."""
    tx.conn.execute(schedules.delete().where(*_at(tx, schedule.key)))


def begin_anew(tx: Tx, schedule: Schedule) -> None:
    """Let a schedule wait for its next time: what went by meanwhile is not made up for."""
    tx.conn.execute(schedules.update().where(*_at(tx, schedule.key)).values(after_at=tx.now))


def send_due(db: Database, jobs: Jobs, now: dt.datetime) -> list[str]:
    """Have workers do what is due in any workspace; return the ids of the jobs this sent.

    However many workers call this, a schedule and its time make one job; times that went by while
    nobody looked make one together. While a run is under way the next one waits for it. What came
    with a backup or a copy is left alone.
    """
    found = [
        (tx.workspace_id, one)
        for tx in reading_each(db)
        for one in list_schedules(tx)
        if one.next_at <= now
    ]
    others = came_along(jobs, [one for _, one in found])
    sent = []
    for home, one in found:
        if one.id not in others:
            job_id = _job_of(one, one.next_at)
            data = {"workspace": home, "schedule": one.key, "due": one.next_at.isoformat()}
            wish = Wish(JOB, data, retry_limit=0, singleton_key=str(one.id))
            # Sent first, for a worker may die in between: the same id is not done twice.
            if jobs.send(wish, job_id) == job_id:
                _move_on(db, home, one, now)
                sent.append(job_id)
    return sent


def count_came_along(db: Database, jobs: Jobs) -> int:
    """Return how many schedules, of all workspaces, came with a backup or a copy."""
    return len(came_along(jobs, [one for tx in reading_each(db) for one in list_schedules(tx)]))


def came_along(jobs: Jobs | None, found: Sequence[Schedule]) -> set[uuid.UUID]:
    """Return which schedules this place does not know: they came with a backup or a copy.

    The database they came from may be alive and do them, too; only a person can say. None: nothing
    is known here. One of before places were asked for is known by its last run.
    """
    if not found or jobs is None:
        return {one.id for one in found}
    words = {_mark_of(one.id): one for one in found}
    runs = {_job_of(one, one.due_at): one for one in found if one.due_at}
    known = jobs.known([*words, *runs])
    for word in runs.keys() & known:
        if (mark := _mark_of(runs[word].id)) not in known:
            jobs.mark(mark)
            known.add(mark)
    return {one.id for word, one in words.items() if word not in known}


def take_home(jobs: Jobs, schedule: Schedule) -> None:
    """Have a schedule done in this place, whatever others do."""
    jobs.mark(_mark_of(schedule.id))


def _mark_of(schedule: uuid.UUID) -> str:
    return f"{JOB}-{schedule}"


def _job_of(schedule: Schedule, due: dt.datetime) -> str:
    return f"{_mark_of(schedule.id)}-{due:%Y%m%dT%H%M}"


def _move_on(db: Database, home: int, schedule: Schedule, now: dt.datetime) -> None:
    with db.write() as conn:
        walls.enter(conn, home)
        mine = schedules.c.id == schedule.key, schedules.c.after_at < now
        conn.execute(schedules.update().where(*mine).values(after_at=now))


def begin(tx: Tx, key: int, due: dt.datetime, worker: str) -> Schedule | None:
    """Say that `worker` begins a run; None when the schedule is gone, or this run is over."""
    before = _by_key(tx, key)
    if before is None or (before.due_at == due and before.outcome not in _NOT_OVER):
        return None
    told = {"due_at": due, "began_at": tx.now, "ended_at": None, "outcome": "running"}
    tx.conn.execute(
        schedules.update().where(*_at(tx, key)).values(**told, message=None, worker=worker)
    )
    return _by_key(tx, key)


def finish(tx: Tx, key: int, outcome: Outcome, message: str) -> None:
    """Say what came of a run."""
    told = {"ended_at": tx.now, "outcome": outcome, "message": message}
    tx.conn.execute(schedules.update().where(*_at(tx, key)).values(**told))


def _by_key(tx: Tx, key: int) -> Schedule | None:
    return next((one for one in list_schedules(tx) if one.key == key), None)


def _at(tx: Tx, key: int) -> tuple[sa.ColumnElement[bool], ...]:
    return schedules.c.workspace_id == tx.workspace_id, schedules.c.id == key


def _schedule(row: Any, zone: str, *, is_cut: bool) -> Schedule:
    return Schedule(
        row.id,
        row.uuid,
        row.name,
        row.cron,
        tuple(row.command),
        row.folder,
        zone,
        next_after(row.cron, row.after_at, ZoneInfo(zone)),
        row.due_at,
        row.began_at,
        row.ended_at,
        "cut short" if is_cut and row.outcome == "running" else row.outcome,
        row.message,
        row.created_by,
    )
