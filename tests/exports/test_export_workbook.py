import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloom.errors import UsageError
from leadloom.exports import write
from leadloom.exports.table import Table
from leadloom.exports.workbook import CELL_CHARACTERS, write_xlsx


def book(rows, columns, **options):
    file = io.BytesIO()
    count = write_xlsx(file, Table(tuple(columns), rows), **options)
    return count, openpyxl.load_workbook(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(1)", "+1", "@x", "#N/A", "#REF!", "0049", "1e5"]
)
def test_texts_stay_texts_just_as_they_are(text):
    _, found = book([{text: text}], [text])
    for cell in (found.active["A1"], found.active["A2"]):
        assert (cell.value, cell.data_type) == (text, "s")


def test_what_looks_like_a_formula_stays_text_when_edited():
    _, found = book([{"a": "=1", "b": "x"}], ["a", "b"])
    assert [bool(found.active[cell].quotePrefix) for cell in ("A2", "B2")] == [True, False]


def test_numbers_and_flags_keep_their_type_unless_excel_would_round_them():
    row = {"a": 50, "b": 2.5, "c": True, "d": 12345678901234567890, "e": float("inf"), "f": None}
    _, found = book([row], row)
    values = [cell.value for cell in found.active[2]]
    assert values == [50, 2.5, True, "12345678901234567890", "inf", None]


def test_the_header_is_frozen_bold_and_columns_wide_enough():
    _, found = book([{"email": "a" * 30, "notes": "x" * 500}], ["email", "notes"])
    sheet = found.active
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet.column_dimensions["A"].width == 32
    assert sheet.column_dimensions["B"].width == 60


@pytest.mark.parametrize(("rows", "sheets"), [(0, [0]), (3, [3]), (4, [3, 1]), (6, [3, 3])])
def test_rows_beyond_a_sheet_go_to_the_next(rows, sheets):
    count, found = book(({"n": n} for n in range(rows)), ["n"], sheet_rows=3)
    assert count == rows
    assert [sheet.max_row - 1 for sheet in found.worksheets] == sheets
    numbers = [
        row[0] for sheet in found.worksheets for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    assert numbers == list(range(rows))


@pytest.mark.parametrize("text", ["x" * 40_000, "😀" * 20_000])
def test_long_texts_are_cut_with_a_note(text):
    _, found = book([{"a": text}], ["a"])
    value = found.active["A2"].value
    assert value.endswith(f" [cut: {len(text):,} characters]")
    assert CELL_CHARACTERS - 2 <= len(value.encode("utf-16-le")) // 2 <= CELL_CHARACTERS


def test_a_text_that_just_fits_is_whole():
    _, found = book([{"a": "x" * CELL_CHARACTERS}], ["a"])
    assert found.active["A2"].value == "x" * CELL_CHARACTERS


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=20))
def test_any_text_comes_back_but_for_what_xml_cannot_hold(texts):
    _, found = book(({"a": text, "b": 1} for text in texts), ["a", "b"])
    values = [row[0] or "" for row in found.active.iter_rows(min_row=2, values_only=True)]
    for text, value in zip(texts, values, strict=True):
        expected = text.replace("\r\n", "\n").replace("\r", "\n")
        assert value == "".join(c for c in expected if c in "\t\n" or (c >= " " and _is_xml(c)))


def _is_xml(character):
    return not ("\ud800" <= character <= "\udfff" or character in "\ufffe\uffff")


def test_equal_rows_give_equal_bytes_with_no_time_in_them(tmp_path):
    path = tmp_path / "leads.xlsx"
    rows = [{"id": "1", "tags": ["a", "b"], "custom": {"x": "y"}}]
    assert write(path, rows).changed
    assert not write(path, rows).changed
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01" in archive.read("docProps/core.xml")
    sheet = openpyxl.load_workbook(path).active
    assert list(sheet.values) == [("id", "tags", "custom.x"), ("1", "a; b", "y")]


def test_more_columns_than_a_sheet_holds_is_refused():
    with pytest.raises(UsageError, match=r"16,384 columns"):
        book([], [str(n) for n in range(16_385)])
