"""Tables on a terminal: as wide as it is, ids never cut while anything else can be."""

import sys
from collections.abc import Collection, Sequence
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = 2  # characters between columns
NARROWEST = 8  # characters a column keeps, whatever its neighbours need


def print_table(
    headers: Sequence[str],
    cells: Sequence[Sequence[str]],
    dimmed: Collection[int],
    *,
    wraps: bool,
) -> None:
    """Print a table in the width of the terminal."""
    gaps = GAP * (len(headers) - 1)
    natural = [
        max(map(cell_len, column), default=0) for column in zip(headers, *cells, strict=True)
    ]
    kept = [header == "id" or header.endswith(" id") for header in headers]
    screen = Console(file=sys.stdout).width
    widths = fitted(natural, kept, screen - gaps)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for header, width in zip(headers, widths, strict=True):
        overflow: Literal["fold", "ellipsis"] = "fold" if wraps else "ellipsis"
        table.add_column(Text(header), width=width, no_wrap=not wraps, overflow=overflow)
    for number, row in enumerate(cells):
        table.add_row(*map(Text, row), style="dim" if number in dimmed else "")
    Console(file=sys.stdout, width=max(screen, sum(widths) + gaps)).print(table)


def fitted(natural: Sequence[int], kept: Sequence[bool], room: int) -> list[int]:
    """Return the widths of columns that fit into `room` characters, taking from the widest first.

    Those that are to be `kept` stay whole; the others keep `NARROWEST` each.
    """
    widths = list(natural)
    able = [number for number, is_kept in enumerate(kept) if not is_kept]
    while sum(widths) > room and able:
        widest = max(able, key=widths.__getitem__)
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths
