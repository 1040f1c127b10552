"""What is said to people and programs: sentences, tables, CSV and JSON.

A terminal gets colour and tables cut to its width; a pipe gets plain text, whole.
"""

import datetime as dt
import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TextIO, TypeVar

T = TypeVar("T")

_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column of a table: its header, and how to take its value from an item."""

    header: str
    value: Callable[[T], Any]


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person is looking at the stream (stdout unless named)."""
    return (stream or sys.stdout).isatty()


def say(text: str = "", *, style: str = "") -> None:
    """Print a line for people on stdout."""
    _line(text, sys.stdout, style)


def note(text: str) -> None:
    """Print a line for people on stderr, where it cannot disturb what a program reads."""
    _line(text, sys.stderr, "dim")


def complain(sentence: str) -> None:
    """Print what went wrong on stderr, on one line."""
    _line(f"Error: {' '.join(sentence.split())}", sys.stderr, "red")


def show_json(value: Any) -> None:
    """Print a value as JSON: on one line for programs, indented for people."""
    print(json_text(value, is_indented=is_terminal()))


def json_text(value: Any, *, is_indented: bool = False) -> str:
    """Return a value of the workspace as JSON text."""
    import orjson

    from leadloom.workspace.views import jsonable

    plain = jsonable(value)
    try:
        return orjson.dumps(
            plain, default=str, option=orjson.OPT_INDENT_2 if is_indented else None
        ).decode()
    except TypeError:  # a file's name that is not UTF-8, a number beyond 64 bits
        return json.dumps(plain, default=str, indent=2 if is_indented else None)


def show_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Print rows as CSV that no spreadsheet takes for formulas."""
    from leadloom.exports.writing import write

    sys.stdout.flush()
    write("-", rows, list(columns), kind="csv")


def show_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    dimmed: Collection[int] = (),
    wraps: bool = False,
) -> None:
    """Print a table; the rows whose numbers are in `dimmed` stand back.

    What is too long for the terminal is cut, or goes on below when the table `wraps`.
    """
    cells = [[text_of(cell) for cell in row] for row in rows]
    if is_terminal():
        from leadloom.cli.terminal import print_table

        print_table(headers, cells, dimmed, wraps=wraps)
    else:
        _plain_table(headers, cells)


def show_items(columns: Sequence[Column[T]], items: Sequence[T]) -> None:
    """Print items as a table."""
    show_table(
        [one.header for one in columns], [[c.value(item) for c in columns] for item in items]
    )


def show_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Print names and their values, one a line; what has no value is left out."""
    filled = [(name, text_of(value)) for name, value in pairs if value not in (None, "", [], {})]
    width = max((len(name) for name, _ in filled), default=0)
    for name, value in filled:
        say(f"{name.ljust(width)}  {value}")


def show_counts(counts: Iterable[tuple[int, str]]) -> None:
    """Print numbers, one below the other, each with what it counts."""
    rows = [(f"{number:,}", label) for number, label in counts]
    width = max((len(number) for number, _ in rows), default=0)
    for number, label in rows:
        say(f"  {number.rjust(width)}  {label}")


def text_of(value: Any) -> str:
    """Return a value as one line of text without anything a terminal would act on."""
    from leadloom.exports.table import cell_text

    if isinstance(value, dt.datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    return harmless(" ".join(cell_text(value).split()))


def harmless(text: str) -> str:
    """Return text without control characters, which could steer the terminal it is shown on."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else " " for c in text)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: "1 lead", "1,200 leads", "2 companies"."""
    return f"{number:,} {agreeing(number, noun, plural)}"


def agreeing(number: int, noun: str, plural: str | None = None) -> str:
    """Return the noun as it is said after the number."""
    return noun if number == 1 else plural or noun + "s"


def _line(text: str, stream: TextIO, style: str) -> None:
    lines = [harmless(line) for line in text.split("\n")]
    if not (style and is_terminal(stream)):
        print("\n".join(lines), file=stream)
        return
    from rich.console import Console
    from rich.text import Text

    Console(file=stream).print(Text("\n".join(lines), style=style), soft_wrap=True)


def _plain_table(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(headers, *cells, strict=True)]
    for row in (headers, *cells):
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())
