"""What calls outside cost by day and provider, the limit of a day, and what came of the calls."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from leadloom.config import get_setting
from leadloom.connect.money import usd
from leadloom.storage.database import Tx
from leadloom.storage.days import day_number, day_of
from leadloom.storage.tables import api_usage


@dataclass(frozen=True, slots=True)
class Spending:
    """US dollars by day (UTC, the oldest first, without gaps) and provider."""

    limit_usd: Decimal
    days: list[dt.date]
    by_provider: dict[str, list[Decimal]]

    @property
    def today_usd(self) -> Decimal:
        """What today cost so far."""
        return sum((costs[-1] for costs in self.by_provider.values()), Decimal(0))

    @property
    def total_usd(self) -> Decimal:
        """What all these days cost."""
        return sum((sum(costs, Decimal(0)) for costs in self.by_provider.values()), Decimal(0))


@dataclass(frozen=True, slots=True)
class Success:
    """What came of the calls of one provider: `mean_ms` is None where no time was taken."""

    provider: str
    calls: int
    found: int
    failed: int
    mean_ms: float | None

    @property
    def rate(self) -> float:
        """The share of calls that found something, from 0 to 1."""
        return self.found / self.calls


def spending(tx: Tx, days: int = 30) -> Spending:
    """Return what the last days cost, today included."""
    limit = get_setting(tx, "daily_spend_limit").value
    today = tx.now.date()
    span = [today - dt.timedelta(days=ago) for ago in range(days - 1, -1, -1)]
    place = {day: number for number, day in enumerate(span)}
    day: Any = day_number(tx.conn, api_usage.c.asked_at)
    query = (
        sa.select(day, api_usage.c.provider, sa.func.sum(api_usage.c.cost_micro_usd))
        .where(*_since(tx, days), api_usage.c.cost_micro_usd > 0)
        .group_by(day, api_usage.c.provider)
    )
    costs: dict[str, list[Decimal]] = {}
    for number, provider, cost in tx.conn.execute(query):
        if (at := place.get(day_of(int(number)))) is not None:
            costs.setdefault(provider, [Decimal(0)] * days)[at] = usd(cost)
    by_provider = dict(sorted(costs.items(), key=lambda item: (-sum(item[1]), item[0])))
    return Spending(Decimal(str(limit)), span, by_provider)


def success(tx: Tx, days: int = 30) -> list[Success]:
    """Return what came of calls in the last days, by provider, most calls first."""
    calls = sa.func.count()
    query = (
        sa.select(
            api_usage.c.provider,
            calls,
            _how_many("found"),
            _how_many("failed", "lost"),
            sa.func.avg(api_usage.c.duration_ms),
        )
        .where(*_since(tx, days), api_usage.c.status != "asked")
        .group_by(api_usage.c.provider)
        .order_by(calls.desc(), api_usage.c.provider)
    )
    return [
        Success(name, count, int(found), int(failed), None if mean is None else float(mean))
        for name, count, found, failed, mean in tx.conn.execute(query)
    ]


def _since(tx: Tx, days: int) -> tuple[sa.ColumnElement[bool], ...]:
    first = tx.now.replace(hour=0, minute=0, second=0, microsecond=0)
    since = first - dt.timedelta(days=days - 1)
    return api_usage.c.workspace_id == tx.workspace_id, api_usage.c.asked_at >= since


def _how_many(*states: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((api_usage.c.status.in_(states), 1), else_=0))
