"""Letters of names that were read as digits, as readers of cards and scans do."""

import re

_LETTER = r"[^\W\d_]"
# One digit in a word, inside it ("Wi1liams") or a nought before it ("0liver"). More of them are
# somebody's number or login, and "1st" begins with one.
_MISREAD = re.compile(
    rf"(?<![\w.@])(?:(?P<begin>{_LETTER}+)(?P<digit>[01])(?P<end>{_LETTER}+)|0(?P<rest>{_LETTER}{{3,}}))"
    r"(?![\w@])"
)
_SHORTEST = 4


def as_letters(name: str) -> str:
    """Return a name with the l and o that stand in it as 1 and 0."""
    if "0" not in name and "1" not in name:
        return name
    return _MISREAD.sub(_letter, name)


def _letter(word: re.Match[str]) -> str:
    if rest := word["rest"]:
        return "O" + rest
    begin, end = word["begin"], word["end"]
    if len(begin) + len(end) + 1 < _SHORTEST:
        return word[0]
    read = "lo" if end[0].islower() else "IO"
    return begin + (read[0] if word["digit"] == "1" else read[1]) + end
