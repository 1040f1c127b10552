"""What calls outside have cost: by provider, run, day or lead; and how the providers fare."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from leadloom.connect.money import usd
from leadloom.enrich.outset import fitted, why_off
from leadloom.enrich.pace import load
from leadloom.enrich.registry import registry
from leadloom.secrets.secret import list_secrets
from leadloom.storage.database import Tx
from leadloom.storage.days import day_number, day_of
from leadloom.storage.tables import api_usage, leads, records, runs

By = Literal["provider", "run", "day", "lead"]
GROUPS: tuple[By, ...] = ("provider", "run", "day", "lead")


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the account. `perhaps_usd` is the part of the cost nobody knows to be billed."""

    name: str
    calls: int
    found: int
    failed: int
    tokens: int
    cost_usd: Decimal
    perhaps_usd: Decimal


def costs(tx: Tx, by: By = "provider", *, days: int = 30, limit: int = 100) -> list[Cost]:
    """Return what was spent in the last days, dearest first (days: newest first)."""
    since = tx.now - dt.timedelta(days=days)
    group, source = _group(tx, by)
    lost = sa.case((api_usage.c.status == "lost", api_usage.c.cost_micro_usd), else_=0)
    tokens = sa.func.coalesce(api_usage.c.tokens_in, 0) + sa.func.coalesce(
        api_usage.c.tokens_out, 0
    )
    cost = sa.func.sum(api_usage.c.cost_micro_usd)
    query = (
        sa.select(
            group,
            sa.func.count(),
            _how_many("found"),
            _how_many("failed", "lost"),
            sa.func.sum(tokens),
            cost,
            sa.func.sum(lost),
        )
        .select_from(source)
        .where(api_usage.c.workspace_id == tx.workspace_id, api_usage.c.asked_at >= since)
        .group_by(group)
        .order_by(group.desc() if by == "day" else cost.desc(), group)
        .limit(limit)
    )
    return [
        Cost(
            _name(by, row[0]),
            row[1],
            int(row[2] or 0),
            int(row[3] or 0),
            int(row[4] or 0),
            usd(row[5]),
            usd(row[6]),
        )
        for row in tx.conn.execute(query)
    ]


def _how_many(*states: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((api_usage.c.status.in_(states), 1), else_=0))


def _group(tx: Tx, by: By) -> tuple[Any, Any]:
    if by == "provider":
        return api_usage.c.provider, api_usage
    if by == "run":
        return runs.c.uuid, api_usage.join(runs, runs.c.id == api_usage.c.run_id)
    if by == "day":
        return day_number(tx.conn, api_usage.c.asked_at), api_usage
    record = sa.and_(
        records.c.run_id == api_usage.c.run_id, records.c.position == api_usage.c.position
    )
    named = sa.func.coalesce(leads.c.full_name, leads.c.email, sa.literal(""))
    return named, api_usage.outerjoin(records, record).outerjoin(
        leads, leads.c.id == records.c.lead_id
    )


def _name(by: By, value: Any) -> str:
    if by == "day":
        return str(day_of(int(value)))
    return str(value)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A provider as it stands: what it finds and costs, and whether it can be asked.

    `secret` names the secret that holds its key, where it takes one.
    """

    name: str
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    price_usd: Decimal
    per_minute: float | None
    is_on: bool
    status: str
    about: str
    secret: str | None = None


def provider_states(tx: Tx) -> list[ProviderState]:
    """Return every provider there is, in the order they are asked."""
    there = registry()
    paces = load(tx, there.providers)
    kept = {secret.name for secret in list_secrets(tx)}
    found = []
    for name, one in fitted(tx).items():
        resting = paces[name].resting(tx.now)
        status = "ready"
        if off := why_off(one, kept):
            status = f"off: {off}"
        elif resting:
            status = f"rests until {resting:%H:%M:%S} UTC: {paces[name].reason}"
        elif not one.is_default:
            status = "ready when named"
        found.append(
            ProviderState(
                name,
                one.fields,
                one.needs,
                getattr(one, "price_usd", Decimal(0)),
                getattr(one, "per_minute", None),
                not off,
                status,
                one.about,
                getattr(one, "secret", None),
            )
        )
    for name, problem in there.broken.items():
        state = ProviderState(name, (), (), Decimal(0), None, False, f"broken: {problem}", "")
        found.append(state)
    return found
