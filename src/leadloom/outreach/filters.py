"""The filters a template may use. Each keeps the memory of where its text came from."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from jinja2 import Undefined

from leadloom.outreach.known import Known, field_of, printed

TEXT_LIMIT: Final = 20_000
"""Characters in a rendered part, and in anything a filter makes on the way to it."""


def a_an(text: str) -> str:
    """The text with its English article, by sound: "an engineer", "a user", "an MBA"."""
    return f"{'an' if _sounds_like_a_vowel(text) else 'a'} {text}"


def first_word(text: str) -> str:
    """Everything before the first blank."""
    return text.split(maxsplit=1)[0] if text.strip() else ""


def given_name(text: str) -> str:
    """A first name fit for a greeting, or nothing: no initials, digits, addresses or shouting."""
    name = " ".join(text.split())
    letters = sum(character.isalpha() for character in name)
    if len(name) > 40 or _NOT_IN_A_NAME.search(name):
        return ""
    if letters < 2 and not _IS_WHOLE_WORD.match(name):
        return ""
    return title_case(name) if letters > 2 and (name.isupper() or name.islower()) else name


def in_sentence(text: str) -> str:
    """A heading as part of an English sentence: "Food & Beverages" becomes "food & beverages".

    Words with more than one capital ("IT", "SaaS") stay. Nothing when it says nothing ("Other").
    """
    phrase = " ".join(text.split())
    if _SAYS_NOTHING.fullmatch(phrase) or len(phrase) > 50 or not phrase[:1].isalpha():
        return ""
    return " ".join(
        word if sum(letter.isupper() for letter in word) > 1 else word.lower()
        for word in phrase.split()
    )


def role(text: str) -> str:
    """A job title fit for a sentence: the first of several, or nothing when it is a slogan."""
    title = _END_OF_TITLE.split(" ".join(text.split()), maxsplit=1)[0].strip(" .-–")
    is_slogan = len(title) > 45 or len(title.split()) > 6 or _NOT_IN_A_TITLE.search(title)
    if is_slogan or len(title) < 2 or _SAYS_NOTHING.fullmatch(title):
        return ""
    shouts = title.isupper() and len(title) > 5
    return title_case(title) if shouts or title.islower() else title


def short_company(text: str) -> str:
    """A company as people say it: "Müller Maschinenbau GmbH & Co. KG" is "Müller Maschinenbau"."""
    name = " ".join(text.split())
    while True:
        shorter = _LEGAL_FORM.sub("", name).rstrip(" ,&+")
        if shorter == name or not any(character.isalnum() for character in shorter):
            return name
        name = shorter


def title_case(text: str) -> str:
    """Each word with a capital, small ones aside: "HEAD of hr" is "Head of HR"; "o'neill" works."""
    words = re.sub(r"[^\W\d_]+", lambda word: _cased(word[0]), text)
    words = re.sub(r"(?<=['’])(?:S|T|Ll|Re|Ve|D|M)\b", lambda end: end[0].lower(), words)
    return words[:1].upper() + words[1:]


def truncate(text: str, length: float = 60) -> str:
    """At most `length` characters, cut between words where possible, with "…" for the rest."""
    limit = max(1, int(length))
    if len(text) <= limit:
        return text
    kept = text[:limit]
    if " " in kept[limit // 2 :]:
        kept = kept.rsplit(" ", maxsplit=1)[0]
    return kept[: limit - 1].rstrip(" ,.;:-") + "…"


def replace(text: str, old: str, new: str) -> str:
    """Every `old` as `new`. Raises ValueError when the text would grow beyond all bounds."""
    if text.count(old) * len(new) > TEXT_LIMIT:
        raise ValueError("replace makes the text too long")
    return text.replace(old, new)


def _join(value: Any, separator: str = ", ") -> Any:
    if not isinstance(value, list):
        return value
    return Known(str(separator).join(printed(item) for item in value), field_of(value))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, str | list) and value else value


def _last(value: Any) -> Any:
    return value[-1] if isinstance(value, str | list) and value else value


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list) else 0


def _keeping_origin(change: Callable[..., str]) -> Callable[..., Any]:
    """A change of text as a filter: holes stay holes, and the result knows its variable."""

    @wraps(change)
    def filter_(value: Any, *args: Any, **options: Any) -> Any:
        if isinstance(value, Undefined):
            return value
        return Known(change(printed(value), *args, **options)[:TEXT_LIMIT], field_of(value))

    return filter_


def _cased(word: str) -> str:
    if _SMALL_WORDS.fullmatch(word):
        return word.lower()
    return word.upper() if _INITIALISMS.fullmatch(word) else word.capitalize()


def _sounds_like_a_vowel(text: str) -> bool:
    """Initialisms go by the name of their first letter: an MBA, a UX designer, a CEO."""
    word = re.match(r"\W*([^\W_]+)", text)
    if word is None:
        return False
    if word[1].isupper() and (len(word[1]) <= 3 or not re.search(r"[AEIOU]", word[1])):
        return word[1][0] in "AEFHILMNORSX8"
    lowered = word[1].lower()
    if re.match(r"(?:honest|honou?r|hour|heir)", lowered):
        return True
    return lowered[0] in "aeiou8" and not re.match(
        r"(?:uni(?!n|m)|us[aeu]|eu|one|once|ut[ei])", lowered
    )


_SMALL_WORDS: Final = re.compile(
    r"an?|and|as|at|by|de[rsl]?|di|du|et?|for|für|im|in|of|on|or|the|to|und|van|von|y", re.I
)
_INITIALISMS: Final = re.compile(
    r"AI|BI|C[EFIMOPRST]O|CRM|ERP|E?VP|HR|IT|MD|PR|QA|SEO|SVP|UI|UX", re.I
)
_IS_WHOLE_WORD: Final = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")  # one sign can be a name
_NOT_IN_A_NAME: Final = re.compile(r"[\d@<>{}()\[\]|/\\_=+*#:;!?\"$%&]|https?|www\.")
_NOT_IN_A_TITLE: Final = re.compile(r"[\d@<>{}\[\]\\_=*#:!?\"$%]|https?|www\.")
_END_OF_TITLE: Final = re.compile(r"\s*[|•·;,/(]\s*|\s+[-–—]\s+|\s+(?:at|bei|chez|@)\s+", re.I)
_SAYS_NOTHING: Final = re.compile(
    r"-|n/a|na|none|null|others?|unknown|tbd|test|various|misc\.?|miscellaneous"
    r"|sonstiges?|unbekannt|andere|keine?",
    re.I,
)
# The forms most used in Europe, America, India and Oceania. Short ones count only when written
# as the law writes them, so that "Salon Se" or "Team As" keep their last word.
_LEGAL_FORM: Final = re.compile(
    r"[\s,]+\(?(?:"
    r"(?i:gmbh(?:\s*&\s*co\.?(?:\s*kga?a?|\s*ohg)?)?|ggmbh|mbh|kgaa|ohg|gbr|partg\s?mbb|e\.\s?k\.|"
    r"e\.\s?v\.|haftungsbeschränkt|inc\.?|incorporated|llc|l\.l\.c\.|llp|l\.l\.p\.|ltd\.?|limited|"
    r"plc|corp\.?|corporation|pty\.?|pvt\.?|private|s\.\s?a\.\s?s?\.?|s\.a\.r\.l\.|sàrl|sarl|"
    r"s\.\s?l\.\s?u?\.?|s\.p\.a\.|s\.r\.l\.|srl|ltda\.?|b\.\s?v\.|n\.\s?v\.|oyj|aps|a/s|"
    r"sp\.?\s?z\s?o\.?\s?o\.?|s\.r\.o\.|a\.s\.|kft\.?|zrt\.?|d\.o\.o\.|k\.k\.|de\s+c\.\s?v\.|eirl)"
    r"|SpA|AG|SE|KG|UG|SA|SAS|SL|SLU|BV|NV|AB|AS|Oy|OY|KK|LP|PC"
    r")\)?$"
)

FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    **{
        change.__name__: _keeping_origin(change)
        for change in (
            a_an,
            first_word,
            given_name,
            in_sentence,
            replace,
            role,
            short_company,
            title_case,
            truncate,
        )
    },
    "capitalize": _keeping_origin(lambda text: text[:1].upper() + text[1:]),
    "first": _first,
    "join": _join,
    "last": _last,
    "length": _length,
    "lower": _keeping_origin(str.lower),
    "title": _keeping_origin(title_case),
    "trim": _keeping_origin(str.strip),
    "upper": _keeping_origin(str.upper),
}
