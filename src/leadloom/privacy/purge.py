"""Purging: what was deleted long ago goes for good."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.events.event import record_many
from leadloom.privacy.erase import erase
from leadloom.privacy.forget import imports_of
from leadloom.resolve.family import members_of
from leadloom.runs.run import Run
from leadloom.storage.database import Tx
from leadloom.storage.tables import campaigns, leads, messages

# Leads a transaction: others get to write in between.
BATCH = 100
_AGE = re.compile(r"(\d{1,5})\s*(d|w|m|y)", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted before a time and is gone now, or would be; rows by kind."""

    before: dt.datetime
    leads: int
    campaigns: int
    counts: dict[str, int]
    is_dry_run: bool

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)


def read_age(text: str) -> dt.timedelta:
    """Read "90d", "12w", "6m" (of 30 days) or "1y". Raises UsageError."""
    found = _AGE.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no age: write 90d for days, or 12w, 6m, 1y.")
    return dt.timedelta(days=int(found[1]) * _DAYS[found[2].lower()])


def find_purgeable(tx: Tx, before: dt.datetime) -> Purged:
    """Say what `purge` would take."""
    people, made = (
        tx.conn.scalar(sa.select(sa.func.count()).where(*_gone(tx, table, before))) or 0
        for table in (leads, campaigns)
    )
    return Purged(before, people, made, {}, True)


def purge(
    open_tx: Callable[[], AbstractContextManager[Tx]],
    before: dt.datetime,
    clean: Callable[[Tx, list[Run]], None],
) -> Purged:
    """Erase the leads and campaigns deleted before `before`, a batch a transaction.

    `clean` is told the imports that brought them: what was noted of those in files holds them, too.
    Stopped halfway, it is gone on with by calling it again.
    """
    counts: Counter[str] = Counter()
    people = 0
    while True:
        with open_tx() as tx:
            taken = _next(tx, before)
            if not taken:
                break
            members = {one for root in taken for one in members_of(tx, root)}
            concerned = imports_of(tx, members)
            counts += erase(tx, members)
            clean(tx, concerned)
            people += len(taken)
            record_many(tx, [("lead.purged", key, None) for key in taken])
    with open_tx() as tx:
        old = sa.select(campaigns.c.id).where(*_gone(tx, campaigns, before))
        keys = list(tx.conn.scalars(old))
        of_them = messages.delete().where(messages.c.campaign_id.in_(keys))
        counts["messages"] += tx.conn.execute(of_them).rowcount
        tx.conn.execute(campaigns.delete().where(campaigns.c.id.in_(keys)))
        record_many(tx, [("campaign.purged", key, None) for key in keys])
    return Purged(before, people, len(keys), dict(+counts), False)


def _next(tx: Tx, before: dt.datetime) -> list[int]:
    query = sa.select(leads.c.id).where(*_gone(tx, leads, before)).order_by(leads.c.id)
    return list(tx.conn.scalars(query.limit(BATCH)))


def _gone(tx: Tx, table: sa.Table, before: dt.datetime) -> list[sa.ColumnElement[bool]]:
    conditions = [table.c.workspace_id == tx.workspace_id, table.c.deleted_at < before]
    return [*conditions, table.c.root_id.is_(None)] if "root_id" in table.c else conditions
