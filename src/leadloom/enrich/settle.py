"""What is booked: calls that are wanted, and what calls came to, all at once.

That is written into ledger, purse, cache and pace, in one transaction.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from leadloom.connect.money import micro
from leadloom.connect.reading import Marks
from leadloom.enrich import cache
from leadloom.enrich.books import Books
from leadloom.enrich.cache import Fresh
from leadloom.enrich.ledger import (
    Ask,
    Grant,
    Status,
    Verdict,
    lost_row,
    reserve,
    tries_of,
    usage_row,
)
from leadloom.enrich.provider import Found
from leadloom.enrich.purse import Purse, of_day, of_run
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, insert_rows, update_rows
from leadloom.storage.tables import api_usage

LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a call came to. No `found`: it failed, for the reason of `error`; `is_well` says that
    whoever was asked is well all the same. `marks` are those of the pages it was read from.
    """

    ask: Ask
    grant: Grant
    duration_ms: int
    expires_at: dt.datetime
    found: Found | None = None
    error: str | None = None
    http_status: int | None = None
    after_s: float | None = None
    is_final: bool = False
    is_billed: bool = False
    is_well: bool = False
    marks: Marks = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """What it cost, in millionths of a dollar; what may be billed counts as if it were."""
        price: Decimal = self.ask.provider.price_usd
        if self.found is None:
            return micro(price) if self.is_billed else 0
        return micro(price if self.found.cost_usd is None else self.found.cost_usd)

    @property
    def status(self) -> Status:
        """What the ledger says."""
        if self.found is None:
            return "lost" if self.is_billed and self.grant.reserved else "failed"
        return "found" if self.found.answers else "nothing"


def book(tx: Tx, items: Sequence[Ask | Settlement]) -> list[Verdict | None]:
    """Settle what calls came to, then say of each question whether it may be asked.

    Settled first: what one call leaves of its money, the next may have.
    """
    asks = [one for one in items if isinstance(one, Ask)]
    books = Books(tx)
    _settle(tx, books, [one for one in items if isinstance(one, Settlement)])
    verdicts = iter(reserve(tx, books, asks))
    books.close()
    return [next(verdicts) if isinstance(one, Ask) else None for one in items]


def _settle(tx: Tx, books: Books, done: Sequence[Settlement]) -> None:
    """Write what calls came to: the ledger, the money, the cache and the pace, all at once."""
    if not done:
        return
    paid = [one for one in done if one.grant.usage_id is not None]
    days = (of_day(one.grant.reserved_at) for one in paid)
    books.purse.look({*days, *(of_run(one.ask.run_id) for one in paid)})
    _settle_paid(tx, books.purse, paid)
    _settle_free(tx, [one for one in done if one.grant.usage_id is None])
    fresh = [
        Fresh(
            one.ask.provider.name,
            one.ask.digest,
            one.ask.lead_id,
            one.found.answers,
            one.cost,
            one.expires_at,
            one.grant.before.id if one.grant.before else None,
            one.marks,
        )
        for one in done
        if one.found is not None
    ]
    cache.keep(tx, fresh)
    paces = books.paces({one.ask.provider.name for one in done})
    for one in done:
        if one.found is not None:
            paces[one.ask.provider.name].succeed()
        elif not one.is_well:
            reason = one.error or "it failed"
            paces[one.ask.provider.name].fail(tx.now, reason, one.after_s, one.is_final)


def give_up(tx: Tx, run_id: int) -> None:
    """Take for lost what a run that is over still seems to ask."""
    query = sa.select(api_usage).where(api_usage.c.run_id == run_id, api_usage.c.status == "asked")
    purse = Purse(tx)
    lost = []
    for row in tx.conn.execute(query).all():
        for scope in (of_run(run_id), of_day(row.asked_at)):
            purse.settle(scope, row.reserved_micro_usd, row.reserved_micro_usd)
        lost.append(lost_row(tx, row.id, row.reserved_micro_usd))
    update_rows(tx.conn, api_usage, lost)
    purse.close()


def _settle_paid(tx: Tx, purse: Purse, done: Sequence[Settlement]) -> None:
    if not done:
        return
    ids = [one.grant.usage_id for one in done if one.grant.usage_id is not None]
    query = sa.select(
        api_usage.c.id,
        api_usage.c.status,
        api_usage.c.reserved_micro_usd,
        api_usage.c.cost_micro_usd,
        api_usage.c.attempt,
    ).where(among(tx.conn, api_usage.c.id, ids))
    before = {row.id: row for row in tx.conn.execute(query)}
    done = _not_asked_anew(tx, done, before)
    for one in done:
        row = before[one.grant.usage_id]
        # One that was given up for lost and comes back all the same is counted already.
        reserved, cost = (row.reserved_micro_usd, one.cost)
        if row.status != "asked":
            reserved, cost = 0, one.cost - row.cost_micro_usd
        for scope in (of_run(one.ask.run_id), of_day(one.grant.reserved_at)):
            purse.settle(scope, reserved, cost)
    update_rows(
        tx.conn,
        api_usage,
        [
            {"key": one.grant.usage_id, **_came_to(tx, one), "cost_micro_usd": one.cost}
            for one in done
        ],
    )


def _not_asked_anew(
    tx: Tx, done: Sequence[Settlement], before: Mapping[int, Any]
) -> Sequence[Settlement]:
    """Leave out what was given up for lost and then asked by another, who has the answer: the
    question was paid twice, and stays in the ledger as one lost and one answered.
    """
    late = [one.ask for one in done if before[one.grant.usage_id or 0].status != "asked"]
    if not late:
        return done
    tries = tries_of(tx, late)
    return [
        one for one in done if tries.get(one.ask.at, 0) <= before[one.grant.usage_id or 0].attempt
    ]


def _settle_free(tx: Tx, done: Sequence[Settlement]) -> None:
    tries = tries_of(tx, [one.ask for one in done])
    rows = []
    for one in done:
        tries[one.ask.at] = tries.get(one.ask.at, 0) + 1
        row = usage_row(tx, one.ask, tries[one.ask.at], one.status)
        rows.append({**row, "asked_at": one.grant.reserved_at, **_came_to(tx, one)})
    insert_rows(tx.conn, api_usage, rows)


def _came_to(tx: Tx, one: Settlement) -> dict[str, Any]:
    found = one.found or Found()
    return {
        "status": one.status,
        "tokens_in": found.tokens_in,
        "tokens_out": found.tokens_out,
        "duration_ms": one.duration_ms,
        "http_status": found.http_status or one.http_status,
        "request_bytes": found.request_bytes,
        "response_bytes": found.response_bytes,
        "error": one.error[:LONGEST_ERROR] if one.error else None,
        "settled_at": tx.now,
        **tx.touch(),
    }
