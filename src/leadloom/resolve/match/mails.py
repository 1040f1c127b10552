"""Mail addresses compared: the mailbox at work, and private ones."""

import re
from typing import NamedTuple

from rapidfuzz.distance import OSA

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.levels import UNKNOWN, code

FIELDS = ("mailbox", "private mail")
MAILBOX = ("another at one domain", "may be an alias", "mistyped", "exact")
PRIVATE = ("different", "same handle", "mistyped", "exact")

_DIGITS = re.compile(r"\d+")
_PARTS = re.compile(r"[._+\-]+")
# What readers of cards take for one another.
_LOOKS = str.maketrans({"0": "o", "1": "l", "5": "s"})


class Mail(NamedTuple):
    """An address: `kind` is work, private or role; `is_handle` when its local part is no name."""

    local: str
    host: str
    kind: str
    is_handle: bool = False

    @property
    def address(self) -> str:
        """The address in full."""
        return f"{self.local}@{self.host}"


def compare(a: tuple[Mail, ...], b: tuple[Mail, ...], census: Census) -> tuple[int, ...]:
    """Return the codes of FIELDS for the most telling addresses of two records."""
    mailbox = private = UNKNOWN
    for one in a:
        for other in b:
            if "role" in (one.kind, other.kind):
                continue
            level = _level(one, other)
            if not level:
                continue
            band = census.band("mail", one.address) if level == 4 else 31
            if one.kind == other.kind == "work":
                mailbox = max(mailbox, code(level, band))
            else:
                private = max(private, code(level, band))
    return (mailbox, private)


def _level(a: Mail, b: Mail) -> int:
    if a.host == b.host:
        if a.local == b.local:
            return 4
        if _is_slip(a.local, b.local):
            return 3
        if a.kind == "work":
            return 2 if _is_alias(a.local, b.local) else 1
        return 1
    if a.local == b.local:
        if len(a.host) > 5 and OSA.distance(a.host, b.host, score_cutoff=1) <= 1:
            return 3
        if (a.is_handle or b.is_handle) and len(a.local) > 4:
            return 2 if "private" in (a.kind, b.kind) else 0
    return 1 if a.kind == b.kind == "private" else 0


def _is_slip(a: str, b: str) -> bool:
    if len(a) > 4 and _looks(a) == _looks(b):
        return True
    # Another digit is another account: jsmith1 and jsmith2.
    if min(len(a), len(b)) < 5 or _DIGITS.findall(a) != _DIGITS.findall(b):
        return False
    if OSA.distance(a, b, score_cutoff=1) > 1:
        return False
    # Of two initials the other is another person's: j.smith and k.smith.
    pieces = _PARTS.split(a), _PARTS.split(b)
    return (
        len(pieces[0]) == len(pieces[1])
        and all(x == y or min(len(x), len(y)) > 3 for x, y in zip(*pieces, strict=True))
        and a[:1] == b[:1]
    )


def _looks(local: str) -> str:
    """Return a local part as a poor eye sees it: daniel and danie1, takashima and takashirna."""
    return local.translate(_LOOKS).replace("rn", "m")


def _is_alias(a: str, b: str) -> bool:
    """Whether two local parts may be made from one name: jsmith and john.smith, but not jsmith2."""
    if _DIGITS.findall(a) != _DIGITS.findall(b):
        return False
    mine, theirs = _PARTS.split(a), _PARTS.split(b)
    short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    if len(long) == 1:
        x, y = sorted((short[0], long[0]), key=len)
        return len(x) > 2 and (y.startswith(x) or y.endswith(x))
    if len(short) == len(long):
        return _fits(short, long) or _fits(short, long[::-1])
    return _is_made_of(short[0], long)


def _fits(one: list[str], other: list[str]) -> bool:
    return all(x.startswith(y) or y.startswith(x) for x, y in zip(one, other, strict=True))


def _is_made_of(word: str, parts: list[str]) -> bool:
    """Whether a word is the parts' first letters and one whole part, or one of the parts."""
    first, last = parts[0], parts[-1]
    made = {first, last, first + last, last + first, first[:1] + last, first + last[:1]}
    made |= {last + first[:1], last[:1] + first, first[:2] + last}
    return word in made
