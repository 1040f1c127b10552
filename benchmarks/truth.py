"""Lists of people and companies of which it is known who is who, to measure matching by.

Somebody is written down once or several times, each time by another hand: with other fields
filled in, other forms of names, slips, a job later. Among them stand people who are easily
confused (`CLASSES`): each such pair is listed, so that every kind can be counted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from town import Firm, Human, Town
from words import TRADES
from writing_down import firm_facts, person_facts

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


@dataclass(slots=True)
class Truth:
    """Records as facts by field, whom each speaks of, and pairs that are easily confused."""

    records: list[dict[str, Any]] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    confusable: list[tuple[int, int, str]] = field(default_factory=list)


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
                truth.records.append(person_facts(human, chance))
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
                truth.records.append(firm_facts(one, chance))
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
