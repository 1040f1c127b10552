"""The verbs on schedules: what workers do again and again at its time."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from leadloom.enrich.outset import plan_of
from leadloom.errors import UsageError
from leadloom.jobs import heartbeat, place, scheduled, schedules
from leadloom.jobs.handlers import Work
from leadloom.jobs.jobs import Jobs
from leadloom.jobs.schedules import Schedule
from leadloom.leads.conditions import condition
from leadloom.storage.tables import leads
from leadloom.workspace.session import Session
from leadloom.workspace.views import View


@dataclass(frozen=True, slots=True)
class ScheduleView(View):
    """A schedule: when it comes next, and what came of it last.

    `outcome`: running, cut short (whoever was at it has gone), done, with failures, or failed;
    `message` is what the command said of it, `late_s` how many seconds after its time it began,
    when no worker was there. `is_paused`: it came with a backup or a copy, and is not done here
    before it is resumed.
    """

    id: uuid.UUID
    name: str
    cron: str
    timezone: str
    command: tuple[str, ...]
    next_at: dt.datetime
    last_at: dt.datetime | None
    late_s: int | None
    ended_at: dt.datetime | None
    outcome: str | None
    message: str | None
    is_paused: bool


class Schedules:
    """Schedules of the workspace; `ref` is a schedule's name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> "list[ScheduleView]":
        """Return all schedules, by name."""
        with self._session.read() as tx:
            found = schedules.list_schedules(tx)
        paused = self._paused(found)
        return [_view(one, is_paused=one.id in paused) for one in found]

    def add(
        self, name: str, cron: str, command: Sequence[str], *, folder: str | Path | None = None
    ) -> ScheduleView:
        """Have workers do a command at its times, in this workspace, as whoever asks for it now.

        `cron`: as crontab has it, by the clock of the setting timezone. `command`: words as typed
        after `leadloom`: enrich, resolve, import, db backup or db maintain, and their options.
        `folder`: where the names of files begin (default: here). Raises UsageError, ConflictError
        for a taken name, and AccessError for `db …` unless an owner asks.
        """
        verb = schedules.verb_of(command)
        opened = self._session.manage if verb[0] == "db" else self._session.write
        with self._here() as jobs:
            with opened() as tx:
                made = schedules.add(tx, name, cron, command, str(Path(folder or ".").resolve()))
            schedules.take_home(jobs, made)
        return _view(made)

    def resume(self, ref: str) -> ScheduleView:
        """Have a schedule done here that came with a backup or a copy; its next time is to come.

        One that is done here anyway stays as it is. Raises NotFoundError.
        """
        with self._session.read() as tx:
            found = schedules.get_schedule(tx, ref)
        with self._here() as jobs:
            if schedules.came_along(jobs, [found]):
                with self._session.write() as tx:
                    schedules.begin_anew(tx, found)
                schedules.take_home(jobs, found)
        with self._session.read() as tx:
            return _view(schedules.get_schedule(tx, str(found.id)))

    def resume_all(self) -> Sequence[ScheduleView]:
        """Have all schedules done here that came with a backup or a copy."""
        return [self.resume(str(one.id)) for one in self.list() if one.is_paused]

    def check_enrichment(
        self, where: Sequence[str], fields: Sequence[str], providers: Sequence[str]
    ) -> None:
        """Raise UsageError when enrichment would refuse its conditions, fields or providers."""
        for one in where:
            condition(leads, one)
        with self._session.read() as tx:
            plan_of(tx, {"fields": fields, "providers": providers})

    def remove(self, ref: str) -> ScheduleView:
        """Take a schedule out; a run of it that is under way goes on. Raises NotFoundError."""
        with self._session.write() as tx:
            found = schedules.get_schedule(tx, ref)
            schedules.remove(tx, found)
        return _view(found)

    def run(self, ref: str) -> ScheduleView:
        """Do a schedule here and now, whatever its time; return it with what came of it.

        Raises NotFoundError, and UsageError in a transaction: what it does waits for its end.
        """
        if self._session.is_bound:
            raise UsageError("A schedule cannot be done within a transaction: run it after.")
        with self._session.write() as tx:
            found = schedules.get_schedule(tx, ref)
        home, now = self._session.acting.workspace_id, self._session.now()
        with heartbeat.living(self._session.db) as executor:
            work = Work(self._session.db, executor)
            asyncio.run(scheduled.run(work, home, found.key, now, scheduled.Children()))
        with self._session.read() as tx:
            done = schedules.get_schedule(tx, ref)
        return _view(done, is_paused=bool(self._paused([done])))

    def _paused(self, found: Sequence[Schedule]) -> set[uuid.UUID]:
        if not found or not place.is_there(self._session.db):
            return schedules.came_along(None, found)
        with Jobs(self._session.db) as jobs:
            return schedules.came_along(jobs, found)

    @contextmanager
    def _here(self) -> Iterator[Jobs]:
        """The jobs of this place, made where there were none. Raises UsageError in a transaction:
        what they are told is not taken back with it, and making them would wait for its end.
        """
        if self._session.is_bound:
            raise UsageError("A schedule cannot be taken back with a transaction: make it after.")
        with Jobs(self._session.db) as jobs:
            jobs.list(limit=1)  # makes them
            yield jobs


def _view(one: Schedule, *, is_paused: bool = False) -> ScheduleView:
    return ScheduleView(
        one.id,
        one.name,
        one.cron,
        one.zone,
        one.command,
        one.next_at,
        one.began_at,
        one.late_s,
        one.ended_at,
        one.outcome,
        schedules.CAME_ALONG if is_paused else one.message,
        is_paused,
    )
