"""The purse: what may be spent, is reserved and was spent, by run and by day (UTC).

All of it happens in the transaction it is part of, and only one transaction writes at a time: so
two workers cannot both take the last cent.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from leadloom.connect.money import usd
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among_words, insert_new, update_rows
from leadloom.storage.tables import runs, spending


def of_run(run_id: int) -> str:
    """Return the scope of a run's money."""
    return f"run:{run_id}"


def of_day(at: dt.datetime) -> str:
    """Return the scope of a day's money."""
    return _of_date(at.astimezone(dt.UTC).date())


@lru_cache(maxsize=16)
def _of_date(date: dt.date) -> str:
    return f"day:{date}"


@dataclass(slots=True)
class _Pot:
    reserved: int = 0
    spent: int = 0
    id: int | None = None
    is_changed: bool = False
    is_paid_from: bool = False


class Purse:
    """The money of one transaction, in millionths of a dollar, written down by `close`."""

    def __init__(self, tx: Tx) -> None:
        """Open the purse; it looks how a scope stands when that is asked for."""
        self._tx = tx
        self._pots: dict[str, _Pot] = {}

    def look(self, scopes: Collection[str]) -> None:
        """Look how these scopes stand, all at once: they are about to be asked for."""
        if new := set(scopes) - self._pots.keys():
            self._look(new)

    def left(self, scope: str, limit: int | None) -> int | None:
        """Return what may still be reserved; None without a limit."""
        if limit is None:
            return None
        pot = self._pot(scope)
        return limit - pot.reserved - pot.spent

    def spent(self, scope: str) -> int:
        """Return what was spent."""
        return self._pot(scope).spent

    def reserved(self, scope: str) -> int:
        """Return what is put aside: some of it may be given back."""
        return self._pot(scope).reserved

    def reserve(self, scope: str, amount: int) -> None:
        """Put an amount aside."""
        self._change(scope, amount, 0)

    def settle(self, scope: str, reserved: int, cost: int) -> None:
        """Give back what was put aside, and write down what it came to."""
        self._change(scope, -reserved, cost)

    def close(self) -> None:
        """Write what has changed; a run tells its cost itself."""
        changed = {scope: pot for scope, pot in self._pots.items() if pot.is_changed}
        stamp = {"workspace_id": self._tx.workspace_id, **self._tx.stamp()}
        insert_new(
            self._tx.conn,
            spending,
            [_row(scope, pot) | stamp for scope, pot in changed.items() if pot.id is None],
        )
        update_rows(
            self._tx.conn,
            spending,
            [
                {"key": pot.id, **_row(scope, pot), **self._tx.touch()}
                for scope, pot in changed.items()
                if pot.id is not None
            ],
        )
        for scope, pot in changed.items():
            kind, _, key = scope.partition(":")
            if kind == "run" and pot.is_paid_from:
                change = runs.update().where(runs.c.id == int(key))
                self._tx.conn.execute(change.values(actual_cost_usd=usd(pot.spent)))

    def _change(self, scope: str, reserved: int, spent: int) -> None:
        if not (reserved or spent):
            return
        pot = self._pot(scope)
        pot.reserved += reserved
        pot.spent += spent
        pot.is_changed = True
        pot.is_paid_from |= bool(spent)

    def _pot(self, scope: str) -> _Pot:
        if scope not in self._pots:
            self._look({scope})
        return self._pots[scope]

    def _look(self, scopes: Collection[str]) -> None:
        self._pots |= {scope: _Pot() for scope in scopes}
        query = sa.select(
            spending.c.scope,
            spending.c.reserved_micro_usd,
            spending.c.spent_micro_usd,
            spending.c.id,
        ).where(
            spending.c.workspace_id == self._tx.workspace_id,
            among_words(self._tx.conn, spending.c.scope, scopes),
        )
        for scope, *pot in self._tx.conn.execute(query):
            self._pots[scope] = _Pot(*pot)


def _row(scope: str, pot: _Pot) -> dict[str, Any]:
    return {
        "scope": scope,
        "reserved_micro_usd": pot.reserved,
        "spent_micro_usd": pot.spent,
    }
