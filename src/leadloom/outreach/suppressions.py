"""Suppressions: addresses and domains that must not be written to, whatever the facts say."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.events.event import record
from leadloom.outreach.names import checked_text
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import suppressions
from leadloom.values import email

Kind = Literal["email", "domain"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """One address, or a domain with everything below it, and why."""

    kind: Kind
    value: str
    reason: str | None
    created_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Return the suppression as JSON-able values."""
        return asdict(self)


def add_suppression(tx: Tx, value: str, reason: str | None = None) -> Suppression:
    """Never write to an address ("jane@acme.com") or a domain ("acme.com", "@acme.com") again.

    One that is there already stays, with the new reason when one is given. Raises UsageError when
    `value` is neither.
    """
    kind, clean = _read(value)
    reason = checked_text(reason, "The reason") if reason else None
    before = tx.conn.execute(sa.select(suppressions.c.id).where(*_at(tx, kind, clean))).first()
    if before is None:
        row = {"workspace_id": tx.workspace_id, "kind": kind, "value": clean, "reason": reason}
        tx.conn.execute(suppressions.insert().values(**row, **tx.stamp()))
        record(tx, "suppression.added", None, data={"kind": kind, "value": clean})
    elif reason:
        changed = suppressions.update().where(suppressions.c.id == before.id)
        tx.conn.execute(changed.values(reason=reason, **tx.touch()))
    return _suppression(tx.conn.execute(_select().where(*_at(tx, kind, clean))).one())


def remove_suppression(tx: Tx, value: str) -> Suppression:
    """Allow an address or a domain again. Raises NotFoundError when it was not suppressed."""
    kind, clean = _read(value)
    row = tx.conn.execute(_select().where(*_at(tx, kind, clean))).first()
    if row is None:
        raise NotFoundError(f"{clean} is not suppressed: nothing to take back.")
    tx.conn.execute(suppressions.delete().where(*_at(tx, kind, clean)))
    record(tx, "suppression.removed", None, data={"kind": kind, "value": clean})
    return _suppression(row)


def list_suppressions(tx: Tx) -> list[Suppression]:
    """Return all suppressions, domains first, each kind by value."""
    query = _select().where(suppressions.c.workspace_id == tx.workspace_id)
    ordered = query.order_by(suppressions.c.kind, suppressions.c.value)
    return [_suppression(row) for row in tx.conn.execute(ordered)]


def find_suppressed(tx: Tx, addresses: Collection[str]) -> dict[str, str]:
    """Return which of the clean `addresses` are suppressed, and by which address or domain."""
    by_address = {address: _covering(address) for address in addresses}
    asked = {value for covering in by_address.values() for value in covering}
    held: set[tuple[str, str]] = set()
    for some in chunks(sorted(value for _, value in asked)):
        query = sa.select(suppressions.c.kind, suppressions.c.value).where(
            suppressions.c.workspace_id == tx.workspace_id, suppressions.c.value.in_(some)
        )
        held.update((row.kind, row.value) for row in tx.conn.execute(query))
    found = {address: _first(covering, held) for address, covering in by_address.items()}
    return {address: value for address, value in found.items() if value is not None}


def _first(covering: Iterable[tuple[str, str]], held: set[tuple[str, str]]) -> str | None:
    return next((value for kind, value in covering if (kind, value) in held), None)


def _covering(address: str) -> list[tuple[str, str]]:
    """What would suppress an address: itself, its domain, and the domains above that."""
    labels = email.domain_of(address).split(".")
    above = (".".join(labels[start:]) for start in range(len(labels)))
    return [("email", address), *(("domain", domain) for domain in above if domain)]


def _read(value: str) -> tuple[Kind, str]:
    text = value.strip()
    if "@" in text.removeprefix("@"):
        address = email.clean(text)
        if address.problem or not address.value:
            raise UsageError(f"{text[:80]!r} is not an e-mail address: {address.problem}.")
        return "email", str(address.value)
    # A host is checked and spelt as the domain of an address: that is what it is compared with.
    address = email.clean(f"x@{text.removeprefix('@').removeprefix('*.')}")
    if address.problem or not address.value:
        raise UsageError(f"{text[:80]!r} is neither an e-mail address nor a domain.")
    return "domain", email.domain_of(str(address.value))


def _select() -> sa.Select[Any]:
    names = Suppression.__dataclass_fields__
    return sa.select(*(suppressions.c[name] for name in names))


def _at(tx: Tx, kind: Kind, value: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        suppressions.c.workspace_id == tx.workspace_id,
        suppressions.c.kind == kind,
        suppressions.c.value == value,
    )


def _suppression(row: Any) -> Suppression:
    return Suppression(*row)
