"""vCard 2.1, 3.0 and 4.0 as a table, one card at a time, forgiving what exporters get wrong.

Written after RFC 6350 (4.0), RFC 2426 (3.0) and the versit vCard 2.1 specification. vobject, the
kept library, fails on 8 of 27 real cards.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from leadloom.imports.files.encoding import tell_encoding
from leadloom.imports.files.lines import OVERLONG, Lines
from leadloom.imports.files.source import Source
from leadloom.imports.files.table import BadRow, Limits, Row, Table, columns_of, peek
from leadloom.imports.files.text import Text
from leadloom.imports.files.vcard_cells import card_cells
from leadloom.imports.files.vcard_property import read_property

TEXT_SHOWN = 200
BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
PROPERTY = re.compile(r"[\w.-]+[;:]")
BINARY = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:]", re.IGNORECASE)
LONGEST_HEAD = 1_000


def vcard_table(source: Source, encoding: str | None, limits: Limits) -> Table:
    """A vCard source as a table of cards, numbered from 1. Photos and keys are left out.

    A byte that is not UTF-8 is read by its property's CHARSET, else by the file's likeliest code
    page, as one file may hold cards of several phones.
    """
    told = tell_encoding(source, encoding)
    notes = [told.note] if told.note else []
    wide = told.name.startswith(("utf-16", "utf-32"))
    text = Text(source, told.name if wide else "utf-8", notes.append, keep_strays=True)
    fallback = "cp1252" if wide or told.name.startswith("utf-8") else told.name
    cards = _cards(Lines(text, limits.row_bytes), limits, notes.append, source.name)
    sample, rows = peek(_row(number, card, fallback, limits) for number, card in cards)
    if not sample:
        notes.append(f"{source.name} holds no cards that can be read")
    return Table(source.name, "vcard", columns_of(sample), sample, rows, notes, told.name)


@dataclass(slots=True)
class Card:
    """The unfolded lines of a card, or why it cannot be read."""

    lines: list[list[str]] = field(default_factory=list)
    size: int = 0
    within: int = 1
    broken: str | None = None

    def add(self, line: str, limits: Limits) -> None:
        """Take one line of the file: a property, or more of the one before."""
        if BEGIN.fullmatch(line):
            self.within += 1
        elif END.fullmatch(line):
            self.within -= 1
        if self.within != 1 or not line.strip():
            return
        cut, line = line.startswith(OVERLONG), line.removeprefix(OVERLONG)
        before = self.lines[-1] if self.lines else None
        if before and _is_binary(before) and not _starts_property(line):
            return
        self.size += len(line)
        if cut and not BINARY.match(line):
            self.size = limits.row_bytes + 1
        if self.size > limits.row_bytes or len(self.lines) > limits.columns:
            self.broken = (
                f"it is longer than {limits.row_bytes:,} characters or {limits.columns:,} lines"
            )
            self.lines = self.lines[:1]
        elif not (before and _continues(before, line)):
            self.lines.append([line])


def _continues(before: list[str], line: str) -> bool:
    """Add a line to the property before it, if it is folded, soft-broken, or no property."""
    if before[-1].endswith("=") and _is_quoted_printable(before[0]):
        before[-1] = before[-1][:-1]
        before.append(line)
    elif line[0] in " \t":
        before.append(line[1:])
    elif not PROPERTY.match(line):
        before.append("\n" + line)
    else:
        return False
    return True


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line[:LONGEST_HEAD].partition(":")[0].upper()


def _is_binary(lines: list[str]) -> bool:
    return BINARY.match(lines[0]) is not None


def _starts_property(line: str) -> bool:
    return line[0] not in " \t" and PROPERTY.match(line) is not None


def _cards(
    lines: Lines, limits: Limits, note: Callable[[str], None], name: str
) -> Iterator[tuple[int, Card]]:
    number = strays = 0
    card: Card | None = None
    for ended_line in lines:
        line = ended_line.rstrip("\r\n").removeprefix("\ufeff")
        agent = card is not None and card.lines and card.lines[-1][0].upper().startswith("AGENT")
        if BEGIN.fullmatch(line) and not (agent or (card and card.within > 1)):
            if card:
                card.broken = "it has no END:VCARD"
                yield number, card
            number, card = number + 1, Card()
        elif card:
            card.add(line, limits)
            if not card.within:
                yield number, card
                card = None
        elif line.strip():
            strays += 1
    if card:
        card.broken = "it has no END:VCARD; the file may be cut off"
        yield number, card
    if strays:
        note(f"{name}: {strays:,} lines outside of cards were left out")


def _row(number: int, card: Card, fallback: str, limits: Limits) -> Row | BadRow:
    text = "\n".join("".join(lines) for lines in card.lines[:10])[:TEXT_SHOWN]
    text = text.encode("utf-8", "replace").decode()
    if card.broken:
        return BadRow(number, card.broken, text)
    properties = [read_property("".join(lines), fallback) for lines in card.lines]
    cells = card_cells([each for each in properties if each])
    if not cells:
        return BadRow(number, "the card holds nothing", text)
    if len(cells) > limits.columns:
        return BadRow(number, f"it has {len(cells):,} properties", text)
    if any(len(value) > limits.cell_bytes for value in cells.values()):
        return BadRow(number, f"a cell is longer than {limits.cell_bytes:,} characters", text)
    return Row(number, cells)
