"""Make a lead CSV of any size, as real ones are: repeats, changes, and a few values gone wrong.

    python benchmarks/generate.py 100000 leads.csv [--seed 1]

A person is a function of the seed and a number, so a repeat of any earlier person is made again
instead of being remembered: memory stays flat, and the same seed always gives the same file.
"""

import argparse
import csv
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from countries import COUNTRIES, Country
from words import (
    EVENTS,
    FREE_MAIL,
    HEADS,
    NICKNAMES,
    NOTES,
    OWNERS,
    SIZES,
    TAILS,
    TITLES,
    TRADES,
)

HEADER = (
    "First Name",
    "Last Name",
    "Email",
    "Phone",
    "Company",
    "Title",
    "City",
    "State",
    "Country",
    "Website",
    "LinkedIn URL",
    "Industry",
    "Company Size",
    "Notes",
    "Lead Owner",
    "Event",
)
Cells = dict[str, str]

# Chance that a row repeats an earlier person, and that such a row has changed since.
REPEATS, CHANGED = 0.2, 0.5
# Chance that a new person's row has a value gone wrong.
MESSY = 0.05

COMPANIES = len(HEADS) * len(TAILS) * len(TRADES)
# Sizes follow Zipf's law with exponent 1, as those of firms do (Axtell, Science 293, 2001),
# flattened at the top (Mandelbrot's q): a list of leads rarely has over 0.1% of one employer.
_FLATTENING = 400
# Of the largest employers so many have namesakes, told apart by a number in the address.
_WITH_NAMESAKES = 2_000
_MAIL_STYLES = ("{first}.{last}", "{initial}{last}", "{first}_{last}", "{first}.{last}")
# Odd and not divisible by five: multiplying by it only shuffles the numbers below 10^n or 5x10^n.
_SHUFFLE = 61_803_399
_BY_SHARE = tuple(country for country in COUNTRIES for _ in range(country.share))


@dataclass(frozen=True, slots=True)
class Company:
    """An employer; `rank` 0 is the largest."""

    rank: int
    name: str
    domain: str
    industry: str
    size: str
    country: Country


def rows(count: int, seed: int = 1) -> Iterator[list[str]]:
    """Yield `count` rows in the order of HEADER; the same for the same seed."""
    choices = Random(f"rows of {seed}")
    people = People(seed)
    known = 0
    for _ in range(count):
        if known and choices.random() < REPEATS:
            number = choices.randrange(known)
            cells = people.row(number)
            if choices.random() < CHANGED:
                change(cells, choices, number)
        else:
            cells = people.row(known)
            known += 1
        yield list(cells.values())


def write(path: Path, count: int, seed: int = 1) -> None:
    """Write a CSV of `count` rows and a header to `path` (UTF-8)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, seed))


class People:
    """Everybody there could be, by number; `companies` is how many employers they share."""

    def __init__(self, seed: int, companies: int = COMPANIES) -> None:
        self._seed = seed
        self._companies = companies
        self._random = Random()

    def row(self, number: int) -> Cells:
        """Return the row that person `number` first came in with."""
        chance = self._random
        chance.seed(self._seed << 40 | number)
        company = company_of(_rank(chance.random()) % self._companies, self._seed)
        abroad = chance.random() < 0.15
        country = chance.choice(_BY_SHARE) if abroad else company.country
        first = chance.choice(country.first_names)
        last = _last_name(country, chance)
        city, state = chance.choice(country.places)
        cells = {
            "First Name": first,
            "Last Name": last,
            "Email": _email(first, last, company, number, chance),
            "Phone": phone(country, number, chance.randrange(4)) if chance.random() < 0.8 else "",
            "Company": company.name,
            "Title": chance.choice(TITLES),
            "City": city,
            "State": state,
            "Country": chance.choice(country.spellings),
            "Website": f"https://www.{company.domain}" if chance.random() < 0.8 else "",
            "LinkedIn URL": _profile(first, last, number) if chance.random() < 0.7 else "",
            "Industry": company.industry,
            "Company Size": company.size,
            "Notes": chance.choice(NOTES) if chance.random() < 0.25 else "",
            "Lead Owner": chance.choice(OWNERS),
            "Event": chance.choice(EVENTS) if chance.random() < 0.5 else "",
        }
        if chance.random() < MESSY:
            chance.choice(_MESSES)(cells)
        return cells


@lru_cache(maxsize=65_536)
def company_of(rank: int, seed: int) -> Company:
    """Return the employer of this rank; no two have one name."""
    # 7,919 is a prime that does not divide COMPANIES: every rank gets names of its own.
    at, trade = divmod((rank * 7_919 + seed) % COMPANIES, len(TRADES))
    head, tail = divmod(at, len(TAILS))
    name = HEADS[head] + TAILS[tail]
    trades = tuple(TRADES)
    country = _BY_SHARE[(rank * 37 + seed) % len(_BY_SHARE)]
    legal_form = country.legal_forms[rank % len(country.legal_forms)]
    return Company(
        rank,
        f"{name} {trades[trade]} {legal_form}".strip(),
        f"{name}-{trades[trade]}.{country.tld}".lower(),
        TRADES[trades[trade]],
        SIZES[min(len(SIZES) - 1, len(str(rank)) + rank % 3)],
        country,
    )


def _rank(chance: float) -> int:
    """Return a rank with a probability in inverse proportion to rank + flattening."""
    least, most = _FLATTENING, COMPANIES + _FLATTENING
    return min(COMPANIES - 1, int(least * (most / least) ** chance) - least)


def _last_name(country: Country, chance: Random) -> str:
    last = chance.choice(country.last_names)
    if chance.random() < country.two_surnames:
        return f"{last}{country.between}{chance.choice(country.last_names)}"
    return last


def _email(first: str, last: str, company: Company, number: int, chance: Random) -> str:
    local = {"first": ascii_word(first), "last": ascii_word(last), "initial": ascii_word(first)[0]}
    kind = chance.random()
    if kind < 0.06:
        return ""
    if kind < 0.18:
        return f"{local['first']}.{local['last']}{number}@{chance.choice(FREE_MAIL)}"
    if company.rank < _WITH_NAMESAKES:
        twin = number % 97 if chance.random() < 0.3 else ""
        return f"{local['first']}.{local['last']}{twin}@{company.domain}"
    style = _MAIL_STYLES[company.rank % len(_MAIL_STYLES)]
    return f"{style.format(**local)}@{company.domain}"


def _profile(first: str, last: str, number: int) -> str:
    own = (number + 1) * _SHUFFLE % 10**8
    return f"https://www.linkedin.com/in/{ascii_word(first)}-{ascii_word(last)}-{own:07x}"


def phone(country: Country, number: int, style: int) -> str:
    """Return a phone number nobody else there has, written in one of the country's ways.

    Numbers below zero are more people: theirs are the second phones.
    """
    prefixes = country.phone_prefixes
    own = (number + 1) * _SHUFFLE % (len(prefixes) * 10**country.phone_digits)
    rest, prefix = divmod(own, len(prefixes))
    digits = f"{rest:0{country.phone_digits}d}"
    return country.phone_formats[style].format(*digits, p=prefixes[prefix])


@lru_cache(maxsize=16_384)
def ascii_word(name: str) -> str:
    """Return a name as it stands in an address: "Jörg van Dijk" is "joergvandijk"."""
    for letter, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ı", "i")):
        name = name.replace(letter, plain)
    folded = unicodedata.normalize("NFKD", name.lower())
    return "".join(c for c in folded if c.isascii() and (c.isalpha() or c == "-"))


def change(cells: Cells, chance: Random, number: int) -> None:
    """Let a later row of person `number` differ: one to three things, at least one of them."""
    before = dict(cells)
    for alter in chance.sample(_CHANGES, chance.randint(1, 3)):
        alter(cells, chance, number)
    if cells == before:
        cells["Notes"] = f"{chance.choice(NOTES)} ({chance.randint(1, 28)} May)"


def _new_title(cells: Cells, chance: Random, _: int) -> None:
    cells["Title"] = chance.choice(TITLES)


def _email_case(cells: Cells, chance: Random, _: int) -> None:
    address = cells["Email"]
    cells["Email"] = address.title() if chance.random() < 0.5 else address.upper()


def _nickname(cells: Cells, _: Random, __: int) -> None:
    cells["First Name"] = NICKNAMES.get(cells["First Name"], cells["First Name"])


def _without_accents(cells: Cells, _: Random, __: int) -> None:
    for column in ("First Name", "Last Name"):
        apart = unicodedata.normalize("NFKD", cells[column])
        cells[column] = "".join(c for c in apart if not unicodedata.combining(c))


def _second_phone(cells: Cells, chance: Random, number: int) -> None:
    other = phone(chance.choice(COUNTRIES), -1 - number, 0)
    cells["Phone"] = f"{cells['Phone']}; {other}" if cells["Phone"] else other


def _phone_spelt_otherwise(cells: Cells, _: Random, __: int) -> None:
    cells["Phone"] = cells["Phone"].translate(str.maketrans(" ", ".", "()"))


def _plain_company(cells: Cells, _: Random, __: int) -> None:
    cells["Company"] = " ".join(cells["Company"].split()[:2])  # without the legal form


def _moved(cells: Cells, chance: Random, _: int) -> None:
    here = next((c for c in COUNTRIES if cells["Country"] in c.spellings), COUNTRIES[0])
    cells["City"], cells["State"] = chance.choice(here.places)


def _lost_columns(cells: Cells, _: Random, __: int) -> None:
    for column in ("Title", "State", "Website", "Industry", "Company Size"):
        cells[column] = ""


def _note(cells: Cells, chance: Random, _: int) -> None:
    cells["Notes"] = chance.choice(NOTES)


_CHANGES: tuple[Callable[[Cells, Random, int], None], ...] = (
    _new_title,
    _email_case,
    _nickname,
    _without_accents,
    _second_phone,
    _phone_spelt_otherwise,
    _plain_company,
    _moved,
    _lost_columns,
    _note,
)


def _shouted(cells: Cells) -> None:
    for column in ("First Name", "Last Name", "Company"):
        cells[column] = cells[column].upper()


def _spaced(cells: Cells) -> None:
    for column in ("First Name", "Email", "City"):
        cells[column] = f"  {cells[column]} "


def _linked(cells: Cells) -> None:
    cells["Email"] = f"mailto:{cells['Email']}" if cells["Email"] else ""


def _broken_address(cells: Cells) -> None:
    cells["Email"] = cells["Email"].replace("@", "(at)")


def _two_addresses(cells: Cells) -> None:
    if cells["Email"]:
        name = f"{ascii_word(cells['First Name'])}.{ascii_word(cells['Last Name'])}"
        cells["Email"] += f"; {name}.{cells['Email'].partition('@')[0]}@gmail.com"


def _guarded_phone(cells: Cells) -> None:
    cells["Phone"] = f"'{cells['Phone']}"


def _rounded_phone(cells: Cells) -> None:
    digits = "".join(c for c in cells["Phone"] if c.isdigit())
    if digits:
        cells["Phone"] = f"{float(digits):.5E}"  # what a spreadsheet leaves of a long number


def _blank_words(cells: Cells) -> None:
    cells["Title"], cells["State"], cells["Industry"] = "N/A", "-", "null"


def _lines_in_notes(cells: Cells) -> None:
    cells["Notes"] = 'Said: "call me back"\nafter the fair, please'


_MESSES: tuple[Callable[[Cells], None], ...] = (
    _shouted,
    _spaced,
    _linked,
    _broken_address,
    _two_addresses,
    _guarded_phone,
    _rounded_phone,
    _blank_words,
    _lines_in_notes,
)


def main() -> None:
    """Write the file asked for on the command line."""
    parser = argparse.ArgumentParser(description="Write a CSV of fictional leads.")
    parser.add_argument("rows", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.out, given.rows, given.seed)


if __name__ == "__main__":
    main()
