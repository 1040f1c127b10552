"""Names of companies: kept as written, compared without their legal form."""

import re
from functools import lru_cache

from leadloom.values import NOTHING, Cleaned
from leadloom.values.legal_forms import EAST_ASIAN, LONGEST, PREFIXES, SUFFIXES
from leadloom.values.text import fold, fold_umlauts, is_blank, tidy

_LONGEST = 500
# "Acme (https://www.notion.so/Acme-1a2b)": a link to a page, as note-taking programs export.
_LINK = re.compile(r"\s*\(https?://[^\s()]*\)")
_QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“", "«": "»", "‘": "’", "»": "«"}
# The dots of initials ("S.A.", "J.P. Morgan") and apostrophes inside words.
_SQUEEZED = re.compile(r"(?<=\b\w)\.|(?<=\w)['’‘`´ʼ](?=\w)")
_NOT_WORDS = re.compile(r"[\W_]+")
_AND = frozenset(("and", "und", "et", "y", "ja", "och", "og"))

# What people without a company write where one is asked for.
_PLACEHOLDERS = frozenset(
    """
    self|self employed|selfemployed|self employment|self emp|independent|independent consultant
    independent contractor|independent professional|freelance|freelancer|freelancing|free lance
    free lancer|freelance consultant|contractor|consultant|various|various companies|multiple
    several|own business|my own business|my own company|sole trader|sole proprietor|solopreneur
    business owner|owner|entrepreneur|selbststandig|selbstandig|selbststandige|selbstandige
    selbststandiger|selbstandiger|selbststandigkeit|selbstandigkeit|freiberufler|freiberuflich
    freiberuflerin|freischaffend|freie mitarbeit|freier mitarbeiter|independant|independante
    travailleur independant|a mon compte|auto entrepreneur|autoentrepreneur|micro entrepreneur
    profession liberale|autonomo|autonoma|por cuenta propia|trabajador autonomo
    trabajo independiente|libero professionista|libera professionista
    libera professione|lavoratore autonomo|in proprio
    profissional autonomo|profissional liberal|trabalhador independente|autonomo a|zzp|zzper
    student|studentin|etudiant|etudiante|estudiante|studente|studentessa|estudante|schuler
    unemployed|arbeitslos|arbeitssuchend|arbeitsuchend|sans emploi|en recherche d emploi|desempleado
    desempleada|disoccupato|disoccupata|desempregado|desempregada|job seeker|jobseeker|seeking
    job seeking|between jobs|currently unemployed|open to work|opentowork|seeking opportunities
    seeking new opportunities|looking for opportunities|looking for new opportunities|looking
    available|career break|sabbatical|parental leave|elternzeit|retired|rentner|rentnerin
    im ruhestand|ruhestand|retraite|retraitee|jubilado|jubilada|pensionato|pensionata|aposentado
    aposentada|stealth|stealth startup|stealth mode|stealth mode startup|stealth start up
    stealth mode start up|stealth company|startup|in stealth|confidential|confidential company
    company confidential|vertraulich|confidentiel|confidencial|undisclosed|private|privat|private
    private person|privatperson|particulier|particular|privato|individual|home|home office|none
    no company|keine|keine firma|ohne|not employed|not applicable|not available|n a|na|null|nil
    unknown|tbd|tba|test|company|company name|firma|firmenname|your company|default|homemaker
    housewife|hausfrau|volunteer
    """.replace("\n", "|").split("|")
)
_PLACEHOLDERS = frozenset(" ".join(entry.split()) for entry in _PLACEHOLDERS) - {""}


def clean(text: str) -> Cleaned:
    """A company's name as written, without spare spaces and outer quotes."""
    tidied = tidy(text)
    if "(http" in tidied:
        tidied = _LINK.sub("", tidied) or tidied
    if len(tidied) > 2 and _QUOTES.get(tidied[0]) == tidied[-1]:
        inside = tidied[1:-1].strip()
        tidied = tidied if tidied[0] in inside else inside
    if is_blank(tidied):
        return NOTHING
    if len(tidied) > _LONGEST:
        return Cleaned(text, "too long for the name of a company")
    return Cleaned(tidied)


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """What the spellings of one company's name have in common; never "" for a name of letters.

    Case, accents, umlauts, punctuation, "the", "and" (in six languages) and legal forms make no
    difference: "The Müller & Söhne GmbH & Co. KG" and "Mueller und Soehne" share a key.
    """
    name = _without_east_asian_form(tidy(text[:_LONGEST]))
    words = _words(name)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 1 and words[0] in PREFIXES:
        words = words[1:]
    words = _without_form(words)
    return fold_umlauts(" ".join(words)) or fold(name)


def is_placeholder(text: str) -> bool:
    """Whether a company's name says that there is none: "self-employed", "student", "n/a"."""
    folded = fold(tidy(text[:_LONGEST]))
    return is_blank(folded) or " ".join(_NOT_WORDS.sub(" ", folded).split()) in _PLACEHOLDERS


def _words(name: str) -> list[str]:
    squeezed = _SQUEEZED.sub("", fold(name).replace("&", " and ").replace("+", " and "))
    words = _NOT_WORDS.sub(" ", squeezed).split()
    return [word for word in words if word not in _AND] or words


def _without_form(words: list[str]) -> list[str]:
    """Words less the legal forms at their end, but never less than one word."""
    shortened = True
    while shortened:
        shortened = False
        for length in range(min(LONGEST, len(words) - 1), 0, -1):
            if tuple(words[-length:]) in SUFFIXES:
                words, shortened = words[:-length], True
                break
    return words


def _without_east_asian_form(name: str) -> str:
    if name.isascii():
        return name
    for form in EAST_ASIAN:
        bare = name.removeprefix(form).removesuffix(form).strip()
        if bare and bare != name:
            return bare
    return name
