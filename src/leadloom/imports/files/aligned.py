"""Columns lined up with blanks, as in listings and reports: where each begins, and its cells."""

from collections.abc import Iterator, Sequence

_FEWEST_LINES, _ENOUGH = 3, 0.9  # so many lines, and so large a share of them, must line up
_LOOKED_AT, _LONGEST = 200, 2_000  # lines, and characters of each


def column_stops(lines: Sequence[str]) -> tuple[int, ...]:
    """Return where the columns after the first begin, counting characters; () when none line up.

    Between two columns nearly every line has blanks, at least two in the header; each has a name.
    """
    some = [line.rstrip() for line in lines[:_LOOKED_AT] if line.strip()]
    if len(some) < _FEWEST_LINES or any("\t" in line or len(line) > _LONGEST for line in some):
        return ()
    header, stops = some[0], list(_gap_ends(some))
    ends = [*stops, len(header)][1:]
    named = tuple(at for at, end in zip(stops, ends, strict=False) if header[at:end].strip())
    fits = sum(sum(map(bool, cells_at(line, named))) > 1 for line in some)
    return named if named and fits >= _ENOUGH * len(some) else ()


def cells_at(line: str, stops: Sequence[int]) -> list[str]:
    """Return the cells of a line; a text that is too long for its column keeps all its letters."""
    cells: list[str] = []
    begin = 0
    for stop in (*stops, len(line)):
        end = stop
        while begin < end < len(line) and line[end - 1] != " ":  # it reaches into the next one
            end += 1
        cells.append(line[begin:end].strip())
        begin = max(begin, end)
    return cells


def _gap_ends(lines: Sequence[str]) -> Iterator[int]:
    """Yield the ends of the gaps that go through nearly all lines, the header among them."""
    width = max(map(len, lines))
    texts = [line.ljust(width) for line in lines]
    few = (1 - _ENOUGH) * len(lines)
    is_gap = [sum(text[at] != " " for text in texts) <= few for at in range(width)]
    for at in range(1, width):
        if is_gap[at - 1] and not is_gap[at] and texts[0][:at].strip():
            begin = at - 1
            while begin and texts[0][begin - 1] == " ":
                begin -= 1
            blanks = texts[0][begin:].lstrip(" ")
            if width - begin - len(blanks) > 1 and texts[0][at - 1] == " ":
                yield at
