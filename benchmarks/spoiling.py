"""What goes wrong with a value on its way into a list: slips, misreadings, other spellings."""

import unicodedata
from random import Random

_NEIGHBOURS = {
    "a": "sqz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy",
    "i": "uok", "j": "hku", "k": "jli", "l": "ko", "m": "n", "n": "bm", "o": "ipl", "p": "o",
    "q": "wa", "r": "etf", "s": "adw", "t": "ryg", "u": "yij", "v": "cbf", "w": "qes", "x": "zc",
    "y": "tuh", "z": "xa",
}  # fmt: skip
_MISREAD = (("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("i", "l"), ("cl", "d"), ("e", "c"))
_CYRILLIC = str.maketrans(dict(zip("abvgdeziklmnoprstufyh", "абвгдезиклмнопрстуфых", strict=True)))


def slip(text: str, chance: Random) -> str:
    """Mistype one letter: left out, doubled, swapped with the next, or its neighbour's key."""
    places = [i for i, c in enumerate(text) if c.isalpha() and i]
    if not places:
        return text
    at, kind = chance.choice(places), chance.randrange(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    if kind == 2 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    near = _NEIGHBOURS.get(text[at].lower())
    return text[:at] + chance.choice(near) + text[at + 1 :] if near else text


def misread(text: str, chance: Random) -> str:
    """Misread one letter as a scanner does."""
    fitting = [(old, new) for old, new in _MISREAD if old in text.lower()[1:]]
    if not fitting:
        return text
    old, new = chance.choice(fitting)
    at = text.lower().index(old, 1)
    return text[:at] + new + text[at + len(old) :]


def plain(text: str) -> str:
    """Write without accents."""
    folded = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o"))
    return "".join(c for c in folded if not unicodedata.combining(c))


def written_out(text: str) -> str:
    """Write umlauts with an e, as on a foreign keyboard."""
    for old, new in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        text = text.replace(old, new)
    return plain(text)


def cyrillic(text: str) -> str:
    """Write in Cyrillic letters; letters without one stay."""
    return plain(text).lower().translate(_CYRILLIC).title()


def digit_slip(number: str, chance: Random) -> str:
    """Swap two digits in the middle of a number."""
    at = chance.randrange(4, len(number) - 3)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
