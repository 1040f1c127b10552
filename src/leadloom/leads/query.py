"""Finding leads and companies: conditions, order, and pages that cost the same anywhere."""

import base64
import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.leads.company import Company, company_of, select_companies
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.match_key import hash_of
from leadloom.storage.database import Tx
from leadloom.storage.tables import companies, lead_keys, leads, sources
from leadloom.storage.types import dump_json, load_json
from leadloom.values import email, linkedin
from leadloom.values.text import fold as fold_text

_CONDITION = re.compile(r"^\s*([\w.]+)\s*(!=|>=|<=|=|~|>|<)(.*)$", re.DOTALL)
_LISTS = {"tags", "emails", "phones", "social_urls"}
_HIDDEN = {"id", "uuid", "workspace_id", "search_text", "winners", "root_id", "source_id", "custom"}

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some of what was found, and the cursor of what comes next (None at the end)."""

    items: list[T]
    next: str | None


@dataclass(frozen=True)
class _Kind(Generic[T]):
    """What differs between leads and companies."""

    table: sa.Table
    select: Callable[[Tx], sa.Select[Any]]
    make: Callable[[Any], T]
    noun: str


_LEADS = _Kind[Lead](leads, select_leads, lead_of, "lead")
_COMPANIES = _Kind[Company](companies, select_companies, company_of, "company")


def list_leads(tx: Tx, text: str = "", **options: Any) -> Page[Lead]:
    """Return a page of leads that hold all words of `text`; see `_list` for the options."""
    return _list(tx, _LEADS, text, **options)


def list_companies(tx: Tx, text: str = "", **options: Any) -> Page[Company]:
    """Return a page of companies that hold all words of `text`; see `_list` for the options."""
    return _list(tx, _COMPANIES, text, **options)


def _list(
    tx: Tx,
    kind: _Kind[T],
    text: str = "",
    *,
    where: Sequence[str] = (),
    sort: str | None = None,
    limit: int = 50,
    after: str | None = None,
    is_deleted: bool = False,
) -> Page[T]:
    """Return a page of rows.

    `where`: conditions FIELD=VALUE, FIELD!=VALUE, FIELD~TEXT (contains), FIELD>N, FIELD<N, >=, <=;
    an empty VALUE asks for rows without one; custom fields as custom.NAME. `sort`: a field, with
    `-` in front for descending; newest first by default. `after`: the cursor of the page before.
    Raises UsageError for a field, condition or cursor that makes no sense.
    """
    if limit < 1:
        raise UsageError("--limit takes a whole number from 1 on.")
    table = kind.table
    query = kind.select(tx).where(*_visible(table, is_deleted), *_words(table, text))
    query = query.where(*[condition(table, one) for one in where])
    column, is_descending = _order(table, sort)
    if after:
        query = query.where(_beyond(table, column, is_descending, _read_cursor(after)))
    direction = sa.desc if is_descending else sa.asc
    ordering = [] if column is table.c.id else [column.is_(None), direction(column)]
    query = query.order_by(*ordering, direction(table.c.id)).limit(limit + 1)
    rows = tx.conn.execute(query).all()
    cursor = None
    if len(rows) > limit:
        cursor = _write_cursor(rows[limit - 1]._mapping, column)
    return Page([kind.make(row) for row in rows[:limit]], cursor)


def each_lead(tx: Tx, text: str = "", where: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield every lead found, oldest first, in its JSON shape; a page in memory at a time."""
    after = None
    while True:
        page = list_leads(tx, text, where=where, sort="id", limit=1_000, after=after)
        yield from (lead.as_json() for lead in page.items)
        if (after := page.next) is None:
            return


def condition(table: sa.Table, text: str) -> sa.ColumnElement[bool]:
    """Read one condition ("country=DE") into SQL. Raises UsageError when it makes no sense."""
    match = _CONDITION.match(text)
    if match is None or "\x00" in text:
        raise UsageError(f"{text!r} is no condition: write FIELD=VALUE, FIELD~TEXT or FIELD>N.")
    name, operator, value = match[1], match[2], match[3].strip()
    column = _column(table, name)
    if name in _LISTS:
        return _in_list(column, operator, value, text)
    if value == "" and operator in ("=", "!="):
        return _is_empty(column, operator)
    if operator == "~":
        if not isinstance(column.type, sa.String):
            raise UsageError(
                f"In the condition {text!r}, ~ asks for text and {name} is none: use =."
            )
        return _contains(_text(column), value)
    typed = _typed(column, value, text)
    if operator in ("=", "!=") and isinstance(typed, str):
        equal: sa.ColumnElement[bool] = sa.func.lower(column) == typed.lower()
        return equal if operator == "=" else sa.or_(sa.not_(equal), column.is_(None))
    if operator == "!=":
        return sa.or_(column != typed, column.is_(None))
    return _compare(column, operator, typed)


def _compare(column: Any, operator: str, value: Any) -> sa.ColumnElement[bool]:
    """Compare a column with a value by an operator's sign."""
    comparisons: dict[str, Callable[[], Any]] = {
        "=": lambda: column == value,
        ">": lambda: column > value,
        "<": lambda: column < value,
        ">=": lambda: column >= value,
        "<=": lambda: column <= value,
    }
    result: sa.ColumnElement[bool] = comparisons[operator]()
    return result


def _column(table: sa.Table, name: str) -> Any:
    if name == "source" and table is leads:
        return sources.c.name
    if name.startswith("custom."):
        return table.c.custom[name.removeprefix("custom.")].as_string()
    if name not in table.c or name in _HIDDEN:
        known = sorted(set(table.c.keys()) - _HIDDEN)
        raise UsageError(
            f"There is no field {name!r}: choose from {', '.join(known)}, custom.NAME."
        )
    return table.c[name]


def _typed(column: Any, value: str, text: str) -> Any:
    kind = column.type
    try:
        if isinstance(kind, sa.Boolean):
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
                value.lower()
            ]
        if isinstance(kind, sa.Integer):
            return sa.literal(_whole(value), sa.BigInteger)
        if column.key in ("created_at", "updated_at", "deleted_at"):
            moment = dt.datetime.fromisoformat(value)
            return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, KeyError) as error:
        raise UsageError(
            f"In the condition {text!r}, {value!r} is not a value of that field."
        ) from error
    return value


def _whole(value: str) -> int:
    """Read a whole number that a database can hold. Raises ValueError."""
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return number


def _text(column: Any) -> Any:
    return sa.func.lower(column)


def _contains(column: Any, value: str) -> sa.ColumnElement[bool]:
    result: sa.ColumnElement[bool] = column.contains(value.lower(), autoescape=True)
    return result


def _is_empty(column: Any, operator: str) -> sa.ColumnElement[bool]:
    empty: sa.ColumnElement[bool] = column.is_(None)
    return empty if operator == "=" else sa.not_(empty)


def _in_list(column: Any, operator: str, value: str, text: str) -> sa.ColumnElement[bool]:
    """A list holds a value when its JSON text holds the quoted value."""
    as_text = sa.func.lower(sa.cast(column, sa.Text))
    if operator == "~":
        return _contains(as_text, value)
    if operator not in ("=", "!="):
        raise UsageError(f"The condition {text!r}: a list takes =, != or ~.")
    if value == "":
        return _is_empty(column, operator)
    holds = _contains(as_text, dump_json(value))
    return holds if operator == "=" else sa.or_(sa.not_(holds), column.is_(None))


def _visible(table: sa.Table, is_deleted: bool) -> list[sa.ColumnElement[bool]]:
    deleted = table.c.deleted_at.is_not(None) if is_deleted else table.c.deleted_at.is_(None)
    return [table.c.root_id.is_(None), deleted]


def _words(table: sa.Table, text: str) -> list[sa.ColumnElement[bool]]:
    words = fold_text(text).split()
    return [_contains(table.c.search_text, _as_phone(word)) for word in words]


def _as_phone(word: str) -> str:
    """A number is found as it is stored, without the signs people write in it."""
    digits = re.sub(r"[()\-./]", "", word)
    return digits if len(digits) > 4 and digits.lstrip("+").isdigit() else word


def _order(table: sa.Table, sort: str | None) -> tuple[Any, bool]:
    if sort and sort.lstrip("-").startswith("custom."):
        raise UsageError("Custom fields cannot be sorted by yet: sort by one of the fixed fields.")
    if not sort or sort.lstrip("-") in ("id", "created_at"):
        return table.c.id, not sort or sort.startswith("-")
    return _column(table, sort.lstrip("-")), sort.startswith("-")


def _beyond(table: sa.Table, column: Any, is_descending: bool, at: list[Any]) -> Any:
    """Keyset paging: rows that come after (value, id) in the order; empty values come last."""
    key = table.c.id
    value, last = at
    later = key < last if is_descending else key > last
    if column is key:
        return later
    if value is None:
        return sa.and_(column.is_(None), later)
    if isinstance(column.type, type(table.c.created_at.type)):
        value = dt.datetime.fromisoformat(value)
    further = column < value if is_descending else column > value
    return sa.or_(further, sa.and_(column == value, later), column.is_(None))


def _write_cursor(row: Any, column: Any) -> str:
    name = column.name if column.table is not sources else "source"
    value = row["id"] if name == "id" else row.get(name)
    if isinstance(value, dt.datetime):
        value = value.isoformat()
    return base64.urlsafe_b64encode(dump_json([value, row["id"]]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> list[Any]:
    try:
        value, key = load_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [value, int(key)]
    except (ValueError, TypeError) as error:
        raise UsageError(f"{cursor!r} is no cursor: take `next` of the page before.") from error


def get_lead(tx: Tx, ref: str, *, with_merged: bool = False) -> Lead:
    """Return the lead with this id, or the only one with this e-mail address.

    A merged lead's id gives the one that speaks for it, unless `with_merged`. Raises NotFoundError.
    """
    return _get(tx, _LEADS, ref, with_merged)


def get_company(tx: Tx, ref: str) -> Company:
    """Return the company with this id, or its only holder of this domain."""
    return _get(tx, _COMPANIES, ref, False)


def _get(tx: Tx, kind: _Kind[T], ref: str, with_merged: bool) -> T:
    table = kind.table
    rows: Sequence[Any] = []
    for meaning in _meanings(tx, table, ref.replace("\x00", "").strip()):
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


def _meanings(tx: Tx, table: sa.Table, ref: str) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what a person may mean by `ref`, likeliest and cheapest first."""
    with contextlib.suppress(ValueError):
        yield table.c.uuid == uuid.UUID(ref)
        return
    is_root = table.c.root_id.is_(None)
    if table is companies:
        yield sa.and_(table.c.domain == ref.lower(), is_root)
        return
    address = email.clean(ref)
    if "@" in ref and not address.problem:
        yield table.c.id.in_(_holders_of(tx, hash_of("email", address.value)))
        yield sa.and_(table.c.email == address.value, is_root)
        return
    profile = linkedin.clean(ref)
    if not profile.problem and profile.value:
        yield table.c.id.in_(_holders_of(tx, hash_of("linkedin", profile.value)))


def _holders_of(tx: Tx, key: int) -> sa.Select[Any]:
    return (
        sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id))
        .join(lead_keys, lead_keys.c.lead_id == leads.c.id)
        .where(lead_keys.c.workspace_id == tx.workspace_id, lead_keys.c.hash == key)
    )
