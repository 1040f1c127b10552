"""A town of people and companies as they are, all from one seed."""

from bisect import bisect
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from typing import Any

from countries import COUNTRIES, Country
from spoiling import plain, written_out
from words import ENDINGS, HEADS, SYLLABLES, TAILS, TITLES, TRADES

_PRIVATE = (
    "gmail.com",
    "yahoo.com",
    "outlook.com",
    "gmx.de",
    "web.de",
    "icloud.com",
    "hotmail.com",
)


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
        first = given.pop("given", None) or zipf(firm.country.first_names, chance)
        surname = given.pop("surname", None) or self._surname(firm.country)
        made = {
            "middle": chance.choice(firm.country.first_names) if chance.random() < 0.25 else "",
            "maiden": self._surname(firm.country) if chance.random() < 0.06 else "",
            "generation": "",
            "title": zipf(TITLES, chance),
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
            title=zipf(TITLES, self.chance),
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
        return zipf(country.last_names, self.chance)

    def _word(self) -> str:
        count = self.chance.choice((1, 2, 2, 3))
        word = "".join(self.chance.choice(SYLLABLES) for _ in range(count))
        return (word + self.chance.choice(ENDINGS)).capitalize()

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


def zipf(items: tuple[str, ...], chance: Random) -> str:
    """Return an item, the earlier the more often."""
    return items[min(int(len(items) * chance.random() ** 1.7), len(items) - 1)]


def _ascii(text: str) -> str:
    return "".join(c for c in written_out(text).lower() if c.isalnum() and c.isascii()) or "x"
