"""The sample files: what they promise in examples/README.md, and that their columns map."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import phonenumbers
import pytest

from leadloom.imports.mapping import Mapping, infer

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
TRUTH = ROOT / "tests" / "data" / "examples_truth.csv"

Rows = list[dict[str, Any]]


def fair() -> tuple[Rows, str]:
    sheet = openpyxl.load_workbook(EXAMPLES / "hannover-fair-2026.xlsx").worksheets[0]
    _title, _blank, headers, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows if any(row)], "workbook"


def connections() -> tuple[Rows, str]:
    with (EXAMPLES / "Connections.csv").open(encoding="utf-8", newline="") as file:
        header = next(line for line in file if line.startswith("First Name"))
        return list(csv.DictReader(file, header.strip().split(","))), "delimited"


def google() -> tuple[Rows, str]:
    with (EXAMPLES / "google-contacts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), "delimited"


def apify() -> tuple[Rows, str]:
    return json.loads((EXAMPLES / "apify-leads-finder.json").read_text(encoding="utf-8")), "json"


FILES = {
    "hannover-fair-2026.xlsx": (fair, None),
    "Connections.csv": (connections, "linkedin"),
    "google-contacts.csv": (google, "google"),
    "apify-leads-finder.json": (apify, "apify:leads-finder"),
}


def truth() -> Iterator[tuple[str, int, str]]:
    """Who each row is: file, position among its rows that are not blank (from 1), person or ''."""
    with TRUTH.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["file"], int(row["row"]), row["person"]


def mapped(name: str) -> tuple[Rows, Mapping]:
    rows, kind = FILES[name][0]()
    headers = list(dict.fromkeys(column for row in rows for column in row))
    return rows, infer(headers, rows[:50], kind=kind)


@pytest.mark.parametrize("name", FILES)
def test_every_row_that_is_somebody_has_a_name_and_a_way_to_know_them(name: str) -> None:
    rows, mapping = mapped(name)
    people = {row: person for file, row, person in truth() if file == name}
    assert mapping.provider == FILES[name][1]
    assert sorted(people) == list(range(1, len(rows) + 1))
    for number, row in enumerate(rows, 1):
        said = {field for field, _, _ in mapping.pairs(row)}
        identified = {"first_name", "last_name"} <= said and bool(
            said & {"email", "linkedin_url", "company", "phone"}
        )
        assert identified == bool(people[number]), (number, said)


def test_the_card_file_holds_a_card_for_every_row_of_the_truth() -> None:
    text = (EXAMPLES / "phone-book.vcf").read_text(encoding="utf-8")
    assert text.count("BEGIN:VCARD") == sum(1 for file, _, _ in truth() if file.endswith(".vcf"))
    assert all(f"VERSION:{version}" in text for version in ("2.1", "3.0", "4.0"))


def test_the_readme_counts_what_is_there() -> None:
    files = defaultdict(set)
    rows = list(truth())
    for file, _, person in rows:
        if person:
            files[person].add(file)
    repeated = sum(1 for found in files.values() if len(found) > 1)
    readme = " ".join((EXAMPLES / "README.md").read_text(encoding="utf-8").split())
    assert f"{len(files)} people in {len(rows)} rows, {repeated} of them in two files" in readme


def test_no_two_people_share_a_mobile_or_an_address_but_those_meant_to() -> None:
    owners = defaultdict(set)
    for name in FILES:
        rows, mapping = mapped(name)
        people = {row: person for file, row, person in truth() if file == name}
        for number, row in enumerate(rows, 1):
            for field, value, _ in mapping.pairs(row):
                if field == "email":
                    for address in str(value).replace("mailto:", "").split(";"):
                        owners[address.strip().casefold()].add(people[number])
    shared = {address for address, found in owners.items() if len(found) > 1}
    assert shared == {"info@lichtgrund-optik.de"}


def test_phone_numbers_are_of_the_ranges_kept_for_fiction() -> None:
    fiction = ("+493023125", "+4940669", "+49899999", "+49221471", "+49699000",
               "+44207946", "+3319900")  # fmt: skip
    rows, _ = apify()
    for number in filter(None, (row["mobile_number"] for row in rows)):
        parsed = phonenumbers.parse(number)
        american = parsed.country_code == 1 and str(parsed.national_number)[3:7] == "5550"
        assert american or number.startswith(fiction), number
