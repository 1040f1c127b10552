"""In bulk and one by one: the same keys, the same verdict on the same pair."""

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leadloom.resolve.firm_table import made_ready
from leadloom.resolve.match import (
    blocking,
    bulk,
    columns,
    counting,
    defaults,
    firm,
    pairs,
    person,
)
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.matcher import OF_FIRMS, OF_PEOPLE, Matcher, codes_of
from leadloom.resolve.match.outcomes import Outcomes

NAMES = (
    "Anna Voss", "Voss, Anna", "A. Voss", "Anna Voß-Klein", "Ana Vos", "Dr. Bob Smith Jr.",
    "Robert Smith Sr.", "Smith", "Bob", "李小龍", "Сергей Иванов", "Sergey Ivanov", "Smith Bob",
)  # fmt: skip
MAILS = (
    "anna.voss@acme.de", "avoss@acme.de", "info@acme.de", "voss@gmail.com", "bob7@web.de",
    "anna.vos@acme.de", "bob7@gmail.com", "smith@acme.com",
)  # fmt: skip
PHONES = ("+495611234500", "+495611234511", "+4915112345678", "+4915112345687", "+14155550100")
FIRM_NAMES = ("Acme GmbH", "ACME Bearings", "Acme Bearngs Ltd", "AB", "Zeta", "Self-employed")
CITIES, STREETS = ("Kassel", "Kasel", "Berlin"), ("1 Gate St", "1 Gate Street", "12 Gat Street")
SITES = ("acme.de", "acme.com", "acme-bearings.de", "zeta.io", "gmail.com")


def maybe(values: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


PEOPLE = st.fixed_dictionaries(
    {
        "full_name": maybe(NAMES),
        "email": st.lists(st.sampled_from(MAILS), max_size=2, unique=True),
        "phone": st.lists(st.sampled_from(PHONES), max_size=2, unique=True),
        "linkedin_url": maybe(("https://linkedin.com/in/a", "https://linkedin.com/in/b")),
        "company": maybe(FIRM_NAMES),
        "domain": maybe(SITES),
        "title": maybe(("CEO", "Chief Executive Officer", "Buyer", "Head of Sales")),
        "city": maybe(CITIES),
        "postal_code": maybe(("34117", "34171")),
        "street": maybe(STREETS),
        "country": maybe(("DE", "US")),
    }
)
FIRMS = st.fixed_dictionaries(
    {
        "name": maybe(FIRM_NAMES),
        "domain": maybe(SITES),
        "phone": st.lists(st.sampled_from(PHONES), max_size=1),
        "linkedin_url": maybe(("https://linkedin.com/company/a", "https://linkedin.com/company/b")),
        "city": maybe(CITIES),
        "street": maybe(STREETS),
    }
)


@given(st.lists(PEOPLE, min_size=2, max_size=12))
def test_people_in_bulk_are_judged_as_one_by_one(records: list[dict[str, Any]]) -> None:
    table = columns.gather(records, person.terms_of, blocking.keys_of, 7)
    census, model = counting.of_people(table), defaults.people().with_records(len(table))
    found = pairs.candidates(table)
    outcomes, which = pairs.compared(OF_PEOPLE, table, found, census)
    bits = Outcomes(outcomes).bits(model)[which]
    matcher = Matcher(defaults.people().with_records(len(table)), census, OF_PEOPLE)
    terms = [person.terms_of(record) for record in records]
    for low, high, one in zip(found.low.tolist(), found.high.tolist(), bits, strict=True):
        assert matcher.bits(terms[low], terms[high]) == one


@given(st.lists(FIRMS, min_size=2, max_size=12))
def test_companies_in_bulk_are_judged_as_one_by_one(records: list[dict[str, Any]]) -> None:
    table = columns.gather(records, firm.terms_of, blocking.firm_keys_of, 5)
    census, model = counting.of_firms(table), defaults.firms().with_records(len(table))
    found = pairs.candidates(table)
    outcomes, which = pairs.compared(OF_FIRMS, table, found, census)
    bits = Outcomes(outcomes).bits(model)[which]
    matcher = Matcher(defaults.firms().with_records(len(table)), census, OF_FIRMS)
    terms = [firm.terms_of(record) for record in records]
    for low, high, one in zip(found.low.tolist(), found.high.tolist(), bits, strict=True):
        assert matcher.bits(terms[low], terms[high]) == one


@given(PEOPLE, PEOPLE)
def test_a_pair_is_judged_alike_from_either_side(a: dict[str, Any], b: dict[str, Any]) -> None:
    one, other = person.terms_of(a), person.terms_of(b)
    table = columns.gather([a, b], person.terms_of, blocking.keys_of, 7)
    census = counting.of_people(table)
    assert codes_of(OF_PEOPLE, one, other, census) == codes_of(OF_PEOPLE, other, one, census)


@given(st.lists(PEOPLE, min_size=2, max_size=12))
def test_pairs_are_those_that_share_a_key_of_few(records: list[dict[str, Any]]) -> None:
    table = columns.gather(records, person.terms_of, blocking.keys_of, 7)
    found = pairs.candidates(table)
    held = (blocking.keys_of(person.terms_of(record)) for record in records)
    keys = [set(map(blocking.paired_by, some)) for some in held]
    holders = Counter(key for some in keys for key in some)
    few = {key for key, count in holders.items() if count <= blocking.room_at_once(key)}
    expected = {(a, b) for a, b in combinations(range(len(records)), 2) if keys[a] & keys[b] & few}
    assert set(zip(found.low.tolist(), found.high.tolist(), strict=True)) == expected


@given(st.lists(FIRMS, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(records: list[dict[str, Any]], chance: Any) -> None:
    order = list(range(len(records)))
    chance.shuffle(order)

    def groups(numbers: list[int]) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
        places = range(len(numbers))
        facts = [records[n] for n in numbers]
        found = made_ready([*places], facts).grouped(lambda mine, theirs: False)
        said = [repr(firm.terms_of(one)) for one in facts]  # what is alike may change places
        members = {frozenset(said[n] for n in all_) for all_ in found.members.values()}
        return members, {frozenset((said[a], said[b])) for a, b, _ in found.doubtful}

    assert groups(order) == groups(sorted(order))


def test_a_table_is_compared_afresh_under_another_census() -> None:
    records = [{"full_name": "Anna Voss", "company": "Acme"} for _ in range(2)]
    table = bulk.table_of(bulk.PEOPLE, records)
    model = defaults.people().with_records(50_000)
    before = bulk.scored(table, model)
    common = {kind: {value: 5_000} for kind, value in (("given", "anna"), ("surname", "voss"))}
    table.census = Census(50_000, common | {"company": {"acme": 100}})
    assert bulk.scored(table, model)[0] < before[0] - 2


def test_a_key_of_too_many_is_set_aside_and_counted() -> None:
    records = [{"full_name": f"Anna Voss{n:03}x", "phone": ["+495611234500"]} for n in range(60)]
    table = columns.gather(records, person.terms_of, blocking.keys_of, 7)
    found = pairs.candidates(table)
    assert found.crowded == 1
    assert not np.any(found.low == found.high)


def test_one_who_is_there_many_times_crowds_no_key() -> None:
    """When rows come in one by one those of one person are one lead, and so they are here."""
    known = {"full_name": "Ottilie Kowalczik", "email": ["ottilie@acme.de"], "city": "Kassel"}
    rows = [{**known, "title": f"Chair {n}", "company": "Acme"} for n in range(6)]
    rows.append({"full_name": "Ottilie Kowalczik", "phone": ["+4915112345678"]})
    table = bulk.table_of(bulk.PEOPLE, rows)
    model = defaults.people().with_records(50_000)
    assert not np.any(table.pairs.high == 6)
    found, odds = bulk.met(table, model)
    assert set(found.low[found.high == 6].tolist()) == set(range(6))
    matcher = Matcher(model, table.census)
    terms = [person.terms_of(row) for row in rows]
    assert odds.tolist() == [
        matcher.bits(terms[a], terms[b])
        for a, b in zip(found.low.tolist(), found.high.tolist(), strict=True)
    ]


@given(st.lists(PEOPLE, min_size=2, max_size=12), st.lists(st.integers(0, 3), min_size=12))
def test_a_crowd_is_one_of_people(records: list[dict[str, Any]], whose: list[int]) -> None:
    table = columns.gather(records * 3, person.terms_of, blocking.keys_of, 7)
    groups = np.array([*whose[: len(records)]] * 3)
    found = pairs.met_again(table, pairs.candidates(table), groups)
    held = (blocking.keys_of(person.terms_of(record)) for record in records * 3)
    keys = [set(map(blocking.paired_by, some)) for some in held]
    for a, b in zip(found.low.tolist(), found.high.tolist(), strict=True):
        assert groups[a] != groups[b]
        crowds = [
            {groups[n] for n, some in enumerate(keys) if key in some} for key in keys[a] & keys[b]
        ]
        assert any(len(some) <= blocking.CROWDED for some in crowds)
