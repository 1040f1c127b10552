"""Rows of a mixed list: some are people, some are companies."""

from pathlib import Path
from typing import Any

from leadloom.imports.mapping import infer
from leadloom.imports.read_row import read
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def facts(*cells: tuple[str, Any]) -> dict[str, Any]:
    return read([(field, raw, field.title()) for field, raw in cells], firms_in_names=True).facts


def test_a_company_among_people_becomes_a_company(lite: Database, tmp_path: Path) -> None:
    ws = Workspace(session=Session(lite))
    path = tmp_path / "mixed.csv"
    path.write_text(
        "Name,Phone,City,Country\nAcme Ltd,020 7946 0123,London,UK\nAnn Lee,,London,UK\n"
        "Nordwind AG,040 309010,Hamburg,Germany\nAnn Lee Co,,Manila,Philippines\n",
        encoding="utf-8",
    )
    tried = ws.import_files([path], dry_run=True)
    assert tried.tables[0].mapping.columns["Name"].field == "party"
    ws.import_files([path])
    assert {one.full_name for one in ws.leads.find().items} == {"Ann Lee", "Ann Lee Co"}
    firms = {one.name: (one.city, one.phone) for one in ws.companies.find().items}
    assert firms == {
        "Acme Ltd": ("London", "+442079460123"),
        "Nordwind AG": ("Hamburg", "+4940309010"),
    }
    assert ws.import_files([path]).counts["unchanged"] == 4


def test_short_forms_are_initials_where_no_company_is_sure() -> None:
    rows = [{"Name": name} for name in ("Anil KG", "Ann Lee", "Bo Chan", "Cy Dunn")]
    assert infer(["Name"], rows, kind="delimited").columns["Name"].field == "full_name"
    assert facts(("full_name", "Smith SA"))["full_name"] == "Smith SA"


def test_a_column_called_party_is_judged_as_before() -> None:
    rows = [{"Name": "Ann Lee", "Party": value} for value in ("Labour", "Greens", "Labour")]
    assert infer(["Name", "Party"], rows, kind="delimited").columns["Party"].field != "party"


def test_a_company_with_an_address_is_whoever_answers_there() -> None:
    read_ = facts(("full_name", "Acme GmbH"), ("email", "info@acme.example"), ("city", "Kiel"))
    assert read_["email"] == ["info@acme.example"]
    assert (read_["company"], read_["company.city"]) == ("Acme GmbH", "Kiel")
    assert "full_name" not in read_
    assert "city" not in read_


def test_a_second_company_is_kept_beside() -> None:
    read_ = facts(("full_name", "Acme GmbH"), ("company", "Globex"), ("email", "a@acme.example"))
    assert (read_["company"], read_["custom.Full_Name"]) == ("Globex", "Acme GmbH")
    same = facts(("full_name", "ACME GmbH"), ("company", "Acme"))
    assert same == {"company": "Acme"}


def test_a_company_in_the_column_of_last_names_needs_no_first_name() -> None:
    assert facts(("last_name", "Acme GmbH")) == {"company": "Acme GmbH"}
    named = facts(("first_name", "Ann"), ("last_name", "Acme GmbH"))
    assert (named["first_name"], "company" in named) == ("Ann", False)


def test_a_company_beside_an_address_is_no_name() -> None:
    read_ = facts(("email", "Acme GmbH <info@acme.example>"))
    assert (read_["company"], "full_name" in read_) == ("Acme GmbH", False)


def test_what_a_person_types_is_taken_at_its_word() -> None:
    assert read([("full_name", "Acme GmbH", "")]).facts["full_name"] == "Acme GmbH"
