"""What a column's header says: from a name in many languages to a field.

`key` makes spellings equal ('E-Mail (geschäftlich)', 'eMail_geschaeftlich'). `field_of` looks the
key up, then takes it apart: a number, a qualifier ('work', 'büro'), a subject ('company', 'firma').
A field ending in '?' (`name?`, `title?`) depends on the other columns and the values; `judge`
settles it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from leadloom.imports.headers import (
    arabic,
    chinese,
    dutch,
    english,
    french,
    german,
    italian,
    japanese,
    korean,
    polish,
    portuguese,
    russian,
    spanish,
    swedish,
    turkish,
)
from leadloom.imports.headers.question import asked_for
from leadloom.imports.words import word_list

LANGUAGES = (
    *(english, german, french, spanish, italian, portuguese, dutch, swedish, polish, turkish),
    *(russian, japanese, chinese, korean, arabic),
)

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

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z](?!s\b)[a-z])")  # but "IDs"
_ACCENTS = re.compile(r"(?<=[A-Za-z])[\u0300-\u036f]+")
_NOT_WORD = re.compile(r"[\W_]+")
_ASIDE = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|\{\{[^{}]*\}\}"
    r"|\bin (?:t?eur|usd|gbp|chf|k|m|tsd|tausend|mio|mill?ione?n?s?|thousands?|0{3}s?)\b.*"
    r"|\bin [tk]?[€$£].*",
    re.IGNORECASE,
)
_EITHER = re.compile(r"[/|\n]")
_NUMBER = re.compile(r"\b\d{1,3}\b")
_NUMBERED_WORD = re.compile(r"(?<=[^\W\d_]{3})\d{1,2}\b")  # "contact2 email", not "b2b"
_ELISION = re.compile(r"\b([dl])['’]", re.IGNORECASE)
_STROKES = str.maketrans("łıøđ", "liod")  # letters that Unicode does not take apart
_CONTAINER = re.compile(
    r"^(?:(?:properties|attributes|fields|node|current_?(?:position|job|experience)s?)\.|"
    r"fields?: ?)(?=\w)",
    re.IGNORECASE,
)
_ONE_WORD = (
    (re.compile(r"\be mail"), "email"),
    (re.compile(r"\blinked in\b"), "linkedin"),
    (re.compile(r"\bweb (site|page|seite)\b"), r"web\1"),
    (re.compile(r"\bnbr\b"), "number"),  # as warehouses of data call their columns
    (re.compile(r"\bnm\b"), "name"),
    (re.compile(r"\bcd\b"), "code"),
    (re.compile(r"\b(?:ctry|cntry)\b"), "country"),
    (re.compile(r"\baddr ln\b"), "address line"),
)


@lru_cache(maxsize=4096)
def key(header: str) -> str:
    """The words of a header in lower case, without accents, camel case and punctuation.

    'E-Mail 1 - Value' → 'email 1 value', 'MailingCity' → 'mailing city', 'Prénom' → 'prenom';
    what objects of other programs keep theirs in is no part: 'properties.city' → 'city'.
    """
    header = _CONTAINER.sub("", header[:LONGEST_HEADER])
    text = unicodedata.normalize("NFKD", header).replace("ß", "ss")
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text))
    text = _NOT_WORD.sub(" ", _CAMEL.sub(" ", _ELISION.sub(r"\1 ", text))).strip().lower()
    text = text.translate(_STROKES)
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
        plainer = _NUMBERED_WORD.sub("", bare) if " " in bare else bare
        for form in (words, bare, plainer):
            found = _NAMES.get(form) or _taken_apart(form.split())
            if found:
                return found
    if _asks_for_consent(header):
        return "opt_in"
    asked = _NAMES.get(" ".join(asked_for(key(plain).split())))
    return _ASKED_OF_ANYBODY.get(asked or "", asked)


# Who is asked answers for himself.
_ASKED_OF_ANYBODY = {"name?": "full_name", "title?": "title", "status?": None, "state?": "state"}


def _asks_for_consent(header: str) -> bool:
    """Whether a header is a whole question such as "Do you agree that we may e-mail you?"."""
    text = header.casefold()
    return len(text.split()) > 3 and bool(
        _AGREE.search(text) and _ABOUT_CONTACT.search(text) and not _NEGATED.search(text)
    )


_AGREE = re.compile(
    r"\b(?:agree|consent|may we|can we|permission|opt[- ]?in|receive|subscribe|sign me up|"
    r"einverstanden|einwillig\w*|stimme|erhalten|abonnieren|recevoir|recibir|ricevere|receber|"
    r"j['’ ]?accepte|consens\w*|acconsent\w*|acepto|autoriz\w*|aceito)\b"
)
_ABOUT_CONTACT = re.compile(
    r"e-?mails?\b|newsletter|contact|kontakt|marketing|werb|personal data|contatt|donn[ée]es|datos"
)
_NEGATED = re.compile(r"\b(?:not|don['’]t|no longer|nicht|keine|ne pas|opt[- ]?out|unsubscribe)\b")


def _taken_apart(words: list[str]) -> str | None:
    """The field left over when subject and qualifiers are set aside; every word must count."""
    if not 1 < len(words) <= 8:
        return None
    if _NAMES.get(words[-1]) == "company" and _is_of_address(words[:-1]):
        return "company"  # "Default Address Company": the line of an address, not its owner
    plain = [word for word in words if word not in _SMALL]
    rest = [word for word in plain if word not in _SUBJECTS]
    field = _described(rest) or _about_consent(words)
    if field is None and "person" in map(_SUBJECTS.get, plain):  # "Primary contact name"
        field = _NAMES.get(" ".join(word for word in rest if word not in _FOREMOST))
    if len(rest) < len(words) and rest and _NEVER_REST.issuperset(rest):
        return None
    if field is None or len(rest) == len(plain):
        return field
    if any(_SUBJECTS.get(word) == "company" for word in plain):
        return OF_COMPANY.get(field)
    return "full_name" if field == "name?" else field


def _is_of_address(words: list[str]) -> bool:
    return len(words) > 1 and words[-1] in _ADDRESS and words[0] in _QUALIFIERS


def _described(words: list[str]) -> str | None:
    """The field of words such as 'work email': the qualifiers may stand before or behind."""
    field = _NAMES.get(" ".join(words))
    if field:
        return field
    plain = [word for word in words if word not in _QUALIFIERS]
    field = _NAMES.get(" ".join(plain))
    if field is None and len(plain) > 1 and not _ADDRESS.isdisjoint(plain):
        field = _NAMES.get(" ".join(word for word in plain if word not in _ADDRESS))
        return field if field in _OF_ADDRESS else None
    return field if field in _QUALIFIABLE else None


def _about_consent(words: list[str]) -> str | None:
    """The field of 'newsletter consent', 'marketing e-mails opt out' and the like."""
    field = _NAMES.get(" ".join(word for word in words if word not in _CHANNELS))
    return field if field in ("opt_in", "opt_out") else None


_CHANNELS = word_list(
    """
    newsletter newsletters marketing email emails gdpr dsgvo rgpd privacy mailing mailings contact
    communication communications werbung info infos promotional commercial to for given status
    """
)
# Words that name a field alone, but not what is left of a phrase: "Last contact" is no last name.
_NEVER_REST = word_list("first last given family middle second full")
# What an address is made of: "Billing Address City", or "address.city" in JSON.
_ADDRESS = word_list(
    "location address addresses adresse anschrift adresses direccion indirizzo endereco"
)
_OF_ADDRESS = word_list("street city state state? postal_code country location")
_FOREMOST = word_list("primary main key")
_QUALIFIABLE = word_list(
    """
    email phone street city state state? postal_code country location website domain
    """
)


def _spellings(phrases: str) -> Iterable[str]:
    """Each phrase's keys: with umlauts dropped, and written out ('ae') as German also does."""
    for phrase in filter(key, phrases.split(",")):
        yield key(phrase)
        yield key(phrase.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}))


def _dictionary() -> Mapping[str, str]:
    """All languages in one; where two disagree the language listed first wins."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for field, phrases in language.HEADERS.items():
            for spelling in _spellings(phrases):
                names.setdefault(spelling, field)
    for spelling, field in list(names.items()):  # "firstname", as databases call it
        names.setdefault(spelling.replace(" ", ""), field)
    return names


def _words(attribute: str) -> frozenset[str]:
    return frozenset(
        word for language in LANGUAGES for word in _spellings(getattr(language, attribute))
    )


_NAMES = _dictionary()
_QUALIFIERS = _words("QUALIFIERS")
_SMALL = _words("SMALL_WORDS")
_SUBJECTS = dict.fromkeys(_words("PERSON"), "person") | dict.fromkeys(_words("COMPANY"), "company")
