import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.values import NOTHING, cell, text

ANY = st.text(st.characters(exclude_categories=[]), max_size=60)


@pytest.mark.parametrize(
    "blank", ["", "  ", "-", "n/a", "N/A", "NULL", "None", "#N/A", "NaN", "k.A."]
)
def test_what_means_nothing_is_nothing(blank: str) -> None:
    assert text.clean(blank) == NOTHING


def test_white_space_and_unseen_characters_go_and_letters_are_composed() -> None:
    assert text.clean(" Mu\u0308ller\u200b \x00\t GmbH\ufeff ").value == "Müller GmbH"
    assert text.clean("نمی\u200cخواهم").value == "نمی\u200cخواهم"  # Persian needs its joiner
    assert text.clean("MÃ¼ller").value == "MÃ¼ller"


def test_line_breaks_stay_only_where_they_are_wanted() -> None:
    assert text.clean("one\r\ntwo").value == "one two"
    assert text.clean_lines(" one \r\n\n\n\ntwo  three").value == "one\n\ntwo three"


@given(ANY)
def test_tidy_text_can_be_stored_anywhere_and_stays_as_it_is(received: str) -> None:
    tidied = text.tidy(received)
    tidied.encode("utf-8")
    assert "\x00" not in tidied
    assert "\n" not in tidied
    assert text.tidy(tidied) == tidied


@given(ANY)
def test_folding_twice_changes_nothing(received: str) -> None:
    assert text.fold(text.fold(received)) == text.fold(received)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MÜLLER", "muller"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Søren", "soren"),
        ("ｆｕｌｌ", "full"),
        ("ÉCOLE", "ecole"),
    ],
)
def test_folded_forms_meet(one: str, other: str) -> None:
    assert text.fold(one) == text.fold(other)


def test_folding_keeps_what_tells_words_apart_in_other_scripts() -> None:
    assert text.fold("हिन्दी") != text.fold("हन्द")
    assert text.fold("한국") == "한국"


def test_umlauts_meet_their_written_out_form_and_other_names_stay_apart() -> None:
    meet = [text.fold_umlauts(text.fold(name)) for name in ("Müller", "Mueller", "Muller")]
    assert len(set(meet)) == 1
    for plain in ("bauer", "manuel", "michael", "raquel"):
        assert text.fold_umlauts(plain) == plain


@given(st.one_of(ANY, st.text("'=+-@\t\r\n＝＋－＠a1", max_size=6)))
def test_a_neutralised_cell_is_restored_exactly(received: str) -> None:
    assert cell.restore(cell.neutralise(received)) == received


@given(st.text("'=+-@\t\r＝＋－＠a1", max_size=6))
def test_no_neutralised_cell_is_a_formula(received: str) -> None:
    assert cell.neutralise(received)[:1] not in tuple("=+-@\t\r＝＋－＠")


@pytest.mark.parametrize("formula", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1"])
def test_formulas_get_an_apostrophe(formula: str) -> None:
    assert cell.neutralise(formula) == "'" + formula


@pytest.mark.parametrize("harmless", ["", "Acme", "O'Neil", "'quoted'", "1=1"])
def test_other_cells_are_left_alone(harmless: str) -> None:
    assert cell.neutralise(harmless) == harmless
    assert cell.restore(harmless) == harmless
