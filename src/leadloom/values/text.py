"""Plain text: whitespace, invisible characters, blanks, and folding for search and keys."""

import re
import unicodedata

from leadloom.values import NOTHING, Cleaned

# What people, programs and spreadsheets write when they mean "nothing".
_BLANKS = frozenset(
    """
    - -- --- – — . .. … ? ?? / n/a n/a. #n/a n.a. n.a na nan <na> nat null (null) none nil undefined
    unknown unbekannt inconnu desconocido desconhecido sconosciuto (blank) (empty) (none)
    [null] [] {} k.a. k.a k/a nicht_angegeben #ref! #value! #name? #div/0! #null! #num! \\n
    """.split()  # noqa: SIM905
) | {
    "not available",
    "not provided",
    "not specified",
    "not applicable",
    "no data",
    "keine angabe",
    "keine angaben",
    "nicht angegeben",
    "nicht bekannt",
    "non renseigné",
    "no disponible",
    "non disponibile",
    "não informado",
    "information requested",
    "not found",
    "no email found",
    "no phone found",
    "no record found",
    "no results found",
}
_LONGEST_BLANK = max(map(len, _BLANKS)) + 2
# What a program that looked something up puts before the answer: found, not found.
_MARKS = "✅☑✔❌✖⛔\ufe0f "

# Left in place inside a word, these change nothing a reader can see but break every comparison.
# The joiners U+200C and U+200D stay: Persian, Hindi and emoji need them.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")

# Latin, Greek and Cyrillic accents, Hebrew points and Arabic vowel marks. Marks of Indic scripts
# are letters in all but name and stay.
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff]")
# Letters that Unicode does not decompose although people write them without the stroke.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
# ä, ö, ü written out. Not after another vowel or q, and not before a final l: Bauer, Manuel
# and Michael keep theirs.
_DIGRAPH = re.compile(r"(?<![aeiouq])([aou])e(?!l\b)")


def clean(text: str) -> Cleaned:
    """Tidy one line of text; blank becomes nothing. There is no text this calls wrong."""
    tidied = tidy(text)
    return NOTHING if is_blank(tidied) else Cleaned(tidied)


def clean_lines(text: str) -> Cleaned:
    """Tidy text that may run over several lines, keeping the line breaks."""
    tidied = tidy_lines(text)
    return NOTHING if is_blank(tidied) else Cleaned(tidied)


def tidy(text: str) -> str:
    """One line, single spaces, composed (NFC), without control or invisible characters."""
    if text.isprintable():
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if "  " not in text and "\u3000" not in text and text[:1] != " " and text[-1:] != " ":
            return text
        return " ".join(text.split())
    return " ".join(_sweep(text).split())


def tidy_lines(text: str) -> str:
    """Like `tidy`, with line breaks kept (at most one empty line in a row)."""
    if text.isprintable():
        return tidy(text)
    swept = _sweep(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in swept.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def is_blank(text: str) -> bool:
    """Whether tidy text says that there is nothing: empty, "n/a", "-", "null" and the like."""
    if not text or len(text) > _LONGEST_BLANK:
        return not text
    folded = text.casefold()
    return folded in _BLANKS or (text[0] in _MARKS and folded.lstrip(_MARKS) in _BLANKS)


def without_invisible(text: str) -> str:
    """Text without any character that cannot be seen, joiners included (for addresses)."""
    if text.isprintable():
        return text
    return "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Cs", "Co"))


def fold(text: str) -> str:
    """Text for search and keys: no case, no accents, compatibility forms made plain.

    "MÜLLER" and "muller" fold to one, "ß" to "ss", "ø" to "o". Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = _ACCENTS.sub("", folded).casefold().translate(_STROKES)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", folded)))


def fold_umlauts(folded: str) -> str:
    """Folded text in which the German spellings of an umlaut meet: Müller = Mueller = Muller.

    Both are brought to the bare vowel, since `fold` has dropped the dots already. The price is
    that a few other words move too ("Zoe" becomes "zo"), the same way on both sides.
    """
    return _DIGRAPH.sub(r"\1", folded) if "e" in folded else folded


def _sweep(text: str) -> str:
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return _CONTROLS.sub(" ", text)
