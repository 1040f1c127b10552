"""Phone numbers without a country code: whose country they are taken to be, and when not."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.imports.prepare import TableTask
from leadloom.imports.read_row import Reading, read
from leadloom.storage.database import Database
from leadloom.values import phone
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def reading(number: str, *cells: tuple[str, str], **said: str) -> Reading:
    pairs = [("phone", number), *cells]
    return read([(field, raw, field) for field, raw in pairs], **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "cells", "usual", "expected"),
    [
        ("01 42 68 53 00", [("email", "a@acme.fr")], "DE", "+33142685300"),
        ("030 901820", [("email", "a@acme.example")], "DE", "+4930901820"),
        ("(415) 555-2671", [("website", "https://acme.com")], "US", "+14155552671"),
        ("(617) 555-2671", [("state", "Massachusetts")], None, "+16175552671"),
        ("617-555-2671", [("state", "MA"), ("postal_code", "02110")], None, "+16175552671"),
        ("491711234567", [], "DE", "+491711234567"),
        ("089 123456", [("state", "Bayern")], None, "+4989123456"),
    ],
)
def test_the_row_says_it_before_the_other_numbers_do(
    number: str, cells: list[tuple[str, str]], usual: str | None, expected: str
) -> None:
    found = reading(number, *cells, usual_country=usual)
    assert found.facts["phone"] == [expected]
    assert found.facts["~"]["phone"] == {"c": 0.8}


@pytest.mark.parametrize(
    ("number", "cells", "usual"),
    [
        ("415 555 2671", [], "DE"),  # without the 0 it is no German number
        ("415-555-2671", [], None),
        ("347 123 4567", [("city", "Milano"), ("state", "MI"), ("postal_code", "20121")], None),
        ("12345", [], "US"),
        ("030 901820", [("email", "a@acme.io")], "FR"),
    ],
)
def test_what_does_not_fit_is_not_guessed(
    number: str, cells: list[tuple[str, str]], usual: str | None
) -> None:
    found = reading(number, *cells, usual_country=usual)
    assert "phone" not in found.facts
    assert [problem.field for problem in found.problems] == ["phone"]


def test_a_country_in_the_row_is_no_guess_and_the_setting_comes_last() -> None:
    assert "~" not in reading("030 901820", ("country", "DE"), usual_country="FR").facts
    told = reading("030 901820", usual_country="FR", default_country="DE").facts
    assert told == {"phone": ["+4930901820"]}
    usual = reading("01 42 68 53 00", usual_country="FR", default_country="DE").facts
    assert usual["phone"] == ["+33142685300"]


@pytest.mark.parametrize(
    ("numbers", "usual"),
    [
        (["+49 30 901820", "0049 89 1234567", "+49 171 1234567", "040 309010"], "DE"),
        (["+1 415 555 2671", "+1 604 555 2671", "+1 212 555 0100"], "US"),
        (["+49 30 901820", "+49 30 901821"], None),
        (["+49 30 901820", "+49 30 901821", "+49 30 901822", "+33 1 42 68 53 00"], None),
        (["030 901820", "030 901821", "030 901822"], None),
    ],
)
def test_nearly_all_numbers_that_tell_must_agree(numbers: list[str], usual: str | None) -> None:
    sample = [{"Name": "Ann Lee", "Phone": number} for number in numbers]
    task = TableTask(0, ("Name", "Phone"), sample, "delimited", {}, 1, "file", "", 0, None)
    assert task.usual_country == usual


def test_a_guess_is_marked_and_comes_back_unchanged(lite: Database, tmp_path: Path) -> None:
    ws = Workspace(session=Session(lite))
    path, out = tmp_path / "list.csv", tmp_path / "out.csv"
    rows = [
        "Name,Phone",
        *(f"P{n} Test{n},+49 30 90182{n}" for n in range(4)),
        "Ann Lee,040 309010",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    ws.import_files([path])
    ann = ws.leads.find("Ann Lee").items[0]
    assert ann.phone == "+4940309010"
    [told] = [one for one in ws.leads.show(ann.id).fields if one.field == "phone"]
    assert told.confidence == 0.8
    ws.export(out)
    counts: dict[str, Any] = ws.import_files([out]).counts
    assert counts["unchanged"] == sum(counts.values()) == 5


@given(st.text(max_size=60), st.sampled_from(["DE", "US", "BR", "FR", "RU", "ZZ"]))
def test_any_text_is_guessed_or_left(text: str, country: str) -> None:
    guessed = phone.guess(text, country)
    assert guessed is None or phone.clean(guessed) == (guessed, None)
