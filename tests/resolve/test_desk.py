"""The desk: who is found there, and by what."""

from leadloom.resolve.desk import Desk, LeadState
from leadloom.resolve.match.blocking import FEW, room_of
from leadloom.resolve.people import Person

LIGHT = 7 << 16


def known() -> Person:
    person = Person()
    person.learn({"full_name": "Ada Lind", "email": ["ada@acme.com"]}, None)
    return person


def test_a_key_that_others_elsewhere_hold_is_crowded_from_then_on() -> None:
    assert room_of(LIGHT) == FEW
    ada = LeadState(id=1, age=1)
    ada.hear(1, lambda: ({"full_name": "Ada Lind", "email": ["ada@acme.com"]}, None))
    desk = Desk()
    desk.add_lead(ada, [LIGHT], {LIGHT})
    desk.crowd = {LIGHT: list(range(11, 11 + FEW))}
    desk.now = 11 + FEW - 2  # one of them is yet to come
    assert desk.place(known(), [LIGHT]).lead is ada
    desk.now = 11 + FEW - 1
    placement = desk.place(known(), [LIGHT])
    assert placement.is_new
    assert placement.lead.keys == set()
