"""Out to Splink and back: the job is run, and its pairs agree with what we would have found."""

import csv
import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from test_resolution import lenient, strict
from workbench import ADA, BO, CLEO, DAN, Desk

from leadloom.errors import InputError, UsageError
from leadloom.resolve.match import defaults
from leadloom.resolve.match.person import terms_of
from leadloom.resolve.splink.people import columns
from leadloom.resolve.splink.settings import COMPARISONS, settings
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

PEOPLE = """
    Anna Achterberg, Boris Brunnhuber, Clara Czerny, Daniel Dahlgren, Elena Escobedo,
    Felix Fitzwilliam, Greta Grabowski, Hanno Holtkamp, Irina Ivarsson, Jonas Jankowski,
    Katja Kestenbaum, Lukas Lindqvist, Marta Montalvan
"""
NAMES = [name.split() for name in PEOPLE.split(",")]


def twice(number: int) -> list[str]:
    """One person at one firm, with a mailbox in one row and a telephone in the other."""
    given, surname = NAMES[number]
    firm, site = f"{surname}werk {number} AG", f"{surname.lower()}werk{number}.de"
    return [
        f"{given} {surname},{given.lower()}@{site},{firm},Buyer,",
        f"{given} {surname},,{firm},Buyer,+49 30 6688{number:04}",
    ]


def apart(desk: Desk) -> None:
    """Bring many people twice, whom a strict model leaves two."""
    strict(desk)
    rows = [twice(number) for number in range(len(NAMES))]
    desk.take_in(*(one for one, _ in rows))
    desk.take_in(*(other for _, other in rows))
    lenient(desk)


def write(path: Path, *links: tuple[Any, Any, Any]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("a", "b", "probability"), *links])
    return path


def id_of(desk: Desk, address: str) -> str:
    return str(desk.ws.leads.get(address).id)


def test_splinks_pairs_agree_with_ours_and_can_be_taken_back(desk: Desk, tmp_path: Path) -> None:
    apart(desk)
    before, folder = desk.people(), tmp_path / "job"
    assert desk.ws.resolution.export_splink(folder) == len(before)
    ours = desk.ws.resolution.run(everything=True, dry_run=True)
    done = subprocess.run(
        [sys.executable, "match.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = desk.ws.resolution.import_links(folder / "links.csv")
    assert (report.merged, report.failed) == (ours.merged, 0)
    assert report.merged == len(NAMES)
    desk.assert_sound()
    desk.ws.runs.undo(str(report.run))
    assert desk.people() == before
    desk.assert_sound()


@pytest.mark.skipif(
    not (find_spec("pyspark") and shutil.which("java")), reason="Spark takes pyspark and Java"
)
def test_spark_finds_what_duckdb_finds(lite: Database, tmp_path: Path) -> None:
    desk = Desk(Workspace(session=Session(lite)), tmp_path)
    apart(desk)
    found = []
    for engine in ("duckdb", "spark"):
        folder = tmp_path / engine
        desk.ws.resolution.export_splink(folder, engine=engine)
        done = subprocess.run(
            [sys.executable, "match.py"], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
            rows = [(row["a"], row["b"], row["probability"]) for row in csv.DictReader(file)]
        found.append({frozenset(pair): float(likely) for *pair, likely in rows})
    assert len(found[0]) >= len(NAMES)
    assert found[1] == pytest.approx(found[0])
    assert desk.ws.resolution.import_links(tmp_path / "spark" / "links.csv").merged == len(NAMES)


def test_the_likely_wait_for_a_word_and_the_unlikely_are_left(desk: Desk, tmp_path: Path) -> None:
    ada, bo, cleo, dan = (id_of(desk, one) for one in (ADA, BO, CLEO, DAN))
    path = write(tmp_path / "l.csv", (ada, bo, 0.8), (bo, ada, 0.8), (cleo, dan, 0.3))
    report = desk.ws.resolution.import_links(path)
    assert (report.links, report.doubtful, report.unlikely, report.merged) == (3, 2, 1, 0)
    (asked,) = desk.ws.leads.duplicates()
    assert asked.score == 0.8
    assert asked.reasons[0].startswith("matched elsewhere at 80%")
    desk.ws.runs.undo(str(report.run))
    assert desk.ws.leads.duplicates() == []


def test_what_speaks_against_two_makes_a_question_of_a_merge(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "l.csv", (id_of(desk, ADA), id_of(desk, BO), 1))
    report = desk.ws.resolution.import_links(path)
    assert (report.merged, report.doubtful) == (0, 1)
    assert "'Bo Stern' is not 'Ada Lind'" in desk.ws.leads.duplicates()[0].reasons[0]


def test_a_persons_different_stands(desk: Desk, tmp_path: Path) -> None:
    desk.take_in("Ada Lind,,Acme GmbH,,+49 30 9988776", "Ada Lind,lind@gmx.de,,,")
    one, other = (str(lead.id) for lead in desk.ws.leads.find("Ada Lind", limit=9).items[:2])
    desk.ws.leads.judge(one, other, "different")
    report = desk.ws.resolution.import_links(write(tmp_path / "l.csv", (one, other, 0.999)))
    assert (report.apart, report.merged) == (1, 0)


def test_lines_that_are_no_links_are_named(desk: Desk, tmp_path: Path) -> None:
    ada, gone = id_of(desk, ADA), "01a1ffcc-8054-7800-8abd-5853e9e7271b"
    path = write(tmp_path / "l.csv", ("x", ada, 1), (ada, gone, 1), (ada, id_of(desk, BO), "high"))
    report = desk.ws.resolution.import_links(path)
    assert (report.links, report.failed) == (3, 3)
    assert [problem.split(":")[0] for problem in report.problems] == ["line 2", "line 4", "line 3"]
    path.write_text("one,two\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'a'"):
        desk.ws.resolution.import_links(path)
    with pytest.raises(InputError, match="cannot be read"):
        desk.ws.resolution.import_links(tmp_path / "nothing.csv")


def test_a_job_goes_into_a_folder_of_its_own(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="not an empty folder"):
        desk.ws.resolution.export_splink(tmp_path)
    with pytest.raises(UsageError, match="not on 'oracle'"):
        desk.ws.resolution.export_splink(tmp_path / "job", engine="oracle")


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_every_column_that_is_compared_is_written_and_read(
    desk: Desk, tmp_path: Path, engine: str
) -> None:
    desk.ws.resolution.export_splink(tmp_path / "job", engine=engine)
    row = json.loads((tmp_path / "job" / "people.jsonl").read_text("utf-8").splitlines()[0])
    program = (tmp_path / "job" / "match.py").read_text("utf-8")
    compile(program, "match.py", "exec")
    for name in row:
        assert name in program
    told = json.dumps(settings(defaults.people(), 1000, engine)["comparisons"])
    for name in row.keys() - {"unique_id", "keys"}:
        assert f"{name}_l" in told, name
    assert len(COMPARISONS) == len({one.name for one in COMPARISONS})
    assert row.keys() == {*columns(terms_of({"full_name": "Ada Lind"})), "unique_id", "keys"}
