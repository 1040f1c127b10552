"""The verbs on jobs: what workers are to do, are at, and have done."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.jobs import command as commands
from leadloom.jobs import place
from leadloom.jobs.job import Job, State
from leadloom.jobs.jobs import Jobs as Queue
from leadloom.jobs.schedules import verb_of
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
        one waits or runs at a time: adding another returns the first. Raises UsageError, and
        AccessError for `db …` unless an owner asks.
        """
        opened = self._session.manage if verb_of(command)[0] == "db" else self._session.write
        with opened() as tx:
            wish = commands.wish(
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
            return _view(queue.get(queue.send(wish)))

    def cancel(self, ref: str) -> JobView:
        """Stop a job for good, at once if it is under way. Raises ConflictError when it is over."""
        return self._change(ref, "cancel", ("created", "active", "paused"))

    def pause(self, ref: str) -> JobView:
        """Stop a job until it is resumed. Raises ConflictError when it is over."""
        return self._change(ref, "pause", ("created", "active"))

    def resume(self, ref: str) -> JobView:
        """Have a job done after all that was paused or cancelled. Raises ConflictError."""
        return self._change(ref, "resume", ("paused", "cancelled"))

    def _change(self, ref: str, verb: str, possible: Sequence[State]) -> JobView:
        self._session.acting.must_be("member")
        with self._queue() as queue:
            job = self._find(queue, ref)
            assert queue
            if job.state not in possible:
                raise ConflictError(f"Job {job.id} is {job.state}: it cannot be {_PAST[verb]}.")
            getattr(queue, verb)(job.id)
            return _view(queue.get(job.id))

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
            for _, job in self._mine(queue, 0):
                if ref == _LAST or job.id.endswith(ref):
                    return job
        raise NotFoundError(f"There is no job {ref[:60]!r}: `leadloom jobs` lists what there is.")

    def _mine(self, queue: "Queue | None", start: int) -> Iterator[tuple[int, Job]]:
        """Yield the jobs of this workspace, each with its place among all."""
        while queue is not None:
            found = queue.list(limit=_PAGE, offset=start)
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


_INSIDE = ("workspace", "user")
