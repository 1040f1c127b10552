"""What somebody types into the search box, read into terms.

anna mueller            both words, in any order, typing errors forgiven
"acme gmbh"             these words in this order, as they are
title:cto  city:"new york"   in this field
-tag:customer  -berlin  without it
+49 170 1234567         a phone number, however it is written
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leadloom.search.documents import ASKED, EMAIL, KEYED, KEYS, PHONE
from leadloom.search.numbers import Number, find_numbers
from leadloom.search.words import LONGEST, is_paired, spellings, words_asked, words_of
from leadloom.values import place

_PIECE = re.compile(r'(-?)(?:([^\W\d][\w.]*):)?(?:"([^"]*)"?|([^\s"]+))')
_SCHEME = re.compile(r"\b(?:https?|mailto|tel):(?://)?(?:www\.)?", re.IGNORECASE)
_MOST = 12  # terms that are looked at; whoever pastes a page means its beginning


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that is looked for.

    `words` follow each other; each is a tuple of the spellings that will do. `field` is a field
    of the index, and `key` its part before "=" when that is the keyed one. `is_exact`: in quotes,
    so the words stand as they are. `number` is the phone number the same text may be.
    """

    words: tuple[tuple[str, ...], ...] = ()
    field: str | None = None
    key: str | None = None
    is_exact: bool = False
    is_excluded: bool = False
    number: Number | None = None

    @property
    def is_forgiving(self) -> bool:
        """Whether this may be a word with a typing error in it."""
        if self.is_exact or self.is_excluded or len(self.words) != 1 or self.field == PHONE:
            return False
        word = self.words[0][0]
        return len(word) > 2 and not is_paired(word) and not any(c.isdigit() for c in word)


def read(text: str) -> list[Term]:
    """Return the terms of a text; there is no text that makes no sense, only one without any."""
    terms: list[Term] = []
    quoted = text.count('"') > 1
    numbers, rest = ([], text) if quoted or ":" in text else find_numbers(text)
    terms += [Term(_plain(one.text), number=one) for one in numbers]
    for match in _PIECE.finditer(_SCHEME.sub(" ", rest)):
        terms += _terms(*match.groups())
    return terms[:_MOST]


def _terms(minus: str, name: str | None, quoted: str | None, bare: str | None) -> Iterator[Term]:
    text, is_exact, is_out = quoted or bare or "", quoted is not None, bool(minus)
    field = (name or "").lower()
    if name is None or not (field in ASKED or field in KEYS or field.startswith("custom.")):
        yield from _free(f"{name}:{text}" if name else text, is_exact, is_out)
    elif ASKED.get(field) == PHONE:
        found, _ = find_numbers(text)
        for number in found:
            yield Term(field=PHONE, is_excluded=is_out, number=number)
    elif field in ASKED:
        for words in _phrases(text, is_exact):
            yield Term(words, ASKED[field], is_exact=is_exact, is_excluded=is_out)
    else:
        for value in _key_words(field, text):
            yield Term(((value,),), KEYED, _key_of(field), is_exact=is_exact, is_excluded=is_out)


def _free(text: str, is_exact: bool, is_out: bool) -> Iterator[Term]:
    for words in _phrases(text, is_exact):
        yield Term(words, EMAIL if _is_address(text) else None, None, is_exact, is_out)


def _is_address(text: str) -> bool:
    return "@" in text.strip("@")


def _phrases(text: str, is_exact: bool) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield the words of a piece without spaces as one row; words apart stand for themselves."""
    if is_exact:
        if exact := tuple((word,) for word in words_asked(text)):
            yield exact
    elif _JOINED.fullmatch(text):  # a double name: each part may have its own error
        yield from (_plain(part) for part in text.replace("\u2010", "-").split("-") if part)
    elif words := _plain(text):
        yield words


_JOINED = re.compile(r"[^\W\d_]+(?:[-'\u2010\u2011\u2019][^\W\d_]+)+")


def _plain(text: str) -> tuple[tuple[str, ...], ...]:
    words = words_asked(text)
    if len(words) == 1:
        return (tuple(spellings(text)),)
    return tuple(tuple(spellings(word)) for word in words)


def _key_of(field: str) -> str:
    if field in KEYS:
        return KEYS[field]
    return ("custom." + "_".join(words_of(field.removeprefix("custom."))))[:LONGEST]


def _key_words(field: str, text: str) -> Sequence[str]:
    if field == "country" and (code := place.country(text)) and not code.problem and code.value:
        return [str(code.value).lower()]
    if field in ("status", "stage", "lead_status", "enrichment_status"):
        return [text.lower()]
    return words_asked(text)
