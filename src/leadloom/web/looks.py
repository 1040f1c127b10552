"""How values look on a page: numbers, times, initials, colours."""

import datetime as dt
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Final

_HUES: Final = 8
_STEPS: Final = ((60, "second"), (60, "minute"), (24, "hour"), (31, "day"), (12, "month"))


def number(value: float | None) -> str:
    """Return a number as people write it: 1,234,567."""
    return "" if value is None else f"{value:,}"


def several(count: int, noun: str) -> str:
    """Return how many of something: "1 lead", "1,200 companies"."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"


def short(value: int | None) -> str:
    """Return about how many: 940, 12k, 1.2M."""
    if value is None:
        return ""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            shown = f"{value / size:.1f}" if value < 10 * size else f"{value // size}"
            return shown.removesuffix(".0") + letter
    return str(value)


def words(name: str) -> str:
    """Return the name of a field or value as words: "lead_status" is "Lead status"."""
    text = name.removeprefix("custom.").removeprefix("company.").replace("_", " ").replace(".", " ")
    text = text.strip('"')
    return text[:1].upper() + text[1:]


def ago(moment: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """Return how long ago something was: "3 minutes ago"."""
    if moment is None:
        return "never"
    left = max(0.0, ((now or dt.datetime.now(dt.UTC)) - moment).total_seconds())
    if left < 10:
        return "just now"
    for size, unit in _STEPS:
        if left < size:
            return f"{int(left)} {unit}{'' if int(left) == 1 else 's'} ago"
        left /= size
    return f"{int(left)} year{'' if int(left) == 1 else 's'} ago"


def moment(value: dt.datetime | None) -> str:
    """Return a time to the minute, in UTC."""
    return value.strftime("%-d %b %Y, %H:%M UTC") if value else ""


def initials(name: str | None) -> str:
    """Return the first letters of the first and the last word of a name."""
    parts = [part for part in (name or "").split() if part[0].isalnum()]
    return "".join(part[0].upper() for part in parts[:1] + parts[1:][-1:]) or "?"


def hue(name: str | None) -> int:
    """Return one of a few colours, always the same for a name."""
    return zlib.crc32((name or "").encode()) % _HUES


def shown(value: Any) -> str:
    """Return any value of a field as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, dt.datetime):
        return moment(value)
    return str(value)


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "number": number,
    "several": several,
    "short": short,
    "words": words,
    "ago": ago,
    "moment": moment,
    "initials": initials,
    "hue": hue,
    "shown": shown,
}
