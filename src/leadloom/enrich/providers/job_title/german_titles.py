"""German job titles are one word: "Vertriebsleiterin" is taken apart into what it is made of.

Only known parts make a known word, so that "Begleiter" leads nothing.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from leadloom.enrich.providers.job_title.title_words import phrases

# First parts, by the department they tell.
_STEMS: Final[Mapping[str, str]] = {
    "sales": "vertrieb, verkauf, außendienst, innendienst, export, absatz",
    "marketing": "marketing, kommunikation, werbe, presse, medien, media, marken, content, event",
    "engineering": """entwicklung, software, technik, konstruktion, it, edv, system, netzwerk, web,
        elektro, anwendung, daten, datenbank""",
    "purchasing": "einkauf, beschaffung, materialwirtschaft",
    "operations": """produktion, betrieb, werk, fertigung, logistik, lager, qualität, montage,
        instandhaltung, versand, standort, anlagen""",
    "finance": """finanz, buchhaltung, rechnungswesen, controlling, steuer, revision, bilanz,
        lohn""",
    "people": "personal, ausbildung, recruiting",
    "product": "produkt",
    "research": "forschung, labor",
    "support": "service, kundendienst, kundenservice, kunden, support",
    "legal": "recht, compliance, datenschutz",
    "": """abteilung, hauptabteilung, bereich, gebiet, regional, bezirk, niederlassung, zentral,
        gesamt, haupt, ober, amt, referat, ressort, sachgebiet, fach, haus, schul, kreativ,
        studien, programm, büro, europa, chef, junior, senior, general, küchen, direktion,
        vorstand, geschäftsführung, geschäftsleitung, divisions, sparten, segment, konzern,
        landes, länder, kundenberatung, art""",
}
# First parts of few people or of one task: whoever leads those is no head of a department.
_SMALL: Final = "team, gruppen, projekt, teilprojekt, schicht, filial, markt, bau, objekt, laden"

# Last parts, by the rank they give.
_RANKED: Final[Mapping[str, str]] = {
    "c-level": "vorstand, vorständin, geschäftsführer(in)",
    "director": "direktor(in)",
    "head": "leiter(in), leitung, chef(in)",
    "manager": "manager(in), koordinator(in)",
    "junior": "praktikant(in), trainee, volontär(in), auszubildende(r), azubi",
}
# Last parts without a rank, by the department they tell when nothing before them does.
_UNRANKED: Final[Mapping[str, str]] = {
    "sales": "verkäufer(in)",
    "engineering": """ingenieur(in), entwickler(in), techniker(in), konstrukteur(in),
        informatiker(in)""",
    "purchasing": "einkäufer(in)",
    "finance": "buchhalter(in), controller(in), prüfer(in)",
    "legal": "jurist(in)",
    "": """mitarbeiter(in), referent(in), sachbearbeiter(in), assistent(in), assistenz, wesen,
        abteilung, berater(in), dienst, team, planer(in), planung, spezialist(in), experte,
        expertin, kaufmann, kauffrau, kraft, fachkraft, helfer(in), analyst(in), meister(in),
        verantwortliche(r), beauftragte(r), betreuer(in), betreuung, organisation, entwicklung,
        steuerung, management, strategie, verwaltung, disponent(in), sprecher(in), trainer(in),
        abteilungsleitung""",
}


def _by_part(parts: Mapping[str, str]) -> dict[str, str]:
    return {part: told for told, text in parts.items() for (part,) in phrases(text)}


_DEPARTMENT_OF: Final = _by_part({**_STEMS, "small": _SMALL})
_RANK_OF: Final = _by_part(_RANKED)
_DEPARTMENT_OF_LAST: Final = _by_part(_UNRANKED)


def _any(parts: Iterable[str]) -> str:
    return "|".join(sorted(parts, key=len, reverse=True))


# The s that joins parts is no part itself: Vertrieb-s-leiter.
_STEM: Final = re.compile(rf"({_any(_DEPARTMENT_OF)})s?")
_LAST: Final = _any([*_RANK_OF, *_DEPARTMENT_OF_LAST])
_COMPOUND: Final = re.compile(rf"(?P<stems>(?:{_STEM.pattern})+)(?P<last>{_LAST})")


def rank(word: str) -> str | None:
    """Return the rank a compound gives ("vertriebsleiter": "head"), or None."""
    compound = _taken_apart(word)
    if compound is None:
        return None
    stems, last = compound
    found = _RANK_OF.get(last)
    return "manager" if found == "head" and _DEPARTMENT_OF[stems[-1]] == "small" else found


def department(word: str) -> str | None:
    """Return the department a compound tells ("vertriebsleiter": "sales"), or None."""
    compound = _taken_apart(word)
    if compound is None:
        return None
    stems, last = compound
    told = [_DEPARTMENT_OF[stem] for stem in stems] + [_DEPARTMENT_OF_LAST.get(last, "")]
    return next((one for one in told if one not in ("", "small")), None)


@lru_cache(maxsize=10_000)
def _taken_apart(word: str) -> tuple[tuple[str, ...], str] | None:
    """Return the first parts and the last part of a folded word, or None when any is unknown."""
    compound = _COMPOUND.fullmatch(word)
    if compound is None:
        return None
    return tuple(_STEM.findall(compound["stems"])), compound["last"]
