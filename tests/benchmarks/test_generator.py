"""The benchmark's file is what its README says: repeats, changes and mistakes in their shares."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from leadloom.values import email, phone

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import bench_import  # noqa: E402
import generate  # noqa: E402
from countries import COUNTRIES  # noqa: E402

COUNT = 20_000


@pytest.fixture(scope="module")
def made() -> list[dict[str, str]]:
    return [dict(zip(generate.HEADER, row, strict=True)) for row in generate.rows(COUNT, seed=7)]


def test_same_seed_gives_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("first", "again", "other"))
    for path, seed in ((first, 3), (other, 4)):
        generate.write(path, 500, seed)
    command = [sys.executable, str(BENCHMARKS / "generate.py"), "500", str(again), "--seed", "3"]
    subprocess.run(command, check=True, timeout=60)
    assert first.read_bytes() == again.read_bytes()
    assert first.read_bytes() != other.read_bytes()


def test_file_reads_back_with_as_many_rows_as_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    generate.write(path, 1_234)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1_234
    assert tuple(rows[0]) == generate.HEADER
    assert all(None not in row and None not in row.values() for row in rows)


def test_a_tenth_of_the_rows_repeats_an_earlier_one_word_for_word(
    made: list[dict[str, str]],
) -> None:
    distinct = {tuple(row.values()) for row in made}
    assert 0.09 < 1 - len(distinct) / COUNT < 0.11


def test_another_tenth_repeats_an_earlier_person_with_something_changed(
    made: list[dict[str, str]],
) -> None:
    # The profile is the one column that no change touches.
    versions: dict[str, set[tuple[str, ...]]] = {}
    for row in made:
        if row["LinkedIn URL"]:
            versions.setdefault(row["LinkedIn URL"], set()).add(tuple(row.values()))
    changed = sum(len(each) - 1 for each in versions.values())
    with_profile = sum(bool(row["LinkedIn URL"]) for row in made)
    assert 0.09 < changed / with_profile < 0.11


def test_two_people_hardly_ever_share_an_address_or_a_phone(made: list[dict[str, str]]) -> None:
    people = {row["LinkedIn URL"]: row for row in reversed(made) if row["LinkedIn URL"]}
    for column, most in (("Email", 0.01), ("Phone", 0.0)):
        seen = Counter(
            row[column] for row in people.values() if "@" in row[column] or "+" in row[column]
        )
        assert sum(seen.values()) - len(seen) <= most * len(people), column


def test_sizes_of_companies_are_uneven(made: list[dict[str, str]]) -> None:
    sizes = Counter(row["Company"].casefold() for row in made).most_common()
    assert sum(size for _, size in sizes[: len(sizes) // 10]) > 0.25 * COUNT
    assert sizes[0][1] < 0.01 * COUNT
    assert len(sizes) > 0.3 * COUNT


def test_no_two_companies_share_a_name() -> None:
    names = {generate.company_of(rank, seed=1).domain for rank in range(50_000)}
    assert len(names) == 50_000


def test_about_one_value_in_twenty_people_is_wrong_and_the_rest_is_right(
    made: list[dict[str, str]],
) -> None:
    addresses = [row["Email"] for row in made if row["Email"]]
    bad = sum(email.clean(address).problem is not None for address in addresses)
    assert 0 < bad < 0.02 * len(addresses)
    odd = sum(
        row["Title"] == "N/A" or "\n" in row["Notes"] or row["Email"].startswith(("mailto:", "  "))
        for row in made
    )
    assert 0.01 < odd / COUNT < 0.05


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.spellings[0])
def test_every_way_of_writing_a_phone_number_is_read_as_the_same_one(country) -> None:
    code = country.spellings[-1] if len(country.spellings[-1]) == 2 else None
    code = code or next(each for each in country.spellings if len(each) == 2)
    code = {"UK": "GB"}.get(code, code).upper()
    for number in (1, 77, 123_456):
        written = [
            generate.phone(country, number, style) for style in range(len(country.phone_formats))
        ]
        read = [phone.clean(text, code) for text in written]
        assert {each.problem for each in read} == {None}, written
        assert len({each.value for each in read}) == 1, (written, read)


def test_rates_by_tenth_follow_the_marks() -> None:
    slowing = [(10 * at, at if at <= 90 else 90 + 2 * (at - 90)) for at in range(1, 101)]
    rates = bench_import.rates_by_tenth(slowing, 1_000)
    assert rates == pytest.approx([10.0] * 9 + [5.0])


def test_no_tenths_without_a_mark_in_each() -> None:
    assert bench_import.rates_by_tenth([(400, 1.0), (1_000, 2.0)], 1_000) == []
