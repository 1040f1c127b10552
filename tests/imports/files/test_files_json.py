import json

import pytest

from leadloom.errors import InputError
from leadloom.imports.files import BadRow, Limits, Row, open_tables


def cells(rows):
    return [row.cells for row in rows]


@pytest.mark.parametrize(
    "content",
    [
        '[{"a": 1}, {"a": 2}]',
        '{"total": 2, "items": [{"a": 1}, {"a": 2}]}',
        '{"ok": true, "data": {"companies": [{"x": 1}], "contacts": [{"a": 1}, {"a": 2}]}}',
        '{"a": 1}\n{"a": 2}\n',
        '{"a": 1}{"a": 2}',
        '{\n "a": 1\n}\n{\n "a": 2\n}\n',
    ],
)
def test_rows_are_found_in_every_shape(read, content):
    table, rows = read(content, "leads.json")
    assert table.kind == "json"
    assert table.headers == ("a",)
    assert rows == [Row(1, {"a": 1}), Row(2, {"a": 2})]


def test_a_person_with_lists_is_one_row(read):
    _, rows = read('{"email": "a@b.example", "jobs": [{"title": "CEO"}], "tags": ["x", "y"]}')
    assert cells(rows) == [{"email": "a@b.example", "jobs": [{"title": "CEO"}], "tags": ["x", "y"]}]


def test_nested_objects_become_dotted_columns_and_types_are_kept(read):
    content = (
        '[{"id": 12345678901234567890, "a": {"b": {"c": 1.5}, "d": null}, "e": true, "f": {}}]'
    )
    _, rows = read(content)
    assert cells(rows) == [
        {"id": 12345678901234567890, "a.b.c": 1.5, "a.d": None, "e": True, "f": {}}
    ]


def test_nan_halved_surrogates_and_endless_numbers_are_survived(read):
    _, rows = read('[{"a": NaN, "b": "x\\ud83d\\u0000y", "c": ' + "9" * 6000 + "}]")
    [found] = cells(rows)
    assert found["a"] != found["a"]
    assert found["b"].encode() == "x\ufffdy".encode()
    assert found["c"] == "9" * 6000


def test_utf16_json_is_read(read):
    _, rows = read('[{"name": "Zoë"}]'.encode("utf-16"))
    assert cells(rows) == [{"name": "Zoë"}]


def test_bad_line_of_json_lines_costs_one_row(read):
    _, rows = read('{"a": 1}\n{"a": 2\n\n{"a": 3}\n', "leads.jsonl")
    assert [type(row) for row in rows] == [Row, BadRow, Row]
    assert [row.number for row in rows] == [1, 2, 3]


@pytest.mark.parametrize("start", ["[", '{"meta": {"page": 1}, "items": [', '{"crm_export": ['])
def test_cut_off_file_delivers_its_rows_then_says_so(write, start):
    [table] = open_tables(write(start + '{"a": 1}, {"a": 2}, {"a": '))
    assert [next(table.rows), next(table.rows)] == [Row(1, {"a": 1}), Row(2, {"a": 2})]
    with pytest.raises(InputError, match=r"item 3 .* cut off"):
        next(table.rows)


def test_depth_is_bounded(read, write, rows_of):
    deep = '{"a":' * 100 + "1" + "}" * 100
    _, rows = read(f'[{deep}, {{"b": {"[" * 100 + "]" * 100}}}, {{"c": 1}}]')
    assert [type(row) for row in rows] == [BadRow, BadRow, Row]
    with pytest.raises(InputError, match="nested too deeply"):
        rows_of(write("[" * 200_000))


def test_huge_cell_and_too_many_columns_are_bad_rows(read):
    wide = json.dumps({f"c{n}": n for n in range(3000)})
    _, rows = read(f'[{{"a": "{"x" * 5000}"}}, {wide}, {{"a": 1}}]', limits=Limits(cell_bytes=1000))
    assert [type(row) for row in rows] == [BadRow, BadRow, Row]


def test_endless_item_is_refused_in_bounded_memory(write, rows_of, peak):
    path = write('[{"a": "' + "x" * 20_000_000 + '"}]')
    peak()
    with pytest.raises(InputError, match="longer than"):
        rows_of(path, limits=Limits(row_bytes=1_000_000))
    assert peak() < 25_000_000


def test_large_list_inside_an_object_is_streamed(write, peak):
    items = ",".join(f'{{"name": "Ana {n}", "email": "a{n}@b.example"}}' for n in range(50_000))
    path = write(f'{{"columns": [{{"x": 1}}], "data": {{"contacts": [{items}]}}, "n": 1}}')
    peak()
    [(table, count)] = [
        (table, sum(1 for _ in table.rows))
        for table in open_tables(path, limits=Limits(row_bytes=100_000))
    ]
    assert count == 50_000
    assert any("data.contacts" in note for note in table.notes)
    assert peak() < 8_000_000
