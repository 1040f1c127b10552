"""What a column's header says: from a name in six languages to a field.

`key` makes spellings equal ('E-Mail (geschäftlich)', 'eMail_geschaeftlich'). `field_of` looks the
key up, then takes it apart: a number, a qualifier ('work', 'büro'), a subject ('company', 'firma').
A field ending in '?' (`name?`, `title?`) depends on the other columns and the values; `judge`
settles it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from leadloom.imports.headers import english, french, german, italian, portuguese, spanish
from leadloom.imports.words import word_list

LANGUAGES = (english, german, french, spanish, italian, portuguese)

LONGEST_HEADER = 200  # characters that are looked at; what names a field is far shorter

# What a field of a person means when the header speaks of the company ('Company City').
OF_COMPANY = {
    "name?": "company",
    "full_name": "company",
    "company": "company",
    "email": "email",
    "domain": "domain",
    "website": "company.website",
    "phone": "company.phone",
    "linkedin_url": "company.linkedin_url",
    "street": "company.street",
    "city": "company.city",
    "state": "company.state",
    "state?": "company.state",
    "postal_code": "company.postal_code",
    "country": "company.country",
    "location": "company.location",
    "industry": "company.industry",
    "tags": "company.tags",
    "company.type": "company.type",
    "description?": "company.description",
    "notes": "company.description",
}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ACCENTS = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")
_NOT_WORD = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_EITHER = re.compile(r"[/|\n]")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_ELISION = re.compile(r"\b([dl])['’]", re.IGNORECASE)
_ONE_WORD = (
    (re.compile(r"\be mail"), "email"),
    (re.compile(r"\blinked in\b"), "linkedin"),
    (re.compile(r"\bweb (site|page|seite)\b"), r"web\1"),
)


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """The words of a header in lower case, without accents, camel case and punctuation.

    'E-Mail 1 - Value' → 'email 1 value', 'MailingCity' → 'mailing city', 'Prénom' → 'prenom'.
    """
    text = unicodedata.normalize("NFKD", header[:LONGEST_HEADER]).replace("ß", "ss")
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text))
    text = _NOT_WORD.sub(" ", _CAMEL.sub(" ", _ELISION.sub(r"\1 ", text))).strip().lower()
    for apart, together in _ONE_WORD:
        text = apart.sub(together, text)
    return text


@lru_cache(maxsize=4096)
def field_of(header: str) -> str | None:
    """The field a header names, one ending in '?' when it depends on the values, or None."""
    plain = _ASIDE.sub(" ", header[:LONGEST_HEADER])
    for text in (header, plain, *_EITHER.split(plain)):
        words = key(text)
        bare = " ".join(_NUMBER.sub(" ", words).split())
        for form in (words, bare):
            found = _NAMES.get(form) or _taken_apart(form.split())
            if found:
                return found
    return None


def _taken_apart(words: list[str]) -> str | None:
    """The field left over when subject and qualifiers are set aside; every word must count."""
    if not 1 < len(words) <= 8:
        return None
    plain = [word for word in words if word not in _SMALL]
    rest = [word for word in plain if word not in _SUBJECTS]
    field = _described(rest)
    if field is None or len(rest) == len(plain):
        return field
    if any(_SUBJECTS.get(word) == "company" for word in plain):
        return OF_COMPANY.get(field)
    return "full_name" if field == "name?" else field


def _described(words: list[str]) -> str | None:
    """The field of words such as 'work email': the qualifiers may stand before or behind."""
    field = _NAMES.get(" ".join(words))
    if field:
        return field
    field = _NAMES.get(" ".join(word for word in words if word not in _QUALIFIERS))
    return field if field in _QUALIFIABLE else None


_QUALIFIABLE = word_list(
    """
    email phone street city state state? postal_code country location website domain
    """
)


def _spellings(phrases: str) -> Iterable[str]:
    """Each phrase's keys: with umlauts dropped, and written out ('ae') as German also does."""
    for phrase in phrases.split(","):
        yield key(phrase)
        yield key(phrase.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}))


def _dictionary() -> Mapping[str, str]:
    """All languages in one; where two disagree the language listed first wins."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for field, phrases in language.HEADERS.items():
            for spelling in _spellings(phrases):
                names.setdefault(spelling, field)
    return names


def _words(attribute: str) -> frozenset[str]:
    return frozenset(
        word for language in LANGUAGES for word in _spellings(getattr(language, attribute))
    )


_NAMES = _dictionary()
_QUALIFIERS = _words("QUALIFIERS")
_SMALL = _words("SMALL_WORDS")
_SUBJECTS = dict.fromkeys(_words("PERSON"), "person") | dict.fromkeys(_words("COMPANY"), "company")
