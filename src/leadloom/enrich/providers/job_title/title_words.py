"""The words of a job title, and lexicons of phrases that are looked up among them word by word."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from leadloom.values.text import fold, fold_umlauts

BREAK: Final = ","
"""The word that stands for whatever parts a title; no phrase goes across it."""

# "C.E.O." is CEO.
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}")
# Who is meant by "Leiter:in", "Directeur(trice)", "Director/a" is told by the word itself.
_GENDER: Final = re.compile(
    r"(?<=\w)(?:\([^)\s]{1,8}\)|[:*_/·•]-?(?:innen|in|rice|trice|euse|ère|ne|e|a|o|ra)\b)"
    r"|\((?:[mwfdhx][/|, ]?){2,4}\)"
)
_PART: Final = re.compile(r"[^\W\d_]+|[&+@]|[,;|/:·•()\[\]\n]|(?<=\s)[-–—](?=\s)")
_AND: Final = frozenset({"and", "und", "et", "&", "+"})
# Written small they are words of everyday language.
_CASED: Final = frozenset({"IT", "PR", "GF", "DG"})
# What follows names a company, not what somebody does there.
_EMPLOYED_AT: Final = frozenset({"@", "at", "bei", "chez", "presso"})


def words_of(title: str) -> list[str]:
    """Return the words of a title without case and accents, and BREAK where it is parted.

    Umlauts are bare vowels, whichever way they were written; "and" is "&" in every language that
    has a word of its own for it; what follows "at" is left out up to the next break.
    """
    text = _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), title)
    parts = _PART.findall(_GENDER.sub("", text))
    return list(_own(_word(part) for part in parts))


def _word(part: str) -> str:
    if part in _CASED:
        return part
    word = fold_umlauts(fold(part))
    if word in _AND:
        return "&"
    return word if word == "@" or word.isalpha() else BREAK


def _own(words: Iterator[str]) -> Iterator[str]:
    is_own = True
    for word in words:
        is_own = word == BREAK or (is_own and word not in _EMPLOYED_AT)
        if is_own:
            yield word


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase that was found: the place of its first word, and what it means."""

    place: int
    meaning: str


class Lexicon:
    """Phrases by what they mean, found as whole words; the longest phrase at a place wins.

    Phrases are written as people write them, with commas between them; "leiter(in)" stands for
    both. A phrase that means "" means nothing and keeps its words from meaning something apart:
    a product owner owns no company. `otherwise` tells the meaning of a word that is in no phrase.
    Raises ValueError when a phrase is given two meanings.
    """

    def __init__(
        self,
        meanings: Mapping[str, str],
        otherwise: Callable[[str], str | None] = lambda word: None,
    ) -> None:
        self._meanings: dict[tuple[str, ...], str] = {}
        for meaning, text in meanings.items():
            for phrase in phrases(text):
                if self._meanings.setdefault(phrase, meaning) != meaning:
                    raise ValueError(f"{' '.join(phrase)!r} is given two meanings.")
        self._longest = max(map(len, self._meanings))
        self._otherwise = otherwise

    def find(self, words: Sequence[str]) -> list[Match]:
        """Return what is found among words, in their order."""
        found: list[Match] = []
        place = 0
        while place < len(words):
            length, meaning = self._at(words, place)
            if meaning:
                found.append(Match(place, meaning))
            place += length
        return found

    def _at(self, words: Sequence[str], place: int) -> tuple[int, str | None]:
        for length in range(min(self._longest, len(words) - place), 0, -1):
            phrase = tuple(words[place : place + length])
            if phrase in self._meanings:
                return length, self._meanings[phrase]
        return 1, self._otherwise(words[place])


def phrases(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the phrases of a text, each ending in brackets both with it and without."""
    for phrase in text.split(","):
        choices = [_spellings(word) for word in phrase.split()]
        for spelling in itertools.product(*choices):
            yield tuple(words_of(" ".join(spelling)))


def _spellings(word: str) -> tuple[str, ...]:
    stem, bracket, ending = word.partition("(")
    return (stem, stem + ending.rstrip(")")) if bracket else (word,)
