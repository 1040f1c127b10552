"""Which answers come first.

For each term a document has a level, from a whole word of the name down to a typing error in a
note; the classes of answers follow from the worst and the best of them. Within a class the newest
comes first. The order follows from the document alone, so a page can begin anywhere in it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from leadloom.search import engine
from leadloom.search.documents import (
    COMPANY,
    DELETED,
    EMAIL,
    KEYED,
    MORE,
    NAME,
    NOTES,
    PHONE,
    TITLE,
    whole_of,
)
from leadloom.search.language import Term
from leadloom.search.numbers import FORWARDS, Number, backwards

Query = Any
# (class, id): the order of answers is by class, and within one by id from the highest down.
Place = tuple[int, int]

# Levels: in which fields a term is found, and how. The first two are what a person is known by.
WORD_OF_NAME, START_OF_NAME = 1, 2
_Fields = Mapping[int, tuple[str, ...]]
_EXACTLY: _Fields = {1: (NAME, EMAIL), 3: (COMPANY, TITLE)}
_BEGINNING: _Fields = {2: (NAME, EMAIL), 4: (COMPANY, TITLE), 5: (MORE,), 6: (NOTES,)}
_ALMOST: _Fields = {7: (NAME,), 8: (EMAIL, COMPANY), 9: (TITLE, MORE)}
_FARTHER: _Fields = {10: (NAME, EMAIL, COMPANY)}
_ELSEWHERE: _Fields = {5: (MORE,), 6: (NOTES,)}
STRICT, LAST = 6, 10
# The class between those without typing errors and those with: the whole name with one.
_ALMOST_WHOLE = 2 * STRICT - 1
# Errors a word may have: one from three letters on, two from so many.
_LONG = 8
# Letters of a word that may be wrong and only begun at the same time.
_BEGUN = 5
_LONGEST_NUMBER = 20
# With fewer answers than this, those with typing errors follow.
FEW = 10
# Answers that are taken at once and put in order here.
_AT_ONCE = 1_000
# Each term's level takes four bits of the score, which holds 24 exactly.
_BITS, _CODED = 4, 6


@dataclass
class Ranking:
    """What was asked, as a row of classes. `sources`: searchers, and the ids to pass over in each.

    An id is in one of the sources only.
    """

    terms: Sequence[Term]
    sources: Sequence[tuple[Any, frozenset[int]]]
    is_deleted: bool = False

    def places(self, after: Place | None = None) -> Iterator[Place]:
        """Yield all answers in their order, from behind `after` on, as they are asked for."""
        began, below = after or (0, None)
        seen = 0
        if began < _ALMOST_WHOLE:
            for place in self._between(0, _ALMOST_WHOLE - 1, began, below):
                seen += 1
                yield place
        if after is not None:  # some came before it
            seen = sum(1 for _ in islice(self.strict(), FEW))
        if self._is_forgiving() and seen < FEW:
            yield from self._between(_ALMOST_WHOLE, 2 * LAST - 1, began, below)

    def strict(self) -> Iterator[Place]:
        """Yield the answers without typing errors, in their order."""
        return self._between(0, _ALMOST_WHOLE - 1, 0, None)

    def _between(self, first: int, last: int, began: int, below: int | None) -> Iterator[Place]:
        """Yield the places of some classes, of the class `began` only ids under `below`."""
        early = 2 if first == 0 else first
        for number in range(max(first, began), early + 1):
            yield from self._class(number, below if number == began else None)
        rest = range(max(early + 1, began), last + 1)
        if not rest or not self._ranked:
            return
        found = self._at_once(_worst(last), START_OF_NAME if first == 0 else STRICT)
        if found is not None:
            yield from (p for p in found if after_place(p, began, below))
            return
        for number in rest:
            yield from self._class(number, below if number == began else None)

    def _class(self, number: int, below: int | None) -> Iterator[Place]:
        """Yield the places of one class; further ones are fetched when they are asked for."""
        query = self._query_of(number)
        if query is None:
            return
        query = self._visible(query)
        size = 64
        while True:
            full, found = False, []
            for searcher, passed_over in self.sources:
                ids = engine.newest(searcher, query, size, below)
                full = full or len(ids) == size
                found.append((ids, passed_over, len(ids) == size))
            # Beyond the last of a source that has more, nothing is known yet.
            known = max((ids[-1] for ids, _, more in found if more), default=0)
            merged = {
                key for ids, out, _ in found for key in ids if key >= known and key not in out
            }
            for key in sorted(merged, reverse=True):
                yield number, key
            if not full:
                return
            below, size = known, min(size * 4, 50_000)

    def _query_of(self, number: int) -> Query | None:
        """Return the query of one class; None when nothing can be in it."""
        if not self._ranked:
            return engine.everything() if number == 1 else None
        if number == 0:
            return self._whole
        worst, has_good = _worst(number), _is_known_by_one(number)
        if has_good and len(self._ranked) == 1:
            return None
        query, others = self._within(worst), self._wholes(worst)
        if worst > 1:
            others.append(self._within(worst - 1))
        if number == _ALMOST_WHOLE:
            query, others = self._almost_whole, [*self._wholes(STRICT), self._within(STRICT)]
            return None if query is None else engine.without(query, *others)
        if number > 2:
            good = engine.some(*[one.within(START_OF_NAME) for one in self._ranked])
            if has_good:
                query = engine.every(query, good)
            else:
                others.append(good)
        return engine.without(query, *others) if others else query

    def _at_once(self, worst: int, above: int) -> list[Place] | None:
        """Return all answers of levels over `above` up to `worst`; None when they are too many."""
        if len(self._ranked) > _CODED:
            return None
        query = engine.every(*[one.coded(worst, _BITS * at) for at, one in enumerate(self._ranked)])
        others = [*self._wholes(worst), self._within(above)]
        query = self._visible(engine.without(query, *others))
        places: list[Place] = []
        for searcher, passed_over in self.sources:
            found = engine.scored(searcher, query, _AT_ONCE)
            if found is None:
                return None
            places += [(self._decode(code), key) for code, key in found if key not in passed_over]
        return sorted(places, key=lambda place: (place[0], -place[1]))

    def _decode(self, code: int) -> int:
        levels = []
        for _ in self._ranked:
            levels.append(LAST + 1 - (code & (1 << _BITS) - 1))
            code >>= _BITS
        return _class_of(max(levels), is_known_by_one=min(levels) <= START_OF_NAME)

    def _within(self, level: int) -> Query:
        return engine.every(*[one.within(level) for one in self._ranked])

    def _visible(self, query: Query) -> Query:
        deleted = engine.term(KEYED, DELETED)
        out = [one.anywhere for one in self._excluded]
        if self.is_deleted:
            query = engine.every(query, deleted)
        else:
            out.append(deleted)
        return engine.without(query, *out) if out else query

    def _is_forgiving(self) -> bool:
        return any(term.is_forgiving for term in self.terms)

    @cached_property
    def _ranked(self) -> list["_Levels"]:
        return [_Levels(term) for term in self.terms if not term.is_excluded]

    @cached_property
    def _excluded(self) -> list["_Levels"]:
        return [_Levels(term) for term in self.terms if term.is_excluded]

    def _wholes(self, worst: int) -> list[Query]:
        """Return what comes before all answers of this level, whatever the level of its terms."""
        almost = self._almost_whole if worst > STRICT else None
        return [query for query in (self._whole, almost) if query is not None]

    @cached_property
    def _whole(self) -> Query | None:
        """Those whose whole name, or whose address, is just what was asked for."""
        asked = [term for term in self.terms if not term.is_excluded]
        if len(asked) == 1 and asked[0].field == EMAIL and len(asked[0].words) > 1:
            return engine.phrase(EMAIL, [word[0] for word in asked[0].words])
        if not self._names:
            return None
        names = engine.some(*[engine.term(KEYED, key) for key in self._names])
        return engine.every(names, self._within(START_OF_NAME))

    @cached_property
    def _almost_whole(self) -> Query | None:
        """Those whose whole name is what was asked for but for one letter."""
        if not self._names or not self._is_forgiving():
            return None
        likes = [engine.like(KEYED, key, 1, is_begun=False) for key in self._names]
        return engine.some(*likes)

    @cached_property
    def _names(self) -> list[str]:
        """The whole names, in their spellings, that the terms may be."""
        asked = [term for term in self.terms if not term.is_excluded]
        if any(term.field or not term.words or term.number or term.is_exact for term in asked):
            return []
        spelt = [[w[at] if at < len(w) else w[0] for t in asked for w in t.words] for at in (0, 1)]
        return list(dict.fromkeys(whole_of(words) for words in spelt if words))


def after_place(place: Place, began: int, below: int | None) -> bool:
    """Whether a place comes behind the one at `below` of class `began`."""
    number, key = place
    return number > began or (number == began and (below is None or key < below))


def _class_of(worst: int, *, is_known_by_one: bool) -> int:
    """Return the class of answers whose worst term has this level."""
    if worst <= START_OF_NAME:
        return worst
    number = 2 * worst - (3 if is_known_by_one else 2)
    return number if worst <= STRICT else number + 1


def _worst(number: int) -> int:
    """Return the worst level of a class."""
    if number <= START_OF_NAME:
        return max(number, 1)
    return (number + 3) // 2 if number < _ALMOST_WHOLE else (number + 2) // 2


def _is_known_by_one(number: int) -> bool:
    """Whether in this class one term at least is found in what a person is known by."""
    return number > START_OF_NAME and number % 2 == (1 if number < _ALMOST_WHOLE else 0)


class _Levels:
    """The queries of one term, by level."""

    def __init__(self, term: Term) -> None:
        self._term = term
        self._made: dict[int, Query] = {}

    def within(self, level: int) -> Query:
        """Return the documents in which the term has this level or a better one."""
        if level not in self._made:
            queries = [query for query, _ in self._up_to(level)]
            self._made[level] = engine.some(*queries) if queries else _nothing()
        return self._made[level]

    def coded(self, worst: int, shift: int) -> Query:
        """Return the same, scored by the level, `shift` bits up."""
        return engine.best((q, LAST + 1 - n << shift) for q, n in self._up_to(worst))

    @cached_property
    def anywhere(self) -> Query:
        """Documents to leave out, when the term is one to leave out: only whole words do."""
        term = self._term
        if term.field is not None or term.number is not None:
            return self.within(STRICT)
        fields = (NAME, EMAIL, COMPANY, TITLE, MORE, NOTES)
        return engine.some(*[self._exactly(field) for field in fields])

    def _up_to(self, worst: int) -> list[tuple[Query, int]]:
        term = self._term
        found: list[tuple[Query, int]] = []
        if term.number is not None:
            found += [(q, n) for q, n in _numbered(term.number) if n <= worst]
        if term.field == KEYED:
            found += [(q, n) for q, n in self._keyed() if n <= worst]
        elif term.field is not None and term.words:
            found += [(q, n) for q, n in self._in_field(term.field) if n <= worst]
        elif term.words:
            found += self._free(worst)
        return found

    def _free(self, worst: int) -> list[tuple[Query, int]]:
        ways: list[tuple[_Fields, Callable[[str], Query]]] = [
            (_EXACTLY, self._exactly),
        ]
        if self._term.is_exact:
            ways.append((_ELSEWHERE, self._exactly))
        else:
            ways.append((_BEGINNING, self._beginning))
        if self._term.is_forgiving:
            ways.append((_ALMOST, lambda field: self._almost(field, 1)))
            if len(self._term.words[0][0]) >= _LONG:
                ways.append((_FARTHER, lambda field: self._almost(field, 2)))
        return [
            (engine.some(*[make(field) for field in fields]), level)
            for levels, make in ways
            for level, fields in levels.items()
            if level <= worst
        ]

    def _in_field(self, field: str) -> Iterator[tuple[Query, int]]:
        yield self._exactly(field), 1
        if not self._term.is_exact and not self._term.is_excluded:
            yield self._beginning(field), 2
        if self._term.is_forgiving:
            yield self._almost(field, 1), 7
            if len(self._term.words[0][0]) >= _LONG:
                yield self._almost(field, 2), 10

    def _keyed(self) -> Iterator[tuple[Query, int]]:
        """Words kept with the name of their field: "city=ulm"."""
        keys = [f"{self._term.key}={word}" for spelt in self._term.words for word in spelt]
        yield engine.some(*[engine.term(KEYED, key) for key in keys]), 1
        if not self._term.is_exact and not self._term.is_excluded and self._term.key != "country":
            yield engine.some(*[engine.starting(KEYED, key) for key in keys]), 2

    def _exactly(self, field: str) -> Query:
        words = self._term.words
        if len(words) == 1:
            return engine.some(*[engine.term(field, word) for word in words[0]])
        return engine.phrase(field, [spelt[0] for spelt in words])

    def _beginning(self, field: str) -> Query:
        """Words of one piece are all in one field; the last may be just begun."""
        *first, last = self._term.words
        begun = engine.some(*[engine.starting(field, word) for word in last])
        whole = [engine.some(*[engine.term(field, word) for word in spelt]) for spelt in first]
        return engine.every(*whole, begun)

    def _almost(self, field: str, errors: int) -> Query:
        return engine.some(
            *[
                engine.like(field, word, errors, is_begun=len(word) >= _BEGUN)
                for word in self._term.words[0]
            ]
        )


def _numbered(number: Number) -> Iterator[tuple[Query, int]]:
    """A phone number: whole or by its end, or just begun, with the code of its country or not."""
    if number.whole is not None:
        yield engine.term(KEYED, FORWARDS + number.whole), 1
        yield engine.starting(KEYED, FORWARDS + number.whole), 2
    elif number.is_sure:
        yield engine.starting(KEYED, backwards(number.end)), 1
    # No number is longer; the pattern of one that is would be too large.
    if number.whole is None and len(number.end) <= _LONGEST_NUMBER:
        begun = engine.quoted(FORWARDS) + "[0-9]{1,3}" + number.end + "[0-9]*"
        yield engine.matching(KEYED, begun), 2


def _nothing() -> Query:
    return engine.without(engine.everything(), engine.everything())


__all__ = ["FEW", "PHONE", "Place", "Ranking"]
