"""Pages of leads or companies, as a table or as CSV."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from leadloom.cli import options
from leadloom.cli.render import (
    Column,
    counted,
    is_terminal,
    note,
    say,
    show_csv,
    show_items,
    show_table,
)

if TYPE_CHECKING:
    from leadloom.leads.query import Page

WIDE = 140  # characters of a terminal on which all columns can be read


def csv_of(page: "Page[Any]", columns: str | None, fields: Iterable[str]) -> None:
    """Print a page as CSV, with the columns asked for, else all `fields`."""
    chosen = options.read_columns(columns, fields, fields)
    show_csv(chosen, [item.as_json() for item in page.items])
    if page.next:
        note(f"There are more: --after {page.next}, or all in one with `leadloom export FILE`.")


def table_of(
    page: "Page[Any]", fields: Sequence[str], noun: str, plural: str | None = None
) -> None:
    """Print a page as a table, and how many there are."""
    show_items([Column(field, _getter(field)) for field in fields], page.items)
    more = f"; the next page: --after {page.next}" if page.next else ""
    say(f"\n{counted(len(page.items), noun, plural)}{more}.", style="dim")


def plain_table(items: Iterable[Any], fields: Sequence[str]) -> None:
    """Print some items as a table."""
    show_table(fields, [[_getter(field)(item) for field in fields] for item in items])


def is_wide() -> bool:
    """Whether all columns can be read on this terminal, or in a file."""
    return not is_terminal() or typer.get_terminal_size().columns >= WIDE


def _getter(field: str) -> Any:
    if field.startswith("custom."):
        return lambda item: item.custom.get(field.removeprefix("custom."))
    return lambda item: getattr(item, field)
