"""Importing whole files: the examples against their truth, kills, hostile rows, policies."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from leadloom.errors import ConflictError, InputError
from leadloom.imports import importer
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
FILES = sorted(p for p in EXAMPLES.iterdir() if p.suffix != ".md")


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def truth() -> dict[tuple[str, int], str]:
    with (ROOT / "tests/data/examples_truth.csv").open(encoding="utf-8") as file:
        return {(r["file"], int(r["row"])): r["person"] for r in csv.DictReader(file)}


def test_the_examples_weave_no_two_people_together_and_find_most_repeats(ws: Workspace) -> None:
    people: dict[str, set[str]] = defaultdict(set)
    leads: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        report = ws.import_files([path])
        place = 0
        for record in ws.runs.records(str(report.run.uuid)):
            if record.status == "skipped":
                continue
            place += 1
            person = truth().get((path.name, place))
            if person and record.lead_id:
                people[str(record.lead_id)].add(person)
                leads[person].add(str(record.lead_id))
    assert [who for who in people.values() if len(who) > 1] == []
    repeats = 51
    missed = sum(len(found) - 1 for found in leads.values())
    assert missed <= repeats * 0.25


def test_a_second_import_of_all_examples_changes_nothing(ws: Workspace) -> None:
    first = ws.import_files(FILES)
    second = ws.import_files(FILES)
    assert second.counts["created"] == second.counts["updated"] == 0
    assert second.leads == first.leads
    assert second.rows == first.rows == sum(second.counts.values())


def test_problems_can_be_mended_and_imported_again(ws: Workspace, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", "Name,Email,Booth", "Ada Lind,ada(at,7", ",,8", "Ben Stern,b@acme.com,9"
    )
    report = ws.import_files([path])
    assert report.counts == {
        "created": 2, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 1,
    }  # fmt: skip
    assert report.problems is not None
    with report.problems.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["row"]) for row in rows] == [("a.csv", "2"), ("a.csv", "3")]
    assert rows[0]["Email"] == "ada(at"
    assert "Email" in rows[0]["field"]
    rows[0]["Email"], rows[1]["Name"] = "ada@acme.com", "Cleo Voss"
    with report.problems.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    again = ws.import_files([report.problems])
    assert again.counts["failed"] == 0
    assert ws.leads.get("ada@acme.com").full_name == "Ada Lind"
    assert ws.leads.find("cleo").items[0].custom["booth"] == "8"


def test_a_row_guarded_against_formulas_is_read_back_unchanged(
    ws: Workspace, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", "Name,Email,Widget", "Ada Lind,ada@acme.com,'=1+1")
    ws.import_files([path])
    assert ws.leads.get("ada@acme.com").custom["widget"] == "=1+1"


@pytest.mark.parametrize(
    ("policy", "title", "phones"),
    [
        ("prefer-new", "CTO", 2),
        ("prefer-existing", "CEO", 2),
        ("fill-empty", "CEO", 1),
    ],
)
def test_policies_say_whose_word_counts(
    ws: Workspace, tmp_path: Path, policy: str, title: str, phones: int
) -> None:
    head = "Name,Email,Title,Phone,City"
    ws.import_files([write(tmp_path / "a.csv", head, "Ada Lind,ada@acme.com,CEO,+49 30 23125001,")])
    ws.import_files(
        [write(tmp_path / "b.csv", head, "Ada Lind,ada@acme.com,CTO,+49 30 23125002,Berlin")],
        policy=policy,
    )
    lead = ws.leads.get("ada@acme.com")
    assert (lead.title, len(lead.phones), lead.city) == (title, phones, "Berlin")
    assert ws.verify().differences == []


def test_a_dry_run_says_what_would_be_and_leaves_nothing(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Vorname,Nachname,E-Mail", "Ada,Lind,ada@acme.com", ",,")
    report = ws.import_files([path], dry_run=True)
    assert [(row.row, row.status) for row in report.previews] == [(2, "created"), (3, "skipped")]
    told = report.as_json()
    assert told["tables"][0]["columns"][0]["field"] == "first_name"
    assert told["tables"][0]["columns"][0]["samples"] == ["Ada"]
    assert ws.leads.find().items == []
    assert ws.runs.list().items == []


def test_the_same_id_in_the_same_system_is_the_same_person(ws: Workspace, tmp_path: Path) -> None:
    head = "external_id,Name,Email"
    options = {"provider": "apify"}
    ws.import_files([write(tmp_path / "a.csv", head, "x1,Ada Lind,ada@acme.com")], **options)
    report = ws.import_files(
        [write(tmp_path / "b.csv", head, "x1,Ada Voss,ada@new.com")], **options
    )
    assert report.counts["updated"] == 1
    lead = ws.leads.get("ada@new.com")
    assert lead.full_name == "Ada Voss"
    # The second version of the record replaces what the first one said.
    assert lead.emails == ["ada@new.com"]


def test_a_deleted_lead_stays_deleted(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Name,Email,Title", "Ada Lind,ada@acme.com,CEO")
    ws.import_files([path])
    ws.leads.delete("ada@acme.com")
    report = ws.import_files(
        [write(tmp_path / "b.csv", "Name,Email,Title", "Ada Lind,ada@acme.com,CTO")]
    )
    assert report.counts["skipped"] == 1
    assert ws.leads.find().items == []
    ws.leads.restore("ada@acme.com")
    assert ws.leads.get("ada@acme.com").title == "CEO"


def test_opting_out_is_only_ever_tightened_by_files(ws: Workspace, tmp_path: Path) -> None:
    head = "Name,Email,Unsubscribed"
    ws.import_files([write(tmp_path / "a.csv", head, "Ada Lind,ada@acme.com,yes")])
    ws.import_files([write(tmp_path / "b.csv", head, "Ada Lind,ada@acme.com,no")])
    assert ws.leads.get("ada@acme.com").do_not_contact
    ws.leads.set("ada@acme.com", {"do_not_contact": "no"})
    assert not ws.leads.get("ada@acme.com").do_not_contact


def test_a_missing_file_is_told_before_anything_happens(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        ws.import_files([tmp_path / "nowhere.csv"])
    assert ws.runs.list().items == []


def big(path: Path, rows: int) -> Path:
    with path.open("w") as file:
        file.write("First Name,Last Name,Email,Company\n")
        for n in range(rows):
            file.write(f"Anna{n},Meyer{n},a{n}@firm{n % 500}.com,Firm {n % 500}\n")
    return path


def test_many_rows_are_prepared_by_workers_with_the_same_outcome(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 500)
    monkeypatch.setattr("leadloom.imports.workers.WORTH_IT", 500)
    ws = Workspace(session=Session(lite))
    report = ws.import_files([big(tmp_path / "big.csv", 4_000)])
    assert report.counts["created"] == 4_000
    assert report.companies == 500
    assert ws.verify().differences == []


KILLED = """
import sys, leadloom
from leadloom.imports import importer
importer.BATCH = 100
with leadloom.open(sys.argv[1]) as ws:
    ws.import_files([sys.argv[2]], on_progress=lambda done, counts: print(done, flush=True))
"""


def test_a_killed_import_goes_on_where_it_stopped(lite: Database, tmp_path: Path) -> None:
    path = big(tmp_path / "big.csv", 3_000)
    url = lite.url.render_as_string()
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", KILLED, url, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for _ in range(4):
            child.stdout.readline()
        time.sleep(0.01)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    ws = Workspace(url)
    assert ws.runs.get("last").status == "interrupted"
    report = ws.runs.resume("last")
    assert report.rows == report.counts["created"] == 3_000
    assert len(ws.runs.list().items) == 1
    assert ws.stats()["leads"] == ws.stats()["records"] == 3_000
    assert ws.verify().differences == []
    with pytest.raises(ConflictError, match="complete"):
        ws.runs.resume("last")


def test_the_same_command_again_goes_on_with_the_run_that_died(
    lite: Database, tmp_path: Path
) -> None:
    path = big(tmp_path / "big.csv", 1_000)
    url = lite.url.render_as_string()
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.kill()
    child.wait()
    child.stdout.close()
    ws = Workspace(url)
    report = ws.import_files([path])
    assert len(ws.runs.list().items) == 1
    assert report.counts["created"] == 1_000


def test_a_cancelled_run_stops_after_its_batch_and_can_be_resumed(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 100)
    path = big(tmp_path / "big.csv", 1_000)
    ws = Workspace(session=Session(lite))
    other = Workspace(lite.url.render_as_string())

    def cancel(done: int, counts: dict[str, int]) -> None:
        if done == 300:
            other.runs.cancel("last")

    report = ws.import_files([path], on_progress=cancel)
    assert ws.runs.get("last").status == "cancelled"
    assert report.rows == 400
    resumed = ws.runs.resume("last")
    assert resumed.counts["created"] == 1_000


def test_a_file_that_changed_is_not_gone_on_with(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 100)
    path = big(tmp_path / "big.csv", 500)
    ws = Workspace(session=Session(lite))
    other = Workspace(lite.url.render_as_string())
    ws.import_files(
        [path], on_progress=lambda done, counts: done == 100 and other.runs.cancel("last")
    )
    big(path, 400)
    with pytest.raises(ConflictError, match="has changed"):
        ws.runs.resume("last")


def test_every_value_shows_where_it_came_from(ws: Workspace, tmp_path: Path) -> None:
    ws.import_files([write(tmp_path / "a.csv", "Name,Email,Title", "Ada Lind,ada@acme.com,CEO")])
    ws.leads.set("ada@acme.com", {"title": "Chair"})
    shown = ws.leads.show("ada@acme.com")
    title = next(field for field in shown.fields if field.field == "title")
    assert (title.value, title.source) == ("Chair", "you")
    assert [(o.value, o.source, o.row) for o in title.others] == [("CEO", "a.csv", 2)]
    assert json.loads(json.dumps(shown.as_json()))["lead"]["title"] == "Chair"
    assert [event.type for event in shown.history] == ["lead.updated", "lead.created"]
