"""Conditions people write, such as "country=DE", and the fields they and sorting are about."""

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.leads.fields import CUSTOM
from leadloom.storage.json_items import json_items, narrowed
from leadloom.storage.letters import by_code_point
from leadloom.storage.tables import companies, leads, sources
from leadloom.storage.types import Uuid16, load_json
from leadloom.values import place

LISTS: Final = {"tags", "emails", "phones", "social_urls"}
_HIDDEN: Final = {
    "uuid",
    "workspace_id",
    "winners",
    "root_id",
    "source_id",
    "merged_into",
    "custom",
}
# Lists that are stored only when there is more than one; a single one has its own column.
_SINGLE: Final = {"emails": "email", "phones": "phone"}
_TIMES: Final = ("created_at", "updated_at", "deleted_at")
_IDS: Final = ("id", "company_id")
_FLAGS: Final = {
    **dict.fromkeys(("true", "yes", "1"), True),
    **dict.fromkeys(("false", "no", "0"), False),
}
# A custom field is called what its owner likes; "…" holds what would else be read as a sign.
_CONDITION: Final = re.compile(
    r'\s*(custom\.(?:"[^"]*"|(?:[^"=~<>!]|!(?!=))+?)|[\w.]+)\s*(!=|>=|<=|=|~|>|<)(.*)', re.DOTALL
)
# Between values one of which is to hold; twice it is a letter like any other.
_BAR: Final = "|"
_BETWEEN: Final = re.compile(r"(?<!\|)\|(?!\|)")
_TAKES_SEVERAL: Final = ("=", "!=", "~")
# Nothing stored holds these, and not every database takes them in a question.
UNSTORABLE: Final = re.compile(r"[\x00\ud800-\udfff]")


def condition(table: sa.Table, text: str) -> sa.ColumnElement[bool]:
    """Read one condition ("country=DE|AT") into SQL. Raises UsageError when it makes no sense."""
    name, operator, values = read_condition(text)
    meanings = [_condition(table, name, operator, value, text) for value in values]
    return sa.and_(*meanings) if operator == "!=" else sa.or_(*meanings)


def read_condition(text: str) -> tuple[str, str, list[str]]:
    """Return the field of a condition, its sign, and the values of which one is to hold.

    Raises UsageError for what is no condition.
    """
    match = _CONDITION.fullmatch(text)
    if match is None or UNSTORABLE.search(text):
        raise UsageError(f"{text!r} is no condition: write FIELD=VALUE, FIELD~TEXT or FIELD>N.")
    values = _BETWEEN.split(match[3]) if match[2] in _TAKES_SEVERAL else [match[3]]
    told = dict.fromkeys(one.replace(_BAR * 2, _BAR).strip() for one in values)
    return match[1], match[2], list(told)


def write_condition(name: str, operator: str, values: Iterable[str]) -> str:
    """Return the condition that `read_condition` reads so."""
    told = [one.replace(_BAR, _BAR * 2) for one in values]
    return f"{name}{operator}{f' {_BAR} '.join(told)}"


def _condition(
    table: sa.Table, name: str, operator: str, value: str, text: str
) -> sa.ColumnElement[bool]:
    column = column_of(table, name)
    if name in LISTS:
        return _in_list(table, name, operator, value, text)
    if name in _IDS:
        return _is_id(table, name, operator, value, text)
    if value == "" and operator in ("=", "!="):
        return _is_empty(column, operator)
    if name == "country" and operator in ("=", "!=", "~"):
        value, operator = _country(value, operator)
    if operator == "~":
        if not isinstance(column.type, sa.String):
            raise UsageError(
                f"In the condition {text!r}, ~ asks for text and {name} is none: use =."
            )
        return contains(sa.func.lower(column), value)
    typed = _typed(column, value, text)
    if operator in ("=", "!=") and isinstance(typed, str):
        says = _unless_not(sa.func.lower(column) == typed.lower(), column, operator)
        if operator == "=" and name.startswith(CUSTOM):
            says = narrowed(says, table.c.custom, _held(_own_name(name), typed))
        return says
    if isinstance(typed, bool):
        return _is_flag(column, operator, typed, text)
    if operator == "!=":
        return sa.or_(column != typed, column.is_(None))
    return _compare(column, operator, typed)


def _country(value: str, operator: str) -> tuple[str, str]:
    """Ask for a country by its code, which is what is stored, also when it is asked by name."""
    found = place.country(value)
    if found.problem is not None or found.value is None:
        return value, operator
    return found.value, "=" if operator == "~" and len(value) > len(found.value) else operator


def contains(column: Any, value: str) -> sa.ColumnElement[bool]:
    """Whether a text in lower case holds another, signs and all."""
    result: sa.ColumnElement[bool] = column.contains(value.lower(), autoescape=True)
    return result


def fields_of(table: sa.Table) -> list[str]:
    """Return the fields of leads or companies that conditions may name, custom ones apart."""
    known = set(table.c.keys()) - _HIDDEN
    return sorted(known | {"source"} if table is leads else known)


def column_of(table: sa.Table, name: str) -> Any:
    """Return a field as SQL. Raises UsageError when there is no such field."""
    if name.startswith(CUSTOM):
        return _custom(table, name)
    if name not in fields_of(table):
        known = ", ".join(fields_of(table))
        raise UsageError(f"There is no field {name!r}: choose from {known}, custom.NAME.")
    if name == "source":
        origin = sources.alias("origin")
        named = sa.select(origin.c.name).where(origin.c.id == table.c.source_id)
        return named.correlate(table).scalar_subquery()
    return table.c[name]


def _custom(table: sa.Table, name: str) -> Any:
    return table.c.custom[_own_name(name)].as_string()


def _own_name(name: str) -> str:
    own = name.removeprefix(CUSTOM)
    if len(own) > 1 and own[0] == own[-1] == '"':
        own = own[1:-1]
    if not own or '"' in own or UNSTORABLE.search(own):
        raise UsageError(f"{name!r} names no field of your own: write custom.NAME.")
    return own


def _held(own: str, value: str) -> list[dict[str, Any]]:
    """Return what a row's own fields may hold when one of them reads so: 5 or "5"."""
    held: list[Any] = [value.lower()]
    with contextlib.suppress(ValueError):
        held.append(load_json(value.lower()))
    return [{own.lower(): one} for one in held]


def _is_id(
    table: sa.Table, name: str, operator: str, value: str, text: str
) -> sa.ColumnElement[bool]:
    """Ids are those the outside knows; the id of an absorbed company is its absorber's too."""
    if operator not in ("=", "!="):
        raise UsageError(f"The condition {text!r}: an id takes = or !=.")
    column = table.c[name]
    if value == "":
        return _is_empty(column, operator)
    try:
        wanted = uuid.UUID(value)
    except ValueError as error:
        raise UsageError(f"In the condition {text!r}, {value!r} is not an id.") from error
    if name == "id":
        return _unless_not(table.c.uuid == sa.literal(wanted, Uuid16), table.c.uuid, operator)
    named = sa.select(sa.func.coalesce(companies.c.root_id, companies.c.id)).where(
        companies.c.uuid == sa.literal(wanted, Uuid16)
    )
    firm = companies.alias("woven")
    root = named.scalar_subquery()
    woven = sa.union_all(
        sa.select(firm.c.id).where(firm.c.id == root, firm.c.root_id.is_(None)),
        sa.select(firm.c.id).where(firm.c.root_id == root),
    ).subquery()
    return _unless_not(column.in_(sa.select(woven.c.id)), column, operator)


def _is_flag(column: Any, operator: str, value: bool, text: str) -> sa.ColumnElement[bool]:
    if operator not in ("=", "!="):
        raise UsageError(f"The condition {text!r}: a field of yes or no takes = or !=.")
    return _unless_not(column.is_(value), column, operator)


def _compare(column: Any, operator: str, value: Any) -> sa.ColumnElement[bool]:
    """Compare a column with a value by an operator's sign."""
    if isinstance(value, str):
        column = by_code_point(column)
    comparisons: dict[str, Callable[[], Any]] = {
        "=": lambda: column == value,
        ">": lambda: column > value,
        "<": lambda: column < value,
        ">=": lambda: column >= value,
        "<=": lambda: column <= value,
    }
    result: sa.ColumnElement[bool] = comparisons[operator]()
    return result


def _typed(column: Any, value: str, text: str) -> Any:
    kind = column.type
    try:
        if isinstance(kind, sa.Boolean):
            return _FLAGS[value.lower()]
        if isinstance(kind, sa.Integer):
            return sa.literal(_whole(value), sa.BigInteger)
        if column.key in _TIMES:
            return _moment(value)
    except (ValueError, KeyError, OverflowError) as error:
        raise UsageError(
            f"In the condition {text!r}, {value!r} is not a value of that field."
        ) from error
    return value


def _moment(value: str) -> dt.datetime:
    """Read a time; one without a zone is UTC. Raises ValueError and OverflowError."""
    moment = dt.datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _whole(value: str) -> int:
    """Read a whole number that a database can hold. Raises ValueError."""
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return number


def _unless_not(
    holds: sa.ColumnElement[bool], column: Any, operator: str
) -> sa.ColumnElement[bool]:
    """Turn a condition around for !=; what is empty is different from everything."""
    return holds if operator == "=" else sa.or_(sa.not_(holds), column.is_(None))


def _is_empty(column: Any, operator: str) -> sa.ColumnElement[bool]:
    empty: sa.ColumnElement[bool] = column.is_(None)
    return empty if operator == "=" else sa.not_(empty)


def _in_list(
    table: sa.Table, name: str, operator: str, value: str, text: str
) -> sa.ColumnElement[bool]:
    """Ask for one item of a list; a list of one may be in the column of the single value."""
    if operator not in ("=", "!=", "~"):
        raise UsageError(f"The condition {text!r}: a list takes =, != or ~.")
    columns = [table.c[name], *([table.c[_SINGLE[name]]] if name in _SINGLE else [])]
    if value == "" and operator != "~":
        empty = sa.and_(*(column.is_(None) for column in columns))
        return empty if operator == "=" else sa.not_(empty)

    def meets(item: Any) -> sa.ColumnElement[bool]:
        lowered = sa.func.lower(item)
        return contains(lowered, value) if operator == "~" else lowered == value.lower()

    items = json_items(columns[0])
    found = sa.select(sa.literal(1)).select_from(items).where(meets(items.c.value))
    in_list: sa.ColumnElement[bool] = found.exists()
    single = [sa.and_(one.is_not(None), meets(one)) for one in columns[1:]]
    if operator == "=":
        in_list = narrowed(in_list, columns[0], [[value.lower()]])
    holds = sa.or_(in_list, *single)
    return sa.not_(holds) if operator == "!=" else holds
