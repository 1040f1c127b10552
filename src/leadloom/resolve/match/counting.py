"""The census of a table of people or companies, taken from its columns."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from leadloom.resolve.match.census import WHOLE_NAME, Census
from leadloom.resolve.match.columns import Columns
from leadloom.resolve.match.words import skeleton

Values = Callable[[Any], Iterable[tuple[str, str]]]
Sounds = tuple[str, ...]
"""How the names of an owner sound."""

_MOST_TOLD_APART = 12  # of more owners some slips make no difference


def of_people(columns: Columns) -> Census:
    """Count how common names, employers, titles, places, addresses and lines are."""
    census = _counted(columns, (_names, None, None, None, _employer, _titles, _places))
    _count_owners(census, columns, 0, _family, {1: _mails, 2: _phones, 6: _streets})
    return census


def of_firms(columns: Columns) -> Census:
    """Count how common companies' domains, lines and places are, and the words of their names.

    What is written in many rows may be one company: words are counted once for each name, and a
    name once for each domain it is seen with.
    """
    census = _counted(columns, (None, None, None, None, _places))
    _count_owners(census, columns, 0, _first_word, {0: _homes, 2: _phones, 4: _streets})
    seen: dict[str, set[str]] = {}
    for called in columns.parts[0].values:
        for words in called.names:
            seen.setdefault(" ".join(words), set()).update(called.sites)
    # As if there were as many names as records: shares are of records.
    scale = len(columns) / max(len(seen), 1)
    words_seen = Counter(word for name in seen for word in set(name.split()))
    census.counts["word"] = {word: round(count * scale) for word, count in words_seen.items()}
    census.counts["firm"] = {name: len(found) for name, found in seen.items() if len(found) > 1}
    return census


def _count_owners(
    census: Census,
    columns: Columns,
    names: int,
    owner_of: Callable[[Any], Sounds],
    parts: Mapping[int, Values],
) -> None:
    """Count by how many a value is shared, who are told apart by how their names sound."""
    owners = [owner_of(value) for value in columns.parts[names].values]
    for part, values_of in parts.items():
        column = columns.parts[part]
        shared: dict[tuple[str, str], set[Sounds]] = {}
        values = [tuple(values_of(value)) for value in column.values]
        for name, value in zip(columns.parts[names].ids, column.ids, strict=True):
            if owners[name]:
                for one in values[value]:
                    shared.setdefault(one, set()).add(owners[name])
        for (kind, text), found in shared.items():
            if len(found) > 1 and (count := _told_apart(found)) > 1:
                census.counts.setdefault(kind, {})[text] = count


def _told_apart(owners: set[Sounds]) -> int:
    """Return how many owners are left when those with a name in common are counted as one.

    A family has one surname; somebody whose surname was mistyped, or given first, has a given name.
    """
    if len(owners) > _MOST_TOLD_APART:
        return len(owners)
    groups: list[set[str]] = []
    for owner in owners:
        mine = {*owner}
        apart = []
        for group in groups:
            if group & mine:
                mine |= group
            else:
                apart.append(group)
        groups = [*apart, mine]
    return len(groups)


def _family(names: Any) -> Sounds:
    if not names:
        return ()
    words = names[0].surname[-1:] + names[0].given[:1]
    return tuple(sound for sound in map(skeleton, words) if len(sound) > 1)


def _first_word(called: Any) -> Sounds:
    return (skeleton(called.names[0][0]),) if called.names else ()


def _counted(columns: Columns, values: tuple[Values | None, ...]) -> Census:
    census = Census(len(columns))
    counts: dict[str, Counter[str]] = {}
    for column, values_of in zip(columns.parts, values, strict=True):
        if values_of is None:
            continue
        ids = np.frombuffer(column.ids, dtype=np.int32)
        seen = np.bincount(ids, minlength=len(column.values)).tolist()
        for value, times in zip(column.values, seen, strict=True):
            for kind, text in values_of(value):
                counts.setdefault(kind, Counter())[text] += times
    census.counts = {kind: dict(found) for kind, found in counts.items()}
    return census


def _names(names: Any) -> Iterable[tuple[str, str]]:
    for name in names:
        if name.given:
            yield "given", name.given[0]
            yield WHOLE_NAME, name.whole
        if name.surname:
            yield "surname", " ".join(name.surname)
            if len(name.surname) > 1:
                yield from (("surname", word) for word in name.surname)


def _mails(mails: Any) -> Iterable[tuple[str, str]]:
    return (("mail", mail.address) for mail in mails)


def _phones(phones: Any) -> Iterable[tuple[str, str]]:
    return (("phone", phone.base) for phone in phones)


def _employer(employer: Any) -> Iterable[tuple[str, str]]:
    for words in employer.names:
        yield "company", " ".join(words)
        yield from (("word", word) for word in words)
    for site in employer.sites:
        yield "site", site


def _homes(called: Any) -> Iterable[tuple[str, str]]:
    return (("home", site) for site in called.sites)


def _streets(places: Any) -> Iterable[tuple[str, str]]:
    for place in places:
        if place.street:
            yield "street", place.street
        if place.postcode:
            yield "postcode", place.postcode


def _titles(titles: Any) -> Iterable[tuple[str, str]]:
    return (("title", " ".join(title)) for title in titles)


def _places(places: Any) -> Iterable[tuple[str, str]]:
    for place in places:
        if place.city:
            yield "city", place.city
        if place.region:
            yield "region", place.region
