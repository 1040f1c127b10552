"""The pace of a provider, the same for all workers: its rate, and its rest when it keeps failing.

The rate is a token bucket told as one time (GCRA): from when on a call is free. A provider that
fails again and again rests, longer each time, while others go on; then one call tries it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.enrich.provider import OutsideProvider
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_new, update_rows
from leadloom.storage.tables import provider_states

FAILURES = 5
"""So many failures one after the other, and a provider rests."""

_REST = dt.timedelta(seconds=30)
_LONGEST_REST = dt.timedelta(minutes=15)
_STOPPED = dt.timedelta(hours=1)
# A wait no longer than this is waited for; before a longer one, others are asked.
PATIENCE = dt.timedelta(seconds=30)
_LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Pace:
    """How a provider fares: when it is free, how often it failed, until when it rests."""

    provider: str
    free_at: dt.datetime = _LONG_AGO
    failures: int = 0
    rests: int = 0
    rest_until: dt.datetime | None = None
    reason: str | None = None
    id: int | None = None
    is_changed: bool = False

    def resting(self, now: dt.datetime) -> dt.datetime | None:
        """Return until when nothing should be asked, or None; a short rest can be waited for."""
        if self.rest_until is None or (self.rest_until - now <= PATIENCE and not self._is_broken):
            return None
        return self.rest_until if self.rest_until > now else None

    @property
    def _is_broken(self) -> bool:
        return self.failures >= FAILURES

    def take(self, provider: OutsideProvider, now: dt.datetime) -> dt.datetime:
        """Return when a call may go out, and let the next one wait for its own turn."""
        start = max(now, self.rest_until or now)
        if provider.per_minute is None:
            return start
        step = dt.timedelta(minutes=1 / provider.per_minute)
        at = max(start, self.free_at - step * (provider.burst - 1))
        self.free_at = max(start, self.free_at) + step
        self.is_changed = True
        return at

    def succeed(self) -> None:
        """It answered: whatever was wrong is over."""
        if self.failures or self.rest_until:
            self.failures, self.rests, self.rest_until, self.reason = 0, 0, None, None
            self.is_changed = True

    def fail(self, now: dt.datetime, reason: str, after_s: float | None, is_final: bool) -> None:
        """It failed. `after_s`: it asked to be left alone so long; `is_final`: for good."""
        self.is_changed = True
        self.reason = reason[:255]
        if after_s is not None:
            self._rest(now + dt.timedelta(seconds=after_s))
            return
        self.failures = min(self.failures + 1, FAILURES * 2)
        if is_final:
            self.failures = max(self.failures, FAILURES)
            self._rest(now + _STOPPED)
        elif self.failures >= FAILURES and not self.resting(now):
            self._rest(now + min(_REST * 2**self.rests, _LONGEST_REST))
            self.rests = min(self.rests + 1, 10)

    def _rest(self, until: dt.datetime) -> None:
        self.rest_until = max(until, self.rest_until or until)


# Asked in each transaction: made once, as making it takes longer than the answer. It reads all of
# the workspace's, which are few.
_OF_WORKSPACE = sa.select(
    provider_states.c.provider,
    provider_states.c.free_at,
    provider_states.c.failures,
    provider_states.c.rests,
    provider_states.c.rest_until,
    provider_states.c.reason,
    provider_states.c.id,
).where(provider_states.c.workspace_id == sa.bindparam("workspace"))


def load(tx: Tx, names: Iterable[str]) -> dict[str, Pace]:
    """Return the pace of each of these providers."""
    wanted = set(names)
    here = {"workspace": tx.workspace_id}
    found = {row.provider: Pace(*row) for row in tx.conn.execute(_OF_WORKSPACE, here)}
    return {name: found.get(name) or Pace(name) for name in wanted}


def save(tx: Tx, paces: Iterable[Pace]) -> None:
    """Write what has changed."""
    changed = [pace for pace in paces if pace.is_changed]
    stamp = {"workspace_id": tx.workspace_id, **tx.stamp()}
    new = [_row(pace) | stamp for pace in changed if pace.id is None]
    insert_new(tx.conn, provider_states, new)
    old = [{"key": p.id, **_row(p), **tx.touch()} for p in changed if p.id is not None]
    update_rows(tx.conn, provider_states, old)


def _row(pace: Pace) -> dict[str, Any]:
    names = ("provider", "free_at", "failures", "rests", "rest_until", "reason")
    return {name: getattr(pace, name) for name in names}
