"""Lists of people and companies of which it is known who is who, to measure matching by.

Somebody is written down once or several times, each time by another hand: with other fields
filled in, other forms of names, slips, a job later. Among them stand people who are easily
confused (`CLASSES`): each such pair is listed, so that every kind can be counted.
"""

from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate
from random import Random
from typing import Any

from countries import COUNTRIES, Country
from spoiling import cyrillic, digit_slip, misread, plain, slip, written_out
from words import HEADS, NICKNAMES, TAILS, TITLES, TRADES

CLASSES = (
    "father and son in one firm",
    "siblings in one firm",
    "same name in two firms",
    "same initials in one company",
    "namesakes in one city",
    "namesakes in one company",
    "successor with the old address",
    "couple with one address",
)

_SYLLABLES = [
    "ba",
    "ben",
    "ber",
    "bo",
    "bra",
    "cor",
    "da",
    "dal",
    "del",
    "do",
    "dor",
    "e",
    "el",
    "en",
    "fal",
    "far",
    "fen",
    "ga",
    "gar",
    "gel",
    "gra",
    "ha",
    "hal",
    "har",
    "hel",
    "il",
    "in",
    "ka",
    "kar",
    "kel",
    "ko",
    "kra",
    "la",
    "lan",
    "lar",
    "len",
    "lo",
    "mal",
    "man",
    "mar",
    "mel",
    "mo",
    "na",
    "nar",
    "nel",
    "no",
    "o",
    "or",
    "pa",
    "par",
    "pel",
    "pra",
    "ra",
    "ral",
    "ri",
    "ro",
    "sa",
    "sal",
    "san",
    "sel",
    "so",
    "ta",
    "tal",
    "tar",
    "tel",
    "to",
    "tra",
    "va",
    "val",
    "van",
    "vel",
    "vo",
    "wa",
    "wal",
    "wes",
    "wi",
    "ya",
    "zan",
    "ze",
    "zo",
]
_ENDINGS = [
    "er",
    "mann",
    "sen",
    "son",
    "ov",
    "ski",
    "i",
    "o",
    "a",
    "ez",
    "es",
    "ard",
    "et",
    "ton",
    "ham",
    "by",
    "dahl",
    "berg",
    "stein",
    "ault",
    "ić",
    "escu",
]
_PRIVATE = (
    "gmail.com",
    "yahoo.com",
    "outlook.com",
    "gmx.de",
    "web.de",
    "icloud.com",
    "hotmail.com",
)
_ABBREVIATED = {"Logistics": "Log.", "Systems": "Sys.", "Software": "SW", "Consulting": "Cons."}


@dataclass(frozen=True, slots=True)
class Firm:
    """A company as it is; `old_name` and `old_site` are those before it was renamed."""

    number: int
    name: str
    site: str
    country: Country
    city: str
    street: str
    postcode: str
    switchboard: str
    style: str
    legal_form: str
    old_name: str = ""
    old_site: str = ""
    alias_site: str = ""


@dataclass(frozen=True, slots=True)
class Human:
    """A person as they are; `then` is the same person in the job before."""

    number: int
    given: str
    middle: str
    surname: str
    maiden: str
    generation: str
    firm: Firm
    title: str
    mailbox: str
    private: str
    mobile: str
    line: str
    profile: str
    city: str
    street: str
    postcode: str
    then: "Human | None" = None


@dataclass(slots=True)
class Truth:
    """Records as facts by field, whom each speaks of, and pairs that are easily confused."""

    records: list[dict[str, Any]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    confusable: list[tuple[int, int, str]] = field(default_factory=list)


class Town:
    """Makes people and companies, all from one seed."""

    def __init__(self, seed: int, people: int) -> None:
        self.chance = Random(f"town {seed}")
        self._number = 0
        self._sites: set[str] = set()
        self._slugs: set[str] = set()
        self.firms = [self.firm() for _ in range(max(20, people // 12))]
        weights = (1 / (rank + 30) for rank in range(len(self.firms)))
        self._heap = list(accumulate(weights))
        shares = [c.share for c in COUNTRIES]
        self._countries = list(accumulate(shares))

    def human(self, **given: Any) -> Human:
        """Make a person; what is given stays as it is."""
        chance = self.chance
        firm: Firm = given.pop("firm", None) or self.some_firm()
        self._number += 1
        first = given.pop("given", None) or _zipf(firm.country.first_names, chance)
        surname = given.pop("surname", None) or self._surname(firm.country)
        made = {
            "middle": chance.choice(firm.country.first_names) if chance.random() < 0.25 else "",
            "maiden": self._surname(firm.country) if chance.random() < 0.06 else "",
            "generation": "",
            "title": _zipf(TITLES, chance),
            "mailbox": self._mailbox(first, surname, firm),
            "private": self._private(first, surname),
            "mobile": self._number_in(firm.country, 8),
            "line": firm.switchboard[:-2] + f"{chance.randrange(100):02}",
            "profile": f"https://www.linkedin.com/in/{self._slug(first, surname)}",
            "city": firm.city if chance.random() < 0.7 else chance.choice(firm.country.places)[0],
            "street": f"{chance.randrange(1, 180)} {self._word()} {chance.choice(_STREETS)}",
            "postcode": f"{chance.randrange(10000, 99999)}",
        }
        made.update(given)
        return Human(self._number, first, surname=surname, firm=firm, **made)

    def moved(self, human: Human) -> Human:
        """Give somebody a new job."""
        firm = self.some_firm()
        return replace(
            human,
            firm=firm,
            title=_zipf(TITLES, self.chance),
            mailbox=self._mailbox(human.given, human.surname, firm),
            line=firm.switchboard[:-2] + f"{self.chance.randrange(100):02}",
            city=firm.city if self.chance.random() < 0.4 else human.city,
            then=human,
        )

    def some_firm(self) -> Firm:
        """Return a company, large ones more often."""
        return self.firms[
            bisect(self._heap, self.chance.random() * self._heap[-1]) % len(self.firms)
        ]

    def firm(self) -> Firm:
        """Make a company."""
        chance = self.chance
        country = chance.choices(COUNTRIES, [c.share for c in COUNTRIES])[0]
        name, site = self._firm_name(country)
        old_name, old_site = self._firm_name(country) if chance.random() < 0.05 else ("", "")
        alias = self._free(f"{site.partition('.')[0]}.{chance.choice(('com', 'net', 'io', 'eu'))}")
        return Firm(
            len(getattr(self, "firms", ())) + len(self._sites),
            name,
            site,
            country,
            chance.choice(country.places)[0],
            f"{chance.randrange(1, 180)} {self._word()} {chance.choice(_STREETS)}",
            f"{chance.randrange(10000, 99999)}",
            self._number_in(country, 6) + "00",
            chance.choice(("{first}.{last}", "{first}.{last}", "{f}{last}", "{first}", "{last}")),
            chance.choice(country.legal_forms),
            old_name,
            old_site,
            alias if chance.random() < 0.1 else "",
        )

    def _firm_name(self, country: Country) -> tuple[str, str]:
        chance = self.chance
        if chance.random() < 0.3:  # called after its founder
            head = self._surname(country)
        elif chance.random() < 0.5:
            head = chance.choice(HEADS) + chance.choice(TAILS)
        else:
            head = self._word()
        trade = chance.choice(list(TRADES)) if chance.random() < 0.8 else ""
        name = f"{head} {trade}".strip()
        label = plain(name if chance.random() < 0.5 else head).lower().replace(" ", "")
        return name, self._free(f"{label}.{country.tld}")

    def _free(self, site: str) -> str:
        label, _, ending = site.partition(".")
        label = "".join(c for c in label if c.isalnum() and c.isascii()) or "firm"
        while f"{label}.{ending}" in self._sites:
            label += self.chance.choice("abcdefghijkmnprstuvwxyz")
        self._sites.add(f"{label}.{ending}")
        return f"{label}.{ending}"

    def _surname(self, country: Country) -> str:
        if self.chance.random() < 0.5:
            return self._word() if self.chance.random() < 0.9 else f"{self._word()}-{self._word()}"
        return _zipf(country.last_names, self.chance)

    def _word(self) -> str:
        count = self.chance.choice((1, 2, 2, 3))
        word = "".join(self.chance.choice(_SYLLABLES) for _ in range(count))
        return (word + self.chance.choice(_ENDINGS)).capitalize()

    def _mailbox(self, first: str, last: str, firm: Firm) -> str:
        parts = {"first": _ascii(first), "last": _ascii(last), "f": _ascii(first)[:1]}
        local, number = firm.style.format(**parts), 1
        address = f"{local}@{firm.site}"
        while address in self._slugs:
            number += 1
            address = f"{local}{number}@{firm.site}"
        self._slugs.add(address)
        return address

    def _private(self, first: str, last: str) -> str:
        chance = self.chance
        local = chance.choice(
            (
                f"{_ascii(first)}.{_ascii(last)}",
                f"{_ascii(first)}{_ascii(last)}{chance.randrange(100)}",
                f"{self._word().lower()}{chance.randrange(1000)}",
                f"{_ascii(first)[:1]}{_ascii(last)}",
            )
        )
        address = f"{local}@{chance.choice(_PRIVATE)}"
        while address in self._slugs:
            address = f"{local}{chance.randrange(10000)}@{chance.choice(_PRIVATE)}"
        self._slugs.add(address)
        return address

    def _slug(self, first: str, last: str) -> str:
        slug = f"{_ascii(first)}-{_ascii(last)}-{self.chance.randrange(16**7):07x}"
        while slug in self._slugs:
            slug += "a"
        self._slugs.add(slug)
        return slug

    def _number_in(self, country: Country, digits: int) -> str:
        codes = {
            "us": "1",
            "com": "1",
            "de": "49",
            "fr": "33",
            "co.uk": "44",
            "es": "34",
            "it": "39",
        }
        code = codes.get(country.tld, "49")
        area = {"1": "415", "49": "151", "33": "6", "44": "77", "34": "6", "39": "34"}[code]
        if digits < 8:
            area = {"1": "212", "49": "30", "33": "1", "44": "20", "34": "91", "39": "02"}[code]
        rest = "".join(self.chance.choice("23456789") for _ in range(digits))
        return f"+{code}{area}{rest}"


_STREETS = ("Street", "Road", "Avenue", "Lane", "Place", "Court", "Drive")


def people(count: int, seed: int = 1) -> Truth:
    """Return about `count` records of people, in no order."""
    town, truth = Town(seed, count), Truth()
    chance = town.chance
    while len(truth.records) < count:
        if chance.random() < 0.06:
            kind = chance.choice(CLASSES)
            group = _CONFUSED[kind](town)
            truth.confusable.append((group[0].number, group[1].number, kind))
        else:
            group = [town.human()]
        for human in group:
            if human.then is None and chance.random() < 0.08:
                human = town.moved(human)
            for _ in range(_times(chance)):
                truth.records.append(_written(human, chance))
                truth.owners.append(human.number)
    order = list(range(len(truth.records)))
    chance.shuffle(order)
    truth.records = [truth.records[i] for i in order]
    truth.owners = [truth.owners[i] for i in order]
    return truth


FIRM_CLASSES = (
    "same name in two cities",
    "two of one group",
    "one building and switchboard",
    "founders of one surname",
)


def companies(count: int, seed: int = 1) -> Truth:
    """Return about `count` records of companies, in no order."""
    town, truth = Town(seed, 240), Truth()
    chance = town.chance
    number = 0
    while len(truth.records) < count:
        firm = town.firm()
        group = [firm]
        if chance.random() < 0.08:
            kind = chance.choice(FIRM_CLASSES)
            group.append(_confused_firm(town, firm, kind))
            truth.confusable.append((number, number + 1, kind))
        for one in group:
            for _ in range(_times(chance)):
                truth.records.append(_written_firm(one, chance))
                truth.owners.append(number)
            number += 1
    order = list(range(len(truth.records)))
    chance.shuffle(order)
    truth.records = [truth.records[i] for i in order]
    truth.owners = [truth.owners[i] for i in order]
    return truth


def _confused_firm(town: Town, firm: Firm, kind: str) -> Firm:
    other = town.firm()
    if kind == "same name in two cities":
        return replace(other, name=firm.name, country=firm.country, legal_form=firm.legal_form)
    head = firm.name.partition(" ")[0]
    trade = town.chance.choice([t for t in TRADES if t not in firm.name])
    if kind == "two of one group":
        return replace(other, name=f"{head} {trade}", country=firm.country, city=firm.city)
    if kind == "one building and switchboard":
        place = {"city": firm.city, "street": firm.street, "postcode": firm.postcode}
        return replace(other, switchboard=firm.switchboard, country=firm.country, **place)
    return replace(other, name=f"{head} {trade}", country=firm.country)


def _written_firm(firm: Firm, chance: Random) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if chance.random() < 0.97:
        facts["name"] = firm_name(firm, chance)
    if chance.random() < 0.6 or not facts:
        facts["domain"] = firm_site(firm, chance)
    if chance.random() < 0.45:
        number = firm.switchboard
        facts["phone"] = [number if chance.random() > 0.02 else digit_slip(number, chance)]
    if chance.random() < 0.25:
        facts["linkedin_url"] = f"https://www.linkedin.com/company/{firm.site.replace('.', '-')}"
    if chance.random() < 0.7:
        facts["city"] = firm.city if chance.random() > 0.03 else slip(firm.city, chance)
    if chance.random() < 0.3:
        facts |= {"street": firm.street, "postal_code": firm.postcode}
    return facts


def _times(chance: Random) -> int:
    return chance.choices((1, 2, 3, 4, 6), (62, 22, 10, 4, 2))[0]


def _father(town: Town) -> list[Human]:
    father = town.human(generation="Sr.")
    given = father.given if town.chance.random() < 0.6 else None
    generation = "Jr." if given else ""
    son = town.human(
        firm=father.firm, surname=father.surname, given=given, generation=generation,
        street=father.street, postcode=father.postcode, city=father.city,
    )  # fmt: skip
    return [father if given else replace(father, generation=""), son]


def _siblings(town: Town) -> list[Human]:
    one = town.human()
    home = {"street": one.street, "postcode": one.postcode, "city": one.city}
    return [one, town.human(firm=one.firm, surname=one.surname, **home)]


def _same_name(town: Town) -> list[Human]:
    one = town.human()
    return [one, town.human(given=one.given, surname=one.surname)]


def _same_initials(town: Town) -> list[Human]:
    one = town.human()
    fitting = [n for n in one.firm.country.first_names if n[0] == one.given[0] and n != one.given]
    given = town.chance.choice(fitting) if fitting else None
    return [one, town.human(firm=one.firm, surname=one.surname, given=given)]


def _namesakes(town: Town) -> list[Human]:
    one = town.human()
    return [one, town.human(given=one.given, surname=one.surname, city=one.city)]


def _namesakes_inside(town: Town) -> list[Human]:
    one = town.human()
    return [one, town.human(given=one.given, surname=one.surname, firm=one.firm)]


def _successor(town: Town) -> list[Human]:
    gone = town.human()
    after = town.human(firm=gone.firm, mailbox=gone.mailbox, line=gone.line, title=gone.title)
    return [town.moved(gone), after]


def _couple(town: Town) -> list[Human]:
    one = town.human()
    home = {"street": one.street, "postcode": one.postcode, "city": one.city}
    return [one, town.human(surname=one.surname, private=one.private, **home)]


_CONFUSED: dict[str, Callable[[Town], list[Human]]] = dict(
    zip(
        CLASSES,
        (
            _father,
            _siblings,
            _same_name,
            _same_initials,
            _namesakes,
            _namesakes_inside,
            _successor,
            _couple,
        ),
        strict=True,
    )
)


def _written(human: Human, chance: Random) -> dict[str, Any]:
    """Write somebody down once, as one list or another would have it."""
    if human.then is not None and chance.random() < 0.45:
        human = human.then
    facts: dict[str, Any] = {"full_name": _name(human, chance)}
    emails, phones = [], []
    if chance.random() < 0.62:
        emails.append(human.mailbox if chance.random() > 0.015 else slip(human.mailbox, chance))
    if chance.random() < 0.14:
        emails.append(human.private)
    if chance.random() < 0.04:
        emails = [f"info@{human.firm.site}"]
    for odds, number in ((0.3, human.mobile), (0.28, human.firm.switchboard), (0.22, human.line)):
        if chance.random() < odds:
            phones.append(number if chance.random() > 0.01 else digit_slip(number, chance))
    if chance.random() < 0.33:
        facts["linkedin_url"] = human.profile
    if chance.random() < 0.85:
        facts["company"] = firm_name(human.firm, chance)
    if chance.random() < 0.4:
        facts["domain"] = firm_site(human.firm, chance)
    if chance.random() < 0.65:
        facts["title"] = human.title if chance.random() < 0.8 else _zipf(TITLES, chance)
    if chance.random() < 0.7:
        facts["city"] = human.city if chance.random() > 0.02 else slip(human.city, chance)
    if chance.random() < 0.15:
        facts |= {"street": human.street, "postal_code": human.postcode}
    facts["email"], facts["phone"] = [e.lower() for e in emails], phones
    return {name: value for name, value in facts.items() if value}


def _name(human: Human, chance: Random) -> str:
    given, surname = human.given, human.surname
    if human.maiden and chance.random() < 0.4:
        surname = human.maiden
    draw = chance.random()
    if draw < 0.1 and given in NICKNAMES:
        given = NICKNAMES[given]
    elif draw < 0.16:
        given = given[0] + "."
    elif draw < 0.19:
        given = slip(given, chance)
    draw = chance.random()
    if draw < 0.03:
        surname = slip(surname, chance)
    elif draw < 0.045:
        surname = misread(surname, chance)
    if human.middle and chance.random() < 0.4:
        given += f" {human.middle if chance.random() < 0.3 else human.middle[0] + '.'}"
    name = f"{given} {surname}"
    draw = chance.random()
    if draw < 0.02:
        name = f"{surname} {given}"
    elif draw < 0.08:
        name = f"{surname}, {given}"
    if human.generation and chance.random() < 0.6:
        name += f" {human.generation}"
    draw = chance.random()
    if not name.isascii() and draw < 0.4:
        name = plain(name) if draw < 0.25 else written_out(name)
    return cyrillic(name) if chance.random() < 0.004 else name


def firm_name(firm: Firm, chance: Random) -> str:
    """Return a company's name as somebody writes it."""
    name = firm.old_name if firm.old_name and chance.random() < 0.35 else firm.name
    draw = chance.random()
    if draw < 0.5:
        name = f"{name} {firm.legal_form}"
    elif draw < 0.55:
        name = name.partition(" ")[0] if len(name.partition(" ")[0]) > 4 else name
    elif draw < 0.58:
        for word, short in _ABBREVIATED.items():
            name = name.replace(word, short)
    if chance.random() < 0.025:
        name = slip(name, chance)
    return name.upper() if chance.random() < 0.05 else name


def firm_site(firm: Firm, chance: Random) -> str:
    """Return a company's domain as somebody notes it."""
    if firm.old_site and chance.random() < 0.3:
        return firm.old_site
    if firm.alias_site and chance.random() < 0.4:
        return firm.alias_site
    return firm.site


def _zipf(items: tuple[str, ...], chance: Random) -> str:
    """Return an item, the earlier the more often."""
    return items[min(int(len(items) * chance.random() ** 1.7), len(items) - 1)]


def _ascii(text: str) -> str:
    return "".join(c for c in written_out(text).lower() if c.isalnum() and c.isascii()) or "x"
