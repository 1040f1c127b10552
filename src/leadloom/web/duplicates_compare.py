"""Two leads (or companies), field by field: what they share, and where they differ."""

import difflib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from leadloom.web.columns import COMPANIES, LEADS
from leadloom.web.facts import LEAD_GROUPS
from leadloom.web.looks import shown, words
from leadloom.workspace.views import FieldView

Kind = Literal["same", "differs", "only"]
Part = tuple[str, bool]

# What follows from the full name or says nothing of who somebody is.
_LEFT_OUT: Final = frozenset({"first_name", "last_name", "middle_name", "email_confidence"})
_ORDER: Final = {
    name: place for place, name in enumerate(one for group in LEAD_GROUPS.values() for one in group)
}
_LABELS: Final = {one.name: one.label for one in (*COMPANIES, *LEADS)}
_FIRST: Final = ("full_name", "name")
# Words less alike than this are marked whole: letters that happen to agree tell nothing.
_ALIKE: Final = 0.7
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Side:
    """A value as parts (text, is it marked?), and where it comes from."""

    parts: list[Part]
    source: str


@dataclass(frozen=True, slots=True)
class Row:
    """A field of two leads; a side is None where nothing is known."""

    name: str
    label: str
    kind: Kind
    a: Side | None
    b: Side | None


def compared(a: Sequence[FieldView], b: Sequence[FieldView]) -> list[Row]:
    """Return the fields either has: what differs first, then what one has, then what both share."""
    ours, theirs = _by_name(a), _by_name(b)
    rows = [_row(name, ours.get(name), theirs.get(name)) for name in {**ours, **theirs}]
    rank = {"differs": 0, "same": 1, "only": 2}
    return sorted(
        rows,
        key=lambda row: (
            row.name not in _FIRST,
            rank[row.kind],
            _ORDER.get(row.name, 999),
            row.name,
        ),
    )


def _by_name(fields: Sequence[FieldView]) -> Mapping[str, FieldView]:
    return {
        one.field: one
        for one in fields
        if one.field not in _LEFT_OUT and one.value not in (None, "", [])
    }


def _row(name: str, a: FieldView | None, b: FieldView | None) -> Row:
    label = _LABELS.get(name) or words(name)
    if a is None or b is None:
        return Row(name, label, "only", _plain(a), _plain(b))
    if _folded(a.value) == _folded(b.value):
        return Row(name, label, "same", _plain(a), _plain(b))
    parts_a, parts_b = _marked(a.value, b.value)
    return Row(name, label, "differs", Side(parts_a, _source(a)), Side(parts_b, _source(b)))


def _plain(fact: FieldView | None) -> Side | None:
    return Side([(shown(fact.value), False)], _source(fact)) if fact else None


def _source(fact: FieldView) -> str:
    return f"{fact.source}, row {fact.row}" if fact.row else fact.source


def _folded(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return sorted(shown(one).casefold() for one in value)
    return shown(value).casefold()


def _marked(a: Any, b: Any) -> tuple[list[Part], list[Part]]:
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return _marked_items(a, b), _marked_items(b, a)
    return _marked_text(shown(a), shown(b))


def _marked_items(mine: Sequence[Any], theirs: Sequence[Any]) -> list[Part]:
    """Mark the items that the other has not."""
    known = {shown(one).casefold() for one in theirs}
    parts: list[Part] = []
    for one in mine:
        if parts:
            parts.append((", ", False))
        parts.append((shown(one), shown(one).casefold() not in known))
    return parts


def _marked_text(a: str, b: str) -> tuple[list[Part], list[Part]]:
    """Mark the words that differ; of two that are alike only the letters."""
    words_a, words_b = _WORDS.findall(a), _WORDS.findall(b)
    if max(len(words_a), len(words_b)) > _MOST_WORDS:
        return [(a, True)], [(b, True)]
    parts_a: list[Part] = []
    parts_b: list[Part] = []
    for is_same, ours, theirs in _runs(words_a, words_b, whole=False):
        if is_same or len(ours) != len(theirs):
            parts_a += [(word, not is_same) for word in ours]
            parts_b += [(word, not is_same) for word in theirs]
            continue
        for one, other in zip(ours, theirs, strict=True):
            for is_equal, mine, other_ones in _runs(one, other, whole=True):
                parts_a += [("".join(mine), not is_equal)] if mine else []
                parts_b += [("".join(other_ones), not is_equal)] if other_ones else []
    return _joined(parts_a), _joined(parts_b)


def _runs(
    a: Sequence[str], b: Sequence[str], *, whole: bool
) -> Iterator[tuple[bool, Sequence[str], Sequence[str]]]:
    """Yield (is it the same?, part of a, part of b); with `whole` one part of what is not alike."""
    ours, theirs = [one.casefold() for one in a], [one.casefold() for one in b]
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    if whole and matcher.ratio() < _ALIKE:
        yield False, a, b
        return
    for what, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        yield what == "equal", a[a_from:a_to], b[b_from:b_to]


def _joined(parts: Sequence[Part]) -> list[Part]:
    """Return the parts, those next to each other that are marked alike as one."""
    return [
        ("".join(text for text, _ in some), is_marked)
        for is_marked, some in itertools.groupby(parts, key=lambda part: part[1])
    ]
