"""Families at one address stay families; where names get lost, that is learned from the table."""

import itertools
import random
from collections.abc import Sequence
from typing import NamedTuple

import pytest

from leadloom.resolve.match import bulk
from leadloom.resolve.match.matcher import Matcher
from leadloom.resolve.match.model import bits_of
from leadloom.resolve.people import Person as Known
from leadloom.resolve.weighing import Weighing

SOUNDS = "ba de fi go hu ka le mi no pu ra se ti vo zu wa".split()  # noqa: SIM905
GIVEN = ["".join(some).capitalize() for some in itertools.permutations(SOUNDS, 3)][::17]

Person = tuple[str, str, str]


def town(chance: random.Random, homes: int, at_home: int) -> list[list[Person]]:
    """Homes at addresses of their own, each with up to so many people of one surname."""
    found = []
    for number in range(homes):
        surname = "".join(chance.sample(SOUNDS, 4)).capitalize()
        road = "".join(chance.sample(SOUNDS, 4)).capitalize()
        names = chance.sample(GIVEN, chance.randint(1, at_home))
        found.append([(name, surname, f"{number % 90 + 1} {road} Street") for name in names])
    return found


def written(one: Person) -> dict[str, str]:
    given, surname, street = one
    named = {"full_name": f"{given} {surname}"}
    return named | {"first_name": given, "last_name": surname, "street": street, "city": "Kassel"}


class Found(NamedTuple):
    """The model learned from records, the pairs it is sure of, and those that are woven by it."""

    model: bulk.Model
    sure: list[tuple[int, int]]
    woven: list[tuple[int, int]]


def matched(records: Sequence[dict[str, str]]) -> Found:
    table = bulk.table_of(bulk.PEOPLE, records)
    model = bulk.learned(table)
    rule = Weighing(Matcher(model, table.census))
    known = []
    for facts in records:
        known.append(Known())
        known[-1].learn(facts, None)
    pairs = list(zip(table.pairs.low.tolist(), table.pairs.high.tolist(), strict=True))
    at = bits_of(model.same_at)
    odds = bulk.scored(table, model).tolist()
    sure = [pair for pair, bits in zip(pairs, odds, strict=True) if bits >= at]
    woven = [(a, b) for a, b in pairs if rule.judge(known[a], known[b]).answer == "same"]
    return Found(model, sure, woven)


@pytest.mark.parametrize("again", [0.0, 0.3])
def test_of_a_family_nobody_is_taken_for_another(again: float) -> None:
    """Whether some of them are written down twice, or none is."""
    chance = random.Random(3)
    people = list(itertools.chain(*town(chance, 500, 4)))
    people += [one for one in people if chance.random() < again]
    _, found, woven = matched([written(one) for one in people])
    wrong = [(people[a], people[b]) for a, b in found if people[a] != people[b]]
    assert not wrong
    assert len(found) >= again * 0.8 * len(set(people))
    assert woven == found


def test_where_all_live_alone_a_wrong_name_beside_the_right_one_is_a_slip() -> None:
    """Everybody is there three times; a few have another first name in one of them."""
    chance = random.Random(5)
    records, owners = [], []
    for number, (one,) in enumerate(town(chance, 600, 1)):
        names = [one[0]] * 3
        if number % 5 == 0:
            names[2] = chance.choice([name for name in GIVEN if name != one[0]])
        records += [written((name, *one[1:])) for name in names]
        owners += [number] * 3
    model, found, woven = matched(records)
    assert all(owners[a] == owners[b] for a, b in found)
    assert len(found) >= 0.98 * 600 * 3
    given = model.fields[0]
    assert given.kept[given.levels.index("different")] > 0.05
    assert woven == found


def test_a_member_of_a_family_who_is_there_twice_is_no_slip() -> None:
    """As before, but the other name is there as often as the right one."""
    chance = random.Random(5)
    records = []
    for number, (one,) in enumerate(town(chance, 600, 1)):
        records += [written(one)] * 2
        if number % 10 == 0:
            other = chance.choice([name for name in GIVEN if name != one[0]])
            records += [written((other, *one[1:]))] * 2
    _, found, woven = matched(records)
    assert all(records[a] == records[b] for a, b in found + woven)


def test_how_often_a_son_has_his_fathers_name_is_not_learned_from_pairs() -> None:
    """Else all who are written down twice would be taken for such sons."""
    chance = random.Random(9)
    records = []
    for given, surname, street in itertools.chain(*town(chance, 1_000, 1)):
        facts = {"full_name": f"{given} {surname}", "company": f"{street} Works", "city": "Kassel"}
        records += [facts | {"title": chance.choice(("Buyer", "Planner", "Clerk"))} for _ in "ab"]
    model, found, _ = matched(records)
    rates = {story.name: story.rate for story in model.stories}
    usual = {story.name: story.rate for story in bulk.PEOPLE.model().stories}
    assert rates["father and son of one name"] == usual["father and son of one name"]
    assert len(found) > 0.9 * 1_000
