"""Values inside a template that remember which variable they came from.

Filters keep the memory, so that what finally gets printed can be traced back to its fact.
"""

from collections.abc import Iterable
from typing import Any, SupportsIndex

from jinja2 import Undefined


class Known(str):
    """Text that came from the variable `field`."""

    __slots__ = ("field",)
    field: str | None

    def __new__(cls, text: str, field: str | None) -> "Known":
        value = super().__new__(cls, text)
        value.field = field
        return value

    def __getitem__(self, key: SupportsIndex | slice) -> "Known":
        return Known(super().__getitem__(key), self.field)


class KnownNumber(float):
    """A number that came from the variable `field`."""

    __slots__ = ("field",)
    field: str | None

    def __new__(cls, number: float, field: str | None) -> "KnownNumber":
        value = super().__new__(cls, number)
        value.field = field
        return value


class KnownList(list[Known]):
    """A list whose texts came from the variable `field`."""

    __slots__ = ("field",)

    def __init__(self, items: Iterable[Any], field: str | None) -> None:
        super().__init__(Known(str(item), field) for item in items)
        self.field = field


class Hole(Undefined):
    """A variable without a value: false, empty, and neither more nor less than anything."""

    __slots__ = ()

    @property
    def field(self) -> str | None:
        """The variable that has no value."""
        return self._undefined_name

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]


def known(field: str, value: Any) -> Any:
    """`value` with the memory that it came from `field`; a Hole when there is nothing."""
    if value is None or value == "" or value == []:
        return Hole(name=field)
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return KnownNumber(value, field)
    if isinstance(value, list | tuple):
        return KnownList(value, field)
    return Known(str(value), field)


def field_of(value: Any) -> str | None:
    """The variable a value came from, or None for a template's own text."""
    return value.field if isinstance(value, Known | KnownNumber | KnownList | Hole) else None


def printed(value: Any) -> str:
    """The text of a value in a letter: lists with commas, whole numbers without a point."""
    match value:
        case None | Undefined():
            return ""
        case list() | tuple():
            return ", ".join(printed(item) for item in value)
        case float() if value.is_integer():
            return str(int(value))
        case Known():
            return str.__str__(value)
    return str(value)
