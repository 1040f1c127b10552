"""Finding leads and companies: conditions, order, and pages that cost the same anywhere."""

import contextlib
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.leads.company import Company, company_of, select_companies
from leadloom.leads.conditions import UNSTORABLE, condition
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.match_key import hash_of
from leadloom.leads.order import Order
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import companies, company_keys, lead_keys, leads
from leadloom.values import email, linkedin

MOST = 1_000_000  # rows of a page; whoever asks for more means all of them

_SORTED_BY = "sorted_by"

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of what was found, and the cursor of what comes next (None at the end)."""

    items: list[T]
    next: str | None


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What differs between leads and companies."""

    table: sa.Table
    select: Callable[[Tx], sa.Select[Any]]
    make: Callable[[Any], T]
    noun: str


LEADS = Kind[Lead](leads, select_leads, lead_of, "lead")
COMPANIES = Kind[Company](companies, select_companies, company_of, "company")


def list_page(
    tx: Tx,
    kind: Kind[T],
    ids: Collection[int] | None = None,
    *,
    where: Sequence[str] = (),
    sort: str | None = None,
    limit: int = 50,
    after: str | None = None,
    is_deleted: bool = False,
) -> Page[T]:
    """Return a page of rows, of all or of those with the given ids.

    `where`: conditions FIELD=VALUE, FIELD!=VALUE, FIELD~TEXT (contains), FIELD>N, FIELD<N, >=, <=;
    an empty VALUE asks for rows without one, A|B for one of several (none of them, with !=) and ||
    for the letter |; custom fields as custom.NAME. `sort`: a field, with
    `-` in front for descending; newest first by default. `after`: the cursor of the page before,
    which goes on in the same order only.
    Raises UsageError for a field, condition or cursor that makes no sense.
    """
    if limit < 1:
        raise UsageError("--limit takes a whole number from 1 on.")
    table = kind.table
    query = kind.select(tx).where(*visible(table, is_deleted))
    if ids is not None:
        query = query.where(among(tx.conn, table.c.id, ids))
    query = query.where(*[condition(table, one) for one in where])
    order = Order.of(table, sort)
    if after:
        query = query.where(order.beyond(after))
    limit = min(limit, MOST)
    query = query.add_columns(order.value.label(_SORTED_BY)).order_by(*order.by())
    rows = tx.conn.execute(query.limit(limit + 1)).all()
    cursor = None
    if len(rows) > limit:
        last = rows[limit - 1]._mapping
        cursor = order.cursor(last[_SORTED_BY], last["id"])
    return Page([kind.make(row) for row in rows[:limit]], cursor)


def each_lead(tx: Tx, where: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield every lead found, oldest first, in its JSON shape; a page in memory at a time."""
    after = None
    while True:
        page = list_page(tx, LEADS, where=where, sort="id", limit=1_000, after=after)
        yield from (lead.as_json() for lead in page.items)
        if (after := page.next) is None:
            return


def each_of(tx: Tx, ids: Collection[int], where: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield those of some leads that meet conditions, oldest first, in their JSON shape."""
    page = list_page(tx, LEADS, ids, where=where, sort="id", limit=MOST)
    yield from (lead.as_json() for lead in page.items)


def visible(table: sa.Table, is_deleted: bool) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of standing for itself, and of being deleted or not."""
    deleted = table.c.deleted_at.is_not(None) if is_deleted else table.c.deleted_at.is_(None)
    return [table.c.root_id.is_(None), deleted]


def get_lead(tx: Tx, ref: str, *, with_merged: bool = False) -> Lead:
    """Return the lead with this id, or the only one with this e-mail address.

    A merged lead gives the one that speaks for it, unless `with_merged`. Raises NotFoundError.
    """
    return get_one(tx, LEADS, ref, with_merged=with_merged)


def get_company(tx: Tx, ref: str) -> Company:
    """Return the company with this id, or its only holder of this domain."""
    return get_one(tx, COMPANIES, ref)


def get_one(tx: Tx, kind: Kind[T], ref: str, *, with_merged: bool = False) -> T:
    """Return the lead or company that answers to `ref`; see `get_lead` and `get_company`."""
    table = kind.table
    rows: Sequence[Any] = []
    for meaning in _meanings(tx, table, UNSTORABLE.sub("", ref).strip(), with_merged):
        rows = tx.conn.execute(kind.select(tx).where(meaning).limit(2)).all()
        if rows:
            break
    if len(rows) != 1:
        problem = "More than one" if rows else "No"
        raise NotFoundError(
            f"{problem} {kind.noun} answers to {ref!r}: give the id that the list shows."
        )
    root = rows[0]._mapping["root_id"]
    if root is not None and not with_merged:
        rows = tx.conn.execute(kind.select(tx).where(table.c.id == root)).all()
    return kind.make(rows[0])


def _meanings(
    tx: Tx, table: sa.Table, ref: str, with_merged: bool
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what a person may mean by `ref`, likeliest and cheapest first."""
    with contextlib.suppress(ValueError):
        yield table.c.uuid == uuid.UUID(ref)
        return
    is_root = table.c.root_id.is_(None)
    if table is companies:
        named = table.c.domain == ref.lower()
        if with_merged:
            yield sa.and_(named, table.c.root_id.is_not(None))
        yield sa.and_(named, is_root)
        yield from _holding(tx, company_keys, hash_of("domain", ref.lower()), with_merged)
        return
    address = email.clean(ref)
    if "@" in ref and not address.problem:
        yield from _holding(tx, lead_keys, hash_of("email", address.value), with_merged)
        yield sa.and_(table.c.email == address.value, is_root)
        return
    profile = linkedin.clean(ref)
    if not profile.problem and profile.value:
        yield from _holding(tx, lead_keys, hash_of("linkedin", profile.value), with_merged)


def _holding(
    tx: Tx, keys: sa.Table, key: int, with_merged: bool
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield who holds a key: merged ones themselves, if asked for; then those that speak."""
    rows, owner = (leads, keys.c.lead_id) if keys is lead_keys else (companies, keys.c.company_id)
    mine = sa.and_(keys.c.workspace_id == tx.workspace_id, keys.c.hash == key)
    if with_merged:
        themselves = sa.select(owner).where(mine)
        yield sa.and_(rows.c.id.in_(themselves), rows.c.root_id.is_not(None))
    root = sa.func.coalesce(rows.c.root_id, rows.c.id)
    holders = sa.select(root).join(keys, owner == rows.c.id).where(mine)
    yield rows.c.id.in_(holders)
