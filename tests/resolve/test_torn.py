"""Half a name that fits two people of one family or firm goes to neither, and is asked about."""

import itertools
from collections.abc import Sequence

import pytest
from workbench import Desk

HEAD = "Name,Email,Phone,Street,City,Zip"
HOME = "+49 30 23125001,Talweg 4,Ulm,89073"
ANNA = f"Anna Vollrath,anna77@gmail.com,{HOME}"
ANDREAS = f"Andreas Vollrath,a.vollrath9@web.de,{HOME}"
HALF = f"A. Vollrath,,{HOME}"


def asked(desk: Desk) -> list[set[str | None]]:
    return sorted(({one.a_name, one.b_name} for one in desk.ws.leads.duplicates()), key=sorted)


NEITHER = [{"A. Vollrath", "Andreas Vollrath"}, {"A. Vollrath", "Anna Vollrath"}]


def test_alone_it_is_one_of_them(desk: Desk) -> None:
    """Otherwise what follows would show nothing."""
    count = len(desk.people())
    desk.take_in(ANNA, HALF, head=HEAD)
    assert len(desk.people()) == count + 1


@pytest.mark.parametrize("rows", [(ANNA, ANDREAS, HALF), (ANDREAS, ANNA, HALF)])
def test_it_goes_to_neither_when_it_comes(desk: Desk, rows: Sequence[str]) -> None:
    count = len(desk.people())
    desk.take_in(*rows, head=HEAD)
    assert len(desk.people()) == count + 3
    assert asked(desk) == NEITHER
    [why, *_] = (one.reasons[0] for one in desk.ws.leads.duplicates(of="anna77@gmail.com"))
    assert why.endswith("but Andreas Vollrath fits as well")
    desk.assert_sound()


@pytest.mark.parametrize("rows", list(itertools.permutations((ANNA, ANDREAS, HALF))))
def test_it_goes_to_neither_when_all_are_grouped_again(desk: Desk, rows: Sequence[str]) -> None:
    count = len(desk.people())
    for row in rows:
        desk.take_in(row, head=HEAD)
    desk.ws.resolution.run(everything=True)
    assert len(desk.people()) == count + 3
    assert asked(desk) == NEITHER
    desk.assert_sound()


def test_with_what_is_ones_own_it_goes_there(desk: Desk) -> None:
    count = len(desk.people())
    desk.take_in(ANNA, ANDREAS, HALF.replace(",,", ",anna77@gmail.com,"), head=HEAD)
    assert len(desk.people()) == count + 2
