"""The ledger of calls outside: may this be asked, and with what money? An intent before a paid one.

It takes what many want in one transaction (see `leadloom.jobs.writer`). One transaction writes at a
time, so what is read here holds until it is committed.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import sqlalchemy as sa

from leadloom.config import get_setting
from leadloom.connect.money import micro
from leadloom.enrich import cache, pace
from leadloom.enrich.books import Books
from leadloom.enrich.cache import Kept
from leadloom.enrich.provider import OutsideProvider
from leadloom.enrich.purse import Purse, of_day, of_run
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, among_words, insert_rows, reserve_ids, update_rows
from leadloom.storage.tables import api_usage, runs, workers

BUDGET_REACHED = "budget reached"
# What became of a call. A lost one may have been billed: it counts as spent.
Status = Literal["asked", "found", "nothing", "failed", "lost"]
# Whoever asked so much longer ago than a call takes, and has not come back, never will.
_GRACE = dt.timedelta(seconds=60)
_LOOK_AGAIN = dt.timedelta(seconds=0.2)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that is to be asked for a place of a run. `since`: no older answer will do.

    Until `patient_until` it waits for money that others have put aside and may give back.
    """

    run_id: int
    position: int
    provider: OutsideProvider
    digest: str
    lead_id: int | None
    worker: str
    patient_until: dt.datetime
    since: dt.datetime | None = None

    @property
    def price(self) -> int:
        """The most it costs, in millionths of a dollar."""
        return micro(self.provider.price_usd)

    @property
    def at(self) -> tuple[int, int, str]:
        """Where in the ledger its tries are."""
        return self.run_id, self.position, self.provider.name


@dataclass(frozen=True, slots=True)
class Grant:
    """It may be asked, not before `at`; a paid question has its row in the ledger already.

    `before` is the answer that is kept and no good any more.
    """

    at: dt.datetime
    reserved_at: dt.datetime
    usage_id: int | None
    reserved: int
    before: Kept | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Somebody else is asking the same: look again `at` this time."""

    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Resting:
    """The provider rests, and why."""

    until: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing more is asked in this run, and why."""

    reason: str


Verdict = Grant | Kept | Later | Resting | Refused


@dataclass(slots=True)
class _Open:
    """A row of the ledger that says "asked"."""

    id: int
    reserved: int
    asked_at: dt.datetime
    worker: str
    run_id: int
    place: tuple[int, int, str]


def reserve(tx: Tx, books: Books, asks: Sequence[Ask]) -> list[Verdict]:
    """Say of each question whether it may be asked, and put its price aside."""
    if not asks:
        return []
    kept = cache.find(tx, {(ask.provider.name, ask.digest) for ask in asks})
    paces = books.paces({ask.provider.name for ask in asks})
    desk = _Desk(tx, books.purse, asks, kept)
    verdicts = [
        known
        if (known := kept.get((ask.provider.name, ask.digest))) and known.is_good(tx.now, ask.since)
        else desk.decide(ask, paces[ask.provider.name])
        for ask in asks
    ]
    desk.close()
    return verdicts


class _Desk:
    """Deals with the questions of one transaction, one after the other."""

    def __init__(
        self, tx: Tx, purse: Purse, asks: Sequence[Ask], kept: Mapping[tuple[str, str], Kept]
    ) -> None:
        self._tx = tx
        self._kept = kept
        self._runs = _runs(tx, {ask.run_id for ask in asks})
        paid = [ask for ask in asks if ask.price]
        self._purse = purse
        if paid:
            purse.look({of_day(tx.now), *(of_run(ask.run_id) for ask in paid)})
        self._daily = _daily_limit(tx) if paid else None
        self._tries = tries_of(tx, paid)
        self._open = _open_rows(tx, paid)
        self._gone = _gone_workers(tx, {row.worker for rows in self._open.values() for row in rows})
        self._rows: list[dict[str, Any]] = []
        self._lost: list[dict[str, Any]] = []
        self._has_collected = False
        self._ids = iter(reserve_ids(tx.conn, api_usage, len(paid)))

    def decide(self, ask: Ask, state: pace.Pace) -> Verdict:
        """Say whether this one may be asked."""
        status, budget = self._runs[ask.run_id]
        if status != "processing":
            return Refused(status)
        if until := state.resting(self._tx.now):
            return Resting(until, state.reason or "it failed too often")
        if ask.price and (refusal := self._hold_back(ask, budget)):
            return refusal
        at = state.take(ask.provider, self._tx.now)
        usage_id = self._write(ask) if ask.price else None
        before = self._kept.get((ask.provider.name, ask.digest))
        return Grant(at, self._tx.now, usage_id, ask.price, before)

    def _hold_back(self, ask: Ask, budget: int | None) -> Verdict | None:
        """Return what speaks against paying: somebody asks already, or the money is gone."""
        for row in self._open.get((ask.provider.name, ask.digest), []):
            # For the same place, too: a run that is resumed may be worked on by those before.
            is_mine = (row.place, row.worker) == (ask.at, ask.worker)
            if not is_mine and not self._is_lost(row, ask.provider):
                return Later(self._tx.now + _LOOK_AGAIN)
            self._lose(row)
        self._open[ask.provider.name, ask.digest] = []
        for scope, limit, what in (
            (of_run(ask.run_id), budget, "the run's budget is used up"),
            (of_day(self._tx.now), self._daily, "the day's limit is used up (daily_spend_limit)"),
        ):
            left = self._purse.left(scope, limit)
            if left is None or left >= ask.price:
                continue
            self._collect()
            may_be_given_back = left + self._purse.reserved(scope) >= ask.price
            if may_be_given_back and self._tx.now < ask.patient_until:
                return Later(self._tx.now + _LOOK_AGAIN)
            self._stop(ask.run_id, what)
            return Refused(what)
        return None

    def _collect(self) -> None:
        """Where money runs short, nothing is put aside for those who are dead."""
        if self._has_collected:
            return
        self._has_collected = True
        query = (
            sa.select(api_usage)
            .join(workers, workers.c.executor == api_usage.c.worker)
            .where(
                api_usage.c.workspace_id == self._tx.workspace_id,
                api_usage.c.status == "asked",
                sa.or_(workers.c.reaped_at.is_not(None), workers.c.stopped_at.is_not(None)),
                api_usage.c.id.not_in([row["key"] for row in self._lost]),
            )
        )
        for row in self._tx.conn.execute(query).all():
            one = _open_of(row)
            self._lose(one)
            waiting = self._open.get((row.provider, row.digest), [])
            self._open[row.provider, row.digest] = [o for o in waiting if o.id != one.id]

    def _write(self, ask: Ask) -> int:
        key = next(self._ids)
        tries = self._tries[ask.at] = self._tries.get(ask.at, 0) + 1
        self._purse.reserve(of_run(ask.run_id), ask.price)
        self._purse.reserve(of_day(self._tx.now), ask.price)
        row = usage_row(self._tx, ask, tries, "asked")
        self._rows.append({"id": key, **row, "reserved_micro_usd": ask.price})
        mine = _Open(key, ask.price, self._tx.now, ask.worker, ask.run_id, ask.at)
        self._open[ask.provider.name, ask.digest] = [mine]
        return key

    def _is_lost(self, row: _Open, provider: OutsideProvider) -> bool:
        longest = dt.timedelta(seconds=provider.timeout_s) + pace.PATIENCE + _GRACE
        return row.worker in self._gone or self._tx.now - row.asked_at > longest

    def _lose(self, row: _Open) -> None:
        """Whoever asked died meanwhile: nobody knows whether it is billed, so it counts."""
        for scope in (of_run(row.run_id), of_day(row.asked_at)):
            self._purse.settle(scope, row.reserved, row.reserved)
        self._lost.append(lost_row(self._tx, row.id, row.reserved))

    def _stop(self, run_id: int, reason: str) -> None:
        self._runs[run_id] = (BUDGET_REACHED, None)
        self._tx.conn.execute(
            runs.update()
            .where(runs.c.id == run_id, runs.c.status == "processing")
            .values(
                status=BUDGET_REACHED, error=reason, finished_at=self._tx.now, **self._tx.touch()
            )
        )

    def close(self) -> None:
        """Write it all."""
        insert_rows(self._tx.conn, api_usage, self._rows)
        update_rows(self._tx.conn, api_usage, self._lost)


def lost_row(tx: Tx, key: int, reserved: int) -> dict[str, Any]:
    return {
        "key": key,
        "status": "lost",
        "cost_micro_usd": reserved,
        "settled_at": tx.now,
        "error": "whoever asked was cut short: perhaps it is billed",
    }


def usage_row(tx: Tx, ask: Ask, attempt: int, status: Status) -> dict[str, Any]:
    return {
        "workspace_id": tx.workspace_id,
        "run_id": ask.run_id,
        "position": ask.position,
        "provider": ask.provider.name,
        "attempt": attempt,
        "digest": ask.digest,
        "endpoint": ",".join(ask.provider.fields)[:255],
        "status": status,
        "reserved_micro_usd": 0,
        "cost_micro_usd": 0,
        "worker": ask.worker,
        "asked_at": tx.now,
        **tx.stamp(),
    }


def _runs(tx: Tx, ids: set[int]) -> dict[int, tuple[str, int | None]]:
    """Return each run's status and budget; one that is to be cancelled is so already."""
    query = sa.select(runs.c.id, runs.c.status, runs.c.options, runs.c.cancel_requested_at).where(
        among(tx.conn, runs.c.id, ids)
    )
    found = {}
    for row in tx.conn.execute(query):
        budget = row.options.get("budget_usd")
        status = "cancelled" if row.cancel_requested_at else row.status
        found[row.id] = (status, None if budget is None else micro(Decimal(str(budget))))
    return found


def _daily_limit(tx: Tx) -> int:
    return micro(Decimal(str(get_setting(tx, "daily_spend_limit").value)))


def tries_of(tx: Tx, asks: Sequence[Ask]) -> dict[tuple[int, int, str], int]:
    """Return the number of the last try of each question, where there was one."""
    found: dict[tuple[int, int, str], int] = {}
    for run_id in {ask.run_id for ask in asks}:
        places = {ask.position for ask in asks if ask.run_id == run_id}
        query = (
            sa.select(api_usage.c.position, api_usage.c.provider, sa.func.max(api_usage.c.attempt))
            .where(api_usage.c.run_id == run_id, among(tx.conn, api_usage.c.position, places))
            .group_by(api_usage.c.position, api_usage.c.provider)
        )
        for position, provider, last in tx.conn.execute(query):
            found[run_id, position, provider] = last
    return found


def _open_rows(tx: Tx, asks: Sequence[Ask]) -> dict[tuple[str, str], list[_Open]]:
    """Return the rows that say these very questions are being asked, by provider and digest."""
    found: dict[tuple[str, str], list[_Open]] = {}
    if not asks:
        return found
    # Asked by digest alone: with the workspace beside it, SQLite reads the whole of its ledger.
    query = sa.select(*_OF_OPEN, api_usage.c.digest, api_usage.c.workspace_id).where(
        among_words(tx.conn, api_usage.c.digest, {ask.digest for ask in asks}),
        api_usage.c.status == "asked",
    )
    for row in tx.conn.execute(query):
        if row.workspace_id != tx.workspace_id:
            continue
        one = _open_of(row)
        found.setdefault((row.provider, row.digest), []).append(one)
    return found


_OF_OPEN: Final = [
    api_usage.c[name]
    for name in (
        "id",
        "reserved_micro_usd",
        "asked_at",
        "worker",
        "run_id",
        "position",
        "provider",
    )
]


def _open_of(row: Any) -> _Open:
    place = (row.run_id, row.position, row.provider)
    return _Open(row.id, row.reserved_micro_usd, row.asked_at, row.worker, row.run_id, place)


def _gone_workers(tx: Tx, names: set[str]) -> Mapping[str, None]:
    if not names:
        return {}
    query = sa.select(workers.c.executor).where(
        workers.c.executor.in_(names),
        sa.or_(workers.c.reaped_at.is_not(None), workers.c.stopped_at.is_not(None)),
    )
    return dict.fromkeys(tx.conn.scalars(query))
