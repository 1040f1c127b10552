"""The verbs on jobs: what workers are to do, are at, and have done."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.jobs import command as commands
from leadloom.jobs import place, waiting
from leadloom.jobs.job import Job, State, Wish, wish_of
from leadloom.jobs.jobs import Jobs as Queue
from leadloom.jobs.schedules import verb_of
from leadloom.jobs.waiting import Waiting
from leadloom.leads.paging import checked_limit
from leadloom.leads.query import Page
from leadloom.workspace.session import Session
from leadloom.workspace.views import View

_PAGE = 500
_FEWEST_OF_AN_ID = 4
_LAST = "last"


@dataclass(frozen=True, slots=True)
class JobView(View, Job):
    """A job: what it is, how it is to be done, how far it is.

    `data` of a command: its words in "command". `output` is what became of it, or in words why it
    failed. Times are in UTC, spans in seconds.
    """


class Jobs:
    """Jobs of the workspace; `ref` is a job's id or its last characters, or "last"."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, limit: int = 50, after: str | None = None) -> Page[JobView]:
        """Return jobs, newest first."""
        limit, start = checked_limit(limit), _offset(after)
        with self._queue() as queue:
            found: list[JobView] = []
            for place_in_all, job in self._mine(queue, start):
                if len(found) == limit:
                    return Page(found, str(place_in_all))
                found.append(_view(job))
        return Page(found, None)

    def get(self, ref: str) -> JobView:
        """Return one job. Raises NotFoundError."""
        with self._queue() as queue:
            return _view(self._find(queue, ref))

    def add(
        self,
        command: Sequence[str],
        *,
        folder: str | Path | None = None,
        priority: int = 0,
        start_after_s: float = 0.0,
        retry_limit: int = 2,
        retry_delay_s: float = 1.0,
        retry_backoff: bool = True,
        singleton_key: str | None = None,
        expire_in_s: float | None = None,
        keep_for_s: float | None = None,
    ) -> JobView:
        """Have whichever worker comes first do a command once, in this workspace and as you.

        `command`: words as typed after `leadloom`, as for schedules. `folder`: where the names of
        files begin (default: here). Higher `priority` first. Of jobs with one `singleton_key` only
        one waits or runs at a time: adding another returns the first. Raises UsageError, in a
        transaction, too, and AccessError for `db …` unless an owner asks.
        """
        self._must_be_free()
        opened = self._session.manage if verb_of(command)[0] == "db" else self._session.write
        with opened() as tx:
            job_id, wish = commands.wish(
                tx,
                command,
                str(Path(folder or ".").resolve()),
                priority=priority,
                start_after_s=start_after_s,
                retry_limit=retry_limit,
                retry_delay_s=retry_delay_s,
                retry_backoff=retry_backoff,
                singleton_key=f"{tx.workspace_id}/{singleton_key}" if singleton_key else None,
                expire_in_s=expire_in_s,
                keep_for_s=keep_for_s,
            )
        with Queue(self._session.db) as queue:
            return _view(queue.get(self._send(queue, wish, job_id)))

    def _send(self, queue: Queue, wish: Wish, job_id: str) -> str:
        """Send a job that is written down; return its id, or that of the one there is already."""
        sent = ""
        try:
            sent = queue.send(wish, job_id)
        finally:
            if sent != job_id:
                with self._session.write() as tx:
                    waiting.forget(tx, [job_id])
        return sent

    def cancel(self, ref: str) -> JobView:
        """Stop a job for good, at once if it is under way. Raises ConflictError when it is over."""
        return self._change(ref, "cancel", ("created", "active", "paused"))

    def resume_all(self) -> Sequence[JobView]:
        """Have all jobs done that are paused, or came with a backup or a copy."""
        with self._queue() as queue:
            paused = [job.id for _, job in self._mine(queue, 0) if job.state == "paused"]
        return [self.resume(one) for one in reversed(paused)]

    def pause(self, ref: str) -> JobView:
        """Stop a job until it is resumed. Raises ConflictError when it is over."""
        return self._change(ref, "pause", ("created", "active"))

    def resume(self, ref: str) -> JobView:
        """Have a job done after all that was paused or cancelled. Raises ConflictError."""
        return self._change(ref, "resume", ("paused", "cancelled"))

    def _change(self, ref: str, verb: str, possible: Sequence[State]) -> JobView:
        self._session.acting.must_be("member")
        self._must_be_free()
        with self._queue() as queue:
            job = self._find(queue, ref)
            if job.state not in possible:
                raise ConflictError(f"Job {job.id} is {job.state}: it cannot be {_PAST[verb]}.")
            if came := next((o for o in self._came_along(queue) if o.job_id == job.id), None):
                return self._change_what_came(came, verb)
            assert queue
            getattr(queue, verb)(job.id)
            if job.name == commands.JOB and verb != "pause":
                with self._session.write() as tx:
                    if verb == "cancel":
                        waiting.forget(tx, [job.id])
                    else:
                        waiting.keep(tx, job.id, wish_of(job))
            return _view(queue.get(job.id))

    def _must_be_free(self) -> None:
        """Raise UsageError in a transaction: a worker may begin at once what it then takes back."""
        if self._session.is_bound:
            raise UsageError(
                "A job cannot be taken back with a transaction: add, stop or resume it after."
            )

    def _change_what_came(self, came: Waiting, verb: str) -> JobView:
        """Send a job that came with a backup or a copy, or take it out."""
        if verb == "resume":
            with Queue(self._session.db) as queue:
                return _view(queue.get(self._send(queue, came.wish, came.job_id)))
        with self._session.write() as tx:
            waiting.forget(tx, [came.job_id])
        return _view(replace(came.job(), state="cancelled", output=None))

    def _came_along(self, queue: "Queue | None") -> Sequence[Waiting]:
        with self._session.read() as tx:
            return waiting.came_along(tx, queue)

    @contextmanager
    def _queue(self) -> "Iterator[Queue | None]":
        """The jobs of the database; None before there were any."""
        if not place.is_there(self._session.db):
            yield None
            return
        with Queue(self._session.db) as queue:
            yield queue

    def _find(self, queue: "Queue | None", ref: str) -> Job:
        ref = ref.strip()
        if len(ref) >= _FEWEST_OF_AN_ID:
            first = len(self._came_along(queue)) if ref == _LAST else 0
            for _, job in self._mine(queue, first):
                if ref == _LAST or job.id.endswith(ref):
                    return job
        raise NotFoundError(f"There is no job {ref[:60]!r}: `leadloom jobs` lists what there is.")

    def _mine(self, queue: "Queue | None", start: int) -> Iterator[tuple[int, Job]]:
        """Yield the jobs of this workspace, each with its place among all: those first that only
        the database knows.
        """
        came = self._came_along(queue)
        yield from ((place, one.job()) for place, one in enumerate(came) if place >= start)
        start = max(start, len(came))
        while queue is not None:
            found = queue.list(limit=_PAGE, offset=start - len(came))
            for number, job in enumerate(found, start):
                if job.data.get("workspace") == self._session.acting.workspace_id:
                    yield number, job
            if len(found) < _PAGE:
                return
            start += _PAGE


_PAST = {"cancel": "cancelled", "pause": "paused", "resume": "resumed"}


def _offset(after: str | None) -> int:
    if after is None:
        return 0
    if not after.isdecimal():
        raise UsageError(f"{after[:60]!r} is no cursor: give the `next` of the page before.")
    return int(after)


def _view(job: Job) -> JobView:
    own = {one.name: getattr(job, one.name) for one in fields(JobView)}
    own["data"] = {name: value for name, value in job.data.items() if name not in _INSIDE}
    if job.singleton_key:
        own["singleton_key"] = job.singleton_key.partition("/")[2] or job.singleton_key
    return JobView(**own)


_INSIDE = ("workspace", "user", "job")
