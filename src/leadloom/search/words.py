"""Text cut into the words that are indexed, the same way for what is stored and what is asked.

Case, accents and the marks between words make no difference. Scripts written without spaces are
cut into overlapping pairs of characters, so that any part of a name is found.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from leadloom.values.text import fold, fold_umlauts

# Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese: words follow each other without a space, or
# (Korean) carry endings that nobody types.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
)
_PAIRED = re.compile(f"[{_UNSPACED}]+")
# Letters, digits and the marks that belong to a letter (Hindi, Tamil, …).
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0dff\u0f18-\u0fbc\u200c\u200d])+")
_PLAIN_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile("(?<=[^\\W\\d_])['\u2018\u2019\u02bc`\u00b4](?=[^\\W\\d_])")
# C.T.O. is CTO.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
# Longer than any word, and more than the engine takes in one piece.
LONGEST = 100


@lru_cache(maxsize=1 << 16)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a stored text, in order; unspaced runs end with their last character."""
    return tuple(_cut(text, is_stored=True))


def words_asked(text: str) -> tuple[str, ...]:
    """Return the words of a text that is looked for."""
    return tuple(_cut(text, is_stored=False))


def is_paired(word: str) -> bool:
    """Whether a word is a pair of characters of an unspaced script."""
    return not word.isascii() and bool(_PAIRED.match(word))


def spellings(text: str) -> list[str]:
    """Return the ways in which one word that is looked for may be stored.

    Müller is stored as muller and typed as mueller, or the other way round.
    """
    folded = "".join(words_asked(text))
    found = {folded: None}
    bare = fold_umlauts(folded)
    if len(bare) > 2:
        found[bare] = None
    if not text.isascii():
        spelt = "".join(
            words_asked(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))
        )
        found[spelt] = None
    return list(found)


def _cut(text: str, *, is_stored: bool) -> Iterator[str]:
    if text.isascii() and "'" not in text and "." not in text:
        yield from (word[:LONGEST] for word in _PLAIN_WORD.findall(text.lower()))
        return
    folded = fold(text)
    folded = _DOTTED.sub(lambda match: match[0].replace(".", ""), folded)
    tails: list[str] = []
    for word in _WORD.findall(_APOSTROPHES.sub("\u200d", folded)):
        if "\u200d" in word and is_stored:
            tails.append(word.rpartition("\u200d")[2])
        yield from _pieces(word.replace("\u200d", "").replace("\u200c", ""), is_stored)
    yield from (tail for tail in tails if tail)  # O'Brien is found by brien, too


def _pieces(word: str, is_stored: bool) -> Iterator[str]:
    if word.isascii() or not _PAIRED.search(word):
        if word:
            yield word[:LONGEST]
        return
    at = 0
    for run in _PAIRED.finditer(word):
        if run.start() > at:
            yield word[at : run.start()][:LONGEST]
        yield from _pairs(run[0], is_stored)
        at = run.end()
    if at < len(word):
        yield word[at:][:LONGEST]


def _pairs(run: str, is_stored: bool) -> Iterator[str]:
    for at in range(len(run) - 1):
        yield run[at : at + 2]
    if is_stored or len(run) == 1:
        yield run[-1]
