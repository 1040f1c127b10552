"""Charts: figures turned into shapes that `templates/_charts.html` draws in the page's colours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH, HEIGHT = 600.0, 120.0
_HUES: Final = (5, 2, 3, 7, 4, 1, 6, 0)
_GAP: Final = 0.25


@dataclass(frozen=True, slots=True)
class Line:
    """A line and the area under it as SVG paths; `slots` are (x, width) of its points."""

    line: str
    area: str
    slots: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a column."""

    x: float
    y: float
    width: float
    height: float
    hue: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of pieces upon each other; `limit_y`: where a line across goes, if one fits."""

    blocks: list[Block]
    hues: dict[str, int]
    top: float
    limit_y: float | None


def line(values: Sequence[float]) -> Line:
    """Draw how a value went; the line begins at zero and fills the height."""
    top = max(values, default=0) or 1
    step = WIDTH / max(1, len(values) - 1)
    points = [(number * step, _y(value / top)) for number, value in enumerate(values)]
    drawn = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    slot = WIDTH / max(1, len(values))
    return Line(
        drawn,
        f"{drawn} L{WIDTH:.1f} {HEIGHT:.1f} L0 {HEIGHT:.1f} Z",
        [(number * slot, slot) for number in range(len(values))],
    )


def columns(series: Mapping[str, Sequence[float]], limit: float | None = None) -> Columns:
    """Draw columns of several series; a limit is drawn when it is near what was reached."""
    length = max(map(len, series.values()), default=0)
    highest = max((sum(one[n] for one in series.values()) for n in range(length)), default=0) or 1
    shows_limit = limit is not None and limit <= 3 * highest
    top = max(highest, limit or 0) if shows_limit else highest
    hues = {name: _HUES[number % len(_HUES)] for number, name in enumerate(series)}
    slot = WIDTH / max(1, length)
    blocks = []
    for number in range(length):
        reached = 0.0
        for name, values in series.items():
            if values[number]:
                below, reached = reached, reached + values[number]
                height = HEIGHT * (reached - below) / top
                x, width = slot * (number + _GAP / 2), slot * (1 - _GAP)
                blocks.append(Block(x, _y(reached / top), width, height, hues[name]))
    limit_y = _y(limit / top) if shows_limit and limit is not None else None
    return Columns(blocks, hues, top, limit_y)


def _y(share: float) -> float:
    return HEIGHT * (1 - share)


def duration(value: float | None) -> str:
    """Return a time in words: "0.4 s", "3 min", "2.5 h", "4 days"."""
    if value is None:
        return ""
    for size, unit in ((86_400 * 2, "days"), (3_600, "h"), (60, "min")):
        if value >= size:
            count = value / (86_400 if unit == "days" else size)
            return f"{count:.0f} {unit}" if count >= 10 else f"{count:.1f} {unit}"
    return f"{value:.0f} s" if value >= 10 else f"{value:.1f} s"


def dollars(value: float) -> str:
    """Return an amount of US dollars; more digits where it is small."""
    return f"${value:,.2f}" if value >= 1 or not value else f"${value:.4f}".rstrip("0")
