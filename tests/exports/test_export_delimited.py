import csv
import gc
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.exports import table as tables
from leadloom.exports import write
from leadloom.exports.delimited import write_csv
from leadloom.exports.table import LEAD_COLUMNS, Table
from leadloom.values.cell import restore

LEAD = {
    "id": "1",
    "full_name": "Jane Doe",
    "emails": ["a@x.com", "b@x.com"],
    "phone": "+4930123",
    "lead_score": 50.0,
    "custom": {"Booth": "A-17", "Size": None},
    "notes": 'two\nlines, "quoted"',
}


def read(path):
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_csv_opens_in_excel(tmp_path):
    path = tmp_path / "leads.csv"
    write(path, [LEAD])
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,full_name,")
    assert raw.count(b"\r\n") == 2
    assert read(path) == [
        [
            "id",
            "full_name",
            "emails",
            "phone",
            "lead_score",
            "custom.Booth",
            "custom.Size",
            "notes",
        ],
        [
            "1",
            "Jane Doe",
            "a@x.com; b@x.com",
            "'+4930123",
            "50",
            "A-17",
            "",
            'two\nlines, "quoted"',
        ],
    ]


def test_columns_are_the_union_of_all_rows_in_order_of_appearance(tmp_path):
    path = tmp_path / "leads.csv"
    rows = ({"id": n, "custom": {f"c{n % 3}": n}, **({"late": "x"} if n == 4 else {})}
            for n in range(5))  # fmt: skip
    assert write(path, rows).rows == 5
    found = read(path)
    assert found[0] == ["id", "custom.c0", "custom.c1", "custom.c2", "late"]
    assert found[5] == ["4", "", "4", "", "x"]


def test_chosen_columns_are_written_as_asked(tmp_path):
    path = tmp_path / "leads.csv"
    write(path, [LEAD], ["custom.Booth", "nope", "id", "custom"])
    assert read(path) == [
        ["custom.Booth", "nope", "id", "custom"],
        ["A-17", "", "1", '{"Size": null}'],
    ]


def test_without_rows_there_is_still_a_header(tmp_path):
    path = tmp_path / "leads.csv"
    assert write(path, []).rows == 0
    assert read(path) == [list(LEAD_COLUMNS)]


def test_too_many_custom_fields_share_a_column_and_none_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "CUSTOM_COLUMNS", 2)
    path = tmp_path / "leads.csv"
    write(path, [{"id": "1", "custom": {"a": "1", "b": "2", "c": "3", "d": "=4"}}])
    header, row = read(path)
    assert header == ["id", "custom.a", "custom.b", "custom"]
    assert json.loads(row[3]) == {"c": "3", "d": "=4"}


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1"])
def test_no_cell_nor_header_is_a_live_formula(tmp_path, text):
    path = tmp_path / "leads.csv"
    write(path, [{text: text, "list": [text]}])
    for row in read(path):
        assert row[0].startswith("'")
        assert restore(row[0]) == text
    assert read(path)[1][1].startswith("'")


def test_a_negative_number_stays_a_number_a_spreadsheet_can_add(tmp_path):
    path = tmp_path / "leads.csv"
    write(path, [{"text": "-5"}])
    assert read(path)[1] == ["'-5"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
def test_any_text_comes_back_unchanged(texts):
    file = io.BytesIO()
    columns = tuple(f"c{n}" for n in range(len(texts)))
    write_csv(file, Table(columns, [dict(zip(columns, texts, strict=True))]))
    text = file.getvalue().decode()
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert [restore(cell) for cell in row] == texts


def test_half_a_surrogate_pair_does_not_stop_an_export(tmp_path):
    for kind in ("csv", "json", "jsonl", "vcf", "xlsx"):
        assert write(tmp_path / f"x.{kind}", [{"id": "1", "full_name": "a\ud800b"}]).rows == 1
    assert read(tmp_path / "x.csv")[1] == ["1", "a?b"]


class Gone(io.BytesIO):
    """A file whose reader went away."""

    def flush(self):
        raise BrokenPipeError


def breaks(file):
    """Whether writing fails; nothing of the failure is kept, as it would keep what was in use."""
    try:
        write_csv(file, Table(["Name"], [{"Name": "Ann"}]))
        file.flush()
    except BrokenPipeError:
        return True
    return False


def test_a_file_that_cannot_be_written_stays_open():
    """It is stdout, which has to be there at the end."""
    file = Gone()
    assert breaks(file)
    gc.collect()
    assert not file.closed
