"""Companies that stand where a person's name is asked for: told apart where it is sure.

A legal form at the end says so, and so do words that nobody is called. Short forms and some words
are surnames and initials, too ("Ann Lee Co", "José Sá", "Anil KG", "Peter Bank"): they count only
in a column that is known to hold companies, and mostly not behind a given name.
"""

import re
from typing import NamedTuple

from leadloom.values.legal_forms import EAST_ASIAN
from leadloom.values.name_titles import DEGREES, NEVER_A_NAME
from leadloom.values.nicknames import is_given
from leadloom.values.text import fold, fold_umlauts, tidy

_LONGEST = 200
# No surnames, nor initials: in whatever case.
_FORMS = frozenset(
    """
    gmbh ggmbh gesmbh mbh kgaa ohg ewiv partgmbb inc incorporated corp corporation llc llp lllp ltd
    limited plc pty pvt pte bhd sarl eurl sasu ltda eireli lda srl srls snc scarl bvba sprl cvba
    aps oyj kft zrt nyrt sro doo eood sicav unipessoal aktiengesellschaft aktiebolag osakeyhtio
    ооо оао зао пао llc-fz fze fzco jsc pjsc ojsc tbk
    """.split()  # noqa: SIM905
)
_DOTTED = re.compile(
    r"[\s,](?:e\.\s?k(?:fr|fm)?\.?|e\.\s?v\.?|eV|eG|eK|s\.\s?a\.\s?(?:s\.?|r\.?\s?l\.?)?|"
    r"s\.\s?l\.(?:\s?u\.)?|s/a|s\.\s?r\.\s?l\.?|s\.\s?p\.\s?a\.?|s\.\s?n\.\s?c\.?|s\.\s?r\.\s?o\.?|"
    r"b\.\s?v\.|n\.\s?v\.|d\.\s?o\.\s?o\.?|sp\.? ?z\.? ?o\.? ?o\.?|a/s|l\.l\.c\.?|"
    r"p\.l\.c\.?|(?-i:SpA)|& ?co\.?|and co\.?|&? ?(?:und|et|y|e|and|&) ?(?:sons?|söhne|fils|"
    r"hijos|figli|filhos|partners?|cie|associates|company|brothers|bros\.?|associés)|"
    r"& ?co\.? ?kg(?:aa)?|gbr|gbR|UG \(haftungsbeschränkt\)|\(?haftungsbeschränkt\)?|"
    r"Sdn\.? Bhd\.?|G\.m\.b\.H\.?)$",
    re.IGNORECASE,
)
# Surnames as well (Sá, Se), initials (Anil KG) or parts of authors' names (Smith SA).
_SHORT = frozenset("AG KG SE SA AB AS OY BV NV UG SL SAS SLU GbR OG Co. KK PT SpA SPA".split())  # noqa: SIM905
_SURNAMES_TOO = frozenset("SE SA AS SL".split())  # noqa: SIM905
# Nobody is called so; each is the last word of a company's name, or the first.
_LAST_WORDS = frozenset(
    """
    solutions technologies technology consulting logistics logistik industries enterprises software
    systems systeme services ventures holding holdings group gruppe foundation stiftung university
    universität universitaet université universidad università universidade hochschule hospital
    clinic klinik klinikum hotel hotels restaurant apotheke pharmacy verlag publishing institute
    institut instituto istituto academy akademie association verband verein agency agentur
    pharmaceuticals pharma airlines airways insurance versicherung versicherungen bank sparkasse
    volksbank stadtwerke werke maschinenbau anlagenbau metallbau elektrotechnik
    bau partners associates robotics labs laboratories studios ministry council gemeinde
    international bakery bäckerei autohaus spedition handels handelsgesellschaft immobilien
    steuerberatung rechtsanwälte kanzlei beratung genossenschaft tecnologia consultoria soluções
    soluciones consultores ingenieros servizi consulenza
    """.split()  # noqa: SIM905
)
# Of these some are surnames too ("Peter Bank", "Werner Bau"): not behind a given name.
_MAYBE_SURNAMES = frozenset(
    "bank bau hotel holding group partners international werke verlag labs pharma studios".split()  # noqa: SIM905
)
_FIRST_WORDS = re.compile(
    r"(?:bank of|university of|universit\w+ (?:of|de|di|zu|des|für|\w)|ministry of|ministerio de|"
    r"bundesministerium|department of|city of|stadt (?=[^\W\d_])|landkreis|gemeinde|stadtwerke|"
    r"sparkasse|volksbank|hochschule|hotel|restaurant|ristorante|autohaus|bäckerei|apotheke|"
    r"klinikum|krankenhaus|institut (?:für|de)|institute (?:of|for)|verein|verband|banco (?:de|do)|"
    r"école|ecole|câmara|ayuntamiento|comune di|mairie de|gmbh|ооо|зао|оао|пао|ип) ",
    re.IGNORECASE,
)
_MARKS = tuple(
    re.compile(rf"(?P<one>.{{3,80}}?)(?P<mark>{mark})(?P<two>.{{3,120}}?){end}")
    for mark, end in (
        (r"\s*[(\[]\s*", r"\s*[)\]]"),
        (r"\s*[|•·]\s*", ""),
        (r"\s+(?:[-–—@/]|at|bei)\s+", ""),
        (r"\s*,\s*", ""),
    )
)
_MARKED = re.compile(r"[(\[|•·,]|\s(?:[-–—@/]|at|bei)\s")
_ROLE = re.compile(
    r"^(?:.* (?:at|bei|chez|@) |(?:C[A-Z]O|VP|GF|Owner|Founder|Director|Manager|Inhaber(?:in)?"
    r"|Geschäftsführer(?:in)?)\b,? (?:of |der |und )?)"
)
_NAME_WORDS = re.compile(r"[^\W\d_][^\W\d_.'’-]*\.?(?:['’-][^\W\d_]+)*")
_PERSON_WORDS = range(2, 5)


class Parted(NamedTuple):
    """What a name says: a person (None if there is none) and a company (None likewise)."""

    person: str | None
    firm: str | None


def part(text: str, *, among_firms: bool = False) -> Parted:
    """Tell the person from the company: "Acme Ltd" is one, "Ann Lee (Acme Ltd)" has both.

    `among_firms` says that the column is known to hold companies beside people.
    """
    name = tidy(text)
    if len(name) > _LONGEST or not _may_hold_a_firm(name):
        return Parted(text, None)
    for mark in _MARKS if _MARKED.search(name) else ():
        found = mark.fullmatch(name)
        if found and (parted := _parted(found["one"], found["two"], found["mark"], among_firms)):
            return parted
    return Parted(None, name) if is_firm(name, among_firms=among_firms) else Parted(text, None)


def is_firm(text: str, *, among_firms: bool = False) -> bool:
    """Whether a name is surely a company's, and no person's."""
    name = tidy(text)
    words = name.split()
    if any(form in name for form in EAST_ASIAN):
        return True
    if len(words) < 2 or not any(map(str.isalpha, words[0])):
        return False
    bare = words[-1].strip(".,()").casefold()
    if bare.replace(".", "") in _FORMS or _DOTTED.search(name):
        return True
    if bare in _LAST_WORDS and bare not in _MAYBE_SURNAMES:
        return True
    if begins_given(name):
        long = len(words) > 2 and words[-1] not in _SURNAMES_TOO
        return among_firms and long and words[-1] in _SHORT and not name.isupper()
    if _FIRST_WORDS.match(name):
        return True
    is_short = words[-1].strip(",()") in _SHORT and not name.isupper() and "," not in name
    return among_firms and (is_short or bare in _MAYBE_SURNAMES)


def _parted(one: str, two: str, mark: str, among_firms: bool) -> Parted | None:
    """What two parts of a cell are, when one is a person and the other a company."""
    two = two.strip(" ,;")
    for person, firm in ((one, two), (two, one)):
        is_given_first = begins_given(person)
        sure = is_given_first or (person is one and mark.strip() != ",")
        of = _ROLE.sub("", firm)
        if sure and _is_person(person) and is_firm(of, among_firms=among_firms or is_given_first):
            return None if _is_form_alone(of) else Parted(person, of)
    is_place = mark.strip() in (",", "(", "-", "–") and is_firm(one) and not is_firm(two)
    return Parted(None, f"{one}{mark}{two}{')' * (mark.strip() == '(')}") if is_place else None


def _may_hold_a_firm(name: str) -> bool:
    """A quick no for most names: two plain words, neither one that companies have."""
    first, _, last = name.partition(" ")
    if not last and name.isascii():
        return False
    if first.isalpha() and last.isalpha() and name.isascii():
        return not {last, last.lower(), first.lower()}.isdisjoint(_TELLING)
    return True


def begins_given(name: str) -> bool:
    """Whether a given name comes first, or a form of address."""
    words = re.split(r"[\s-]+", name.strip())
    if len(words) > 1 and words[0].strip(".").lower() in NEVER_A_NAME:
        return True
    return is_given(fold_umlauts(fold(words[0].strip(".,"))))


def _is_person(text: str) -> bool:
    words = text.replace(",", " ").split()
    return (
        len(words) in _PERSON_WORDS
        and all(_NAME_WORDS.fullmatch(word) for word in words)
        and words[0][0].isupper()
        and not is_firm(text)
    )


def _is_form_alone(firm: str) -> bool:
    """Whether a part is nothing but a legal form or a degree: "Acme Corp, Inc."."""
    words = [word.strip(".,&()").casefold() for word in firm.split()]
    return all(word in _FORMS or word in DEGREES or len(word) < 3 for word in words)


_TELLING = (
    _FORMS
    | _SHORT
    | _LAST_WORDS
    | frozenset(re.findall(r"[^\W\d_]{5,}", _FIRST_WORDS.pattern.lower()))
    | {"bank", "city", "gmbh"}
)
