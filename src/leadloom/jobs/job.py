"""A job: a name, its data, how it is to be done, and what became of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from leadloom.errors import UsageError

State = Literal["created", "active", "completed", "failed", "cancelled", "paused"]

KEEP_DAYS: Final = 30
_HIGHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """A job that is wanted. Higher `priority` first; times in seconds.

    Of wishes with the same `singleton_key` only one waits or runs at a time. `expire_in_s` is the
    longest an attempt may take, `keep_for_s` how long the job is remembered when it is over; None:
    as long as the setting keep_jobs_days says.
    """

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0
    retry_limit: int = 2
    retry_delay_s: float = 1.0
    retry_backoff: bool = True
    start_after_s: float = 0.0
    singleton_key: str | None = None
    expire_in_s: float | None = None
    keep_for_s: float | None = None

    def __post_init__(self) -> None:
        """Raise UsageError for what cannot be meant."""
        if abs(self.priority) >= _HIGHEST:
            raise UsageError(f"A priority is a whole number below {_HIGHEST}.")
        if self.retry_limit < 0 or self.retry_delay_s < 0 or self.start_after_s < 0:
            raise UsageError("Retries, delays and starts of a job are not negative.")

    def rank(self) -> int:
        """Return the engine's priority, which counts the other way round and from one."""
        return _HIGHEST - self.priority

    def terms(self) -> dict[str, Any]:
        """Return how it is to be done, as the job carries it along."""
        return {
            "retry_limit": self.retry_limit,
            "retry_delay_s": self.retry_delay_s,
            "retry_backoff": self.retry_backoff,
            "expire_in_s": self.expire_in_s,
            "keep_for_s": self.keep_for_s,
            "singleton_key": self.singleton_key,
        }


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `output` is what it returned, or in words why it failed."""

    id: str
    name: str
    data: Mapping[str, Any]
    state: State
    priority: int
    retry_limit: int
    retry_count: int
    retry_delay_s: float
    retry_backoff: bool
    start_after: dt.datetime | None
    started_at: dt.datetime | None
    singleton_key: str | None
    expire_in_s: float | None
    created_at: dt.datetime | None
    completed_at: dt.datetime | None
    keep_until: dt.datetime | None
    output: Any
    worker: str | None


_STATES: Final[Mapping[str, State]] = {
    "ENQUEUED": "created",
    "DELAYED": "created",
    "PENDING": "active",
    "SUCCESS": "completed",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
    "CANCELLED": "cancelled",
}


def job_of(status: Any) -> Job:
    """Make a job of the engine's word on it."""
    arguments: tuple[Any, Any, Any] = (status.input or {}).get("args") or ("", {}, {})
    name, data, terms = arguments
    told = status.attributes or {}
    state = _STATES.get(status.status, "failed")
    completed = _time(status.completed_at)
    keep_s = terms.get("keep_for_s")
    return Job(
        id=status.workflow_id,
        name=name,
        data=data,
        state="paused" if state == "cancelled" and told.get("paused") else state,
        priority=_HIGHEST - status.priority if status.priority else 0,
        retry_limit=terms.get("retry_limit", 0),
        retry_count=told.get("retry_count", 0),
        retry_delay_s=terms.get("retry_delay_s", 0.0),
        retry_backoff=terms.get("retry_backoff", False),
        start_after=_time(status.delay_until_epoch_ms),
        started_at=_time(status.dequeued_at),
        singleton_key=terms.get("singleton_key"),
        expire_in_s=terms.get("expire_in_s"),
        created_at=_time(status.created_at),
        completed_at=completed,
        keep_until=completed + dt.timedelta(seconds=keep_s) if completed and keep_s else None,
        output=str(status.error) if status.error is not None else status.output,
        worker=status.executor_id,
    )


def wish_of(job: Job) -> Wish:
    """Return what was wanted of a job, to be done as soon as somebody is free."""
    own = {name: getattr(job, name) for name in Wish.__dataclass_fields__ if hasattr(job, name)}
    return Wish(**own)


def forgotten_at(status: Any, days: int) -> dt.datetime:
    """Return from when on a job that is over is not remembered; `days` where it does not say."""
    arguments: list[Any] = list((status.input or {}).get("args") or ())
    terms = arguments[2] if len(arguments) == 3 else {}
    over = _time(status.completed_at or status.updated_at or status.created_at)
    keep_s = terms.get("keep_for_s") or days * 86_400.0
    return (over or dt.datetime.min.replace(tzinfo=dt.UTC)) + dt.timedelta(seconds=keep_s)


def _time(milliseconds: int | None) -> dt.datetime | None:
    return None if milliseconds is None else dt.datetime.fromtimestamp(milliseconds / 1e3, dt.UTC)
