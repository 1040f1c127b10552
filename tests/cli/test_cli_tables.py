from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.cli import render
from leadloom.cli.render import counted, harmless, text_of
from leadloom.cli.terminal import NARROWEST, fitted

WIDTHS = st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=8)


@given(WIDTHS, st.integers(0, 300))
def test_columns_fit_or_have_given_all_they_can(columns, room):
    natural = [width for width, _ in columns]
    kept = [is_kept for _, is_kept in columns]
    widths = fitted(natural, kept, room)
    shrunk = [width for width, is_kept in zip(widths, kept, strict=True) if not is_kept]
    assert sum(widths) <= room or all(width <= NARROWEST for width in shrunk)
    for width, before, is_kept in zip(widths, natural, kept, strict=True):
        assert width == before if is_kept else min(before, NARROWEST) <= width <= before


def test_the_widest_column_gives_first():
    assert fitted([30, 10, 36], [False, False, True], 66) == [20, 10, 36]


@given(st.text())
def test_no_text_keeps_what_a_terminal_acts_on(text):
    shown = harmless(text)
    assert len(shown) == len(text)
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in shown)


@given(st.text() | st.lists(st.text()) | st.none() | st.booleans() | st.floats() | st.integers())
def test_a_cell_is_one_line(value):
    assert "\n" not in text_of(value)


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 leads"), (1, "1 lead"), (2, "2 leads"), (1200, "1,200 leads")]
)
def test_numbers_agree_with_their_noun(number, told):
    assert counted(number, "lead") == told


@pytest.mark.parametrize(
    ("columns", "fits"),
    [("full_name,email,id", True), ("full_name,company,email,title,phone,notes,id", False)],
)
def test_a_terminal_gets_whole_ids_however_narrow_it_is(filled, ask, monkeypatch, columns, fits):
    ids = {lead["id"] for lead in ask("leads")["items"]}
    monkeypatch.setattr(render, "is_terminal", lambda stream=None: True)
    shown = filled("leads", "--columns", columns, COLUMNS="70")
    lines = shown.stdout.splitlines()[1:4]
    assert {line.split()[-1] for line in lines} == ids
    assert (max(map(len, lines)) <= 70) == fits


def test_a_number_beyond_64_bits_is_still_json():
    huge: Any = {"number": 2**80}
    assert render.json_text(huge) == '{"number": 1208925819614629174706176}'
