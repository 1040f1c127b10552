"""The desk: who is found there, and by what."""

import pytest
import sqlalchemy as sa
from workbench import Desk as Workbench

from leadloom.resolve.desk import Desk, LeadState
from leadloom.resolve.match.blocking import (
    FEW,
    LIGHT,
    asked_by,
    keys_of,
    paired_by,
    room_at_once,
    room_of,
)
from leadloom.resolve.match.person import terms_of
from leadloom.resolve.people import Person
from leadloom.storage.tables import lead_keys

KEY = (7 << 16) + 1  # by the name, of one of whom little else is told


def known() -> Person:
    person = Person()
    person.learn({"full_name": "Ada Lind", "email": ["ada@acme.com"]}, None)
    return person


def test_a_key_that_others_elsewhere_hold_is_crowded_from_then_on() -> None:
    assert room_of(KEY) == FEW
    ada = LeadState(id=1, age=1)
    ada.hear(1, lambda: ({"full_name": "Ada Lind", "email": ["ada@acme.com"]}, None))
    desk = Desk()
    desk.add_lead(ada, [KEY], {KEY})
    desk.crowd = {KEY: list(range(11, 11 + FEW))}
    desk.now = 11 + FEW - 2  # one of them is yet to come
    assert desk.place(known(), [KEY]).lead is ada
    desk.now = 11 + FEW - 1
    placement = desk.place(known(), [KEY])
    assert placement.is_new
    assert placement.lead.keys == set()


def keys_by_name(facts: dict[str, str]) -> list[int]:
    return [key for key in keys_of(terms_of({"full_name": "Ada Lind", **facts})) if not key & LIGHT]


TOLD, TOLD_OTHERWISE = (
    {"company": "Acme", "city": "Köln"},
    {"company": "Nord", "city": "Lyon"},
)


@pytest.mark.parametrize(
    ("first", "second", "is_met"),
    [
        ({}, {}, True),
        (TOLD, {}, True),
        ({}, TOLD, True),
        (TOLD, {"city": "Lyon"}, True),
        ({"company": "Nord"}, TOLD, True),
        (TOLD, TOLD_OTHERWISE, False),
    ],
)
def test_a_name_alone_finds_those_of_whom_little_else_is_told(
    first: dict[str, str], second: dict[str, str], is_met: bool
) -> None:
    desk = Desk()
    placement = desk.begin(keys_by_name(first))
    assert placement.lead.keys
    assert desk.is_known(keys_by_name(second)) is is_met
    assert paired_by(*keys_by_name(first)) == paired_by(*keys_by_name(second))


def test_of_namesakes_in_one_city_few_are_looked_at_whatever_else_is_told() -> None:
    nowhere, here = (
        set(keys_of(terms_of({"full_name": "Ada Lind", "company": "Acme", "city": city})))
        for city in ("", "Köln")
    )
    swapped = keys_of(terms_of({"full_name": "Lind Ada", "company": "Nord", "city": "Köln"}))
    (key,) = {key for key in here - nowhere if key & LIGHT}
    assert room_of(key) == FEW < room_at_once(key)
    assert list(asked_by([key])) == [key]
    assert paired_by(key) == key
    assert key in swapped


def test_those_whom_a_row_does_not_look_at_count_for_the_crowd(desk: Workbench) -> None:
    firms = ("Acme,Bonn", "Nord,Lyon", "Voss,Oslo", "Berg,Rome", "Roth,Bern")
    assert len(firms) > FEW + 1
    for firm in firms:
        desk.take_in(f"Ada Lind,{firm}", head="Name,Company,City")
    (key,) = keys_by_name(TOLD)
    with desk.ws._session.read() as tx:
        held = sa.select(sa.func.count()).where(lead_keys.c.hash == key)
        assert tx.conn.scalar(held) == FEW + 1
    desk.assert_sound()
