"""Several files at once, files gone on with, and problems put right."""

import csv
import gzip
from pathlib import Path

import pytest

from leadloom.errors import InputError, UsageError
from leadloom.imports import importer
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


def people(path: Path, *names: str) -> Path:
    rows = [f"{name} Lind,{name.lower()}@acme.com,Acme" for name in names]
    path.write_text("\n".join(["Name,Email,Company", *rows]) + "\n", encoding="utf-8")
    return path


def mended(path: Path, column: str, values: list[str]) -> Path:
    """Put values into a column of a CSV of problems, as somebody would in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, value in zip(rows, values, strict=True):
        row[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_files_that_cannot_be_read_are_told_and_the_others_taken_in(
    ws: Workspace, tmp_path: Path
) -> None:
    good, more = people(tmp_path / "good.csv", "Ada"), people(tmp_path / "more.csv", "Ben")
    broken, hollow = tmp_path / "bad.gz", tmp_path / "empty.csv"
    broken.write_bytes(b"\x1f\x8bnonsense")
    hollow.touch()
    files = [good, broken, hollow, tmp_path / "nowhere.csv", more]
    report = ws.import_files(files)
    assert report.counts["created"] == report.rows == 2
    assert [Path(one.file).name for one in report.unreadable] == [
        "bad.gz", "empty.csv", "nowhere.csv",
    ]  # fmt: skip
    assert all(Path(one.file).name in one.reason for one in report.unreadable)
    assert report.has_failures
    assert [one["file"] for one in report.as_json()["unreadable"]] == [
        str(one.file) for one in report.unreadable
    ]
    assert ws.runs.get("last").status == "completed"
    assert not ws.import_files([good, more]).has_failures


def test_files_are_taken_in_the_order_given(ws: Workspace, tmp_path: Path) -> None:
    for name, title in (("b.csv", "Buyer"), ("a.csv", "Architect"), ("c.csv", "Clerk")):
        text = f"Name,Email,Title\nAda Lind,ada@acme.com,{title}\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = ws.import_files([tmp_path / name for name in ("c.csv", "a.csv", "b.csv")])
    assert report.files == [str(tmp_path / name) for name in ("c.csv", "a.csv", "b.csv")]
    assert ws.leads.get("ada@acme.com").title == "Buyer"
    ws.import_files([tmp_path / "b.csv", tmp_path / "c.csv"], source="again")
    assert ws.leads.get("ada@acme.com").title == "Clerk"


def test_rows_before_the_damage_are_in(ws: Workspace, tmp_path: Path) -> None:
    whole = people(tmp_path / "a.csv", *(f"P{n:04}" for n in range(900))).read_bytes()
    cut = tmp_path / "cut.csv.gz"
    packed = gzip.compress(whole)
    cut.write_bytes(packed[: len(packed) // 2])
    report = ws.import_files([cut, people(tmp_path / "b.csv", "Ben")])
    assert 1 < report.counts["created"] < 900
    assert "cut.csv.gz" in report.unreadable[0].reason
    assert ws.leads.get("ben@acme.com").full_name == "Ben Lind"


def test_nothing_that_can_be_read_is_an_error(ws: Workspace, tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.touch()
    two.write_bytes(b"%PDF-1.4")
    with pytest.raises(InputError, match=r"None of the 2 files can be read: .*one.csv.*two.csv"):
        ws.import_files([one, two])
    with pytest.raises(InputError, match=r"one.csv is empty"):
        ws.import_files([one])
    with pytest.raises(UsageError, match="encoding"):
        ws.import_files([people(tmp_path / "a.csv", "Ada")], encoding="klingon")


def test_a_run_gone_on_with_counts_everybody(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH", 2)
    path = people(tmp_path / "a.csv", "Ada", "Ben", "Cleo", "Ada", "Dora", "Emil")
    ws, other = Workspace(session=Session(lite)), Workspace(lite.url.render_as_string())

    def cancel(done: int, counts: dict[str, int]) -> None:
        if done == 2:
            other.runs.cancel("last")

    assert ws.import_files([path], on_progress=cancel).rows == 4
    report = ws.runs.resume("last")
    assert (report.rows, report.leads, report.companies, report.woven) == (6, 5, 1, 1)


def test_a_line_that_was_no_json_can_be_mended(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"name": "Ada Lind", "email": "ada@acme.com"}\n{"name": "Ben Stern", "em\n')
    problems = ws.import_files([path]).problems
    assert problems is not None
    whole = '{"name": "Ben Stern", "email": "ben@acme.com", "address": {"city": "Bonn"}}'
    report = ws.import_files([mended(problems, "row as received", [whole])])
    assert report.counts["created"] == report.rows == 1
    lead = ws.leads.get("ben@acme.com")
    assert (lead.full_name, lead.city, lead.custom) == ("Ben Stern", "Bonn", {})


def test_what_was_kept_of_a_bad_value_goes_when_it_is_mended(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,Email,Phone,Booth\nAda Lind,ada@acme.com,call me,7\n")
    problems = ws.import_files([path]).problems
    assert problems is not None
    assert ws.leads.get("ada@acme.com").custom == {"phone_as_received": "call me", "booth": "7"}
    ws.import_files([problems])
    assert "phone_as_received" in ws.leads.get("ada@acme.com").custom
    ws.import_files([mended(problems, "Phone", ["+49 30 2312500"])])
    lead = ws.leads.get("ada@acme.com")
    assert (lead.phone, lead.custom) == ("+49302312500", {"booth": "7"})
    assert ws.verify().differences == []


def test_problems_of_nested_values_are_told_as_values(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    emails = '[{"type": "work", "value": "ada@acme.com"}, {"type": "home", "value": "ada@"}]'
    path.write_text(f'[{{"name": "Ada Lind", "emails": {emails}, "address": {{"city": "Bonn"}}}}]')
    problems = ws.import_files([path]).problems
    assert problems is not None
    assert "ada@acme.com; ada@" in problems.read_text(encoding="utf-8-sig")
    ws.import_files([mended(problems, "emails", ["ada@acme.com; ada@home.org"])])
    lead = ws.leads.get("ada@acme.com")
    assert lead.emails == ["ada@acme.com", "ada@home.org"]
    assert (lead.city, lead.custom) == ("Bonn", {})


def test_problems_of_cards_are_read_as_cards(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nN:Lind;Ada;;;\nFN:Ada Lind\nORG:Acme;Sales\nTEL:call me\n"
        "EMAIL:ada@acme.com\nCATEGORIES:fair,vip\nEND:VCARD\n"
    )
    problems = ws.import_files([path]).problems
    assert problems is not None
    ws.import_files([mended(problems, "TEL", ["+49 30 2312500"])])
    lead = ws.leads.get("ada@acme.com")
    assert (lead.phone, lead.department, lead.tags) == ("+49302312500", "Sales", ["fair", "vip"])
    assert lead.custom == {}


def test_the_card_of_a_company_makes_a_company(ws: Workspace, tmp_path: Path) -> None:
    cards = (
        "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:Hemköp AB\nORG:Hemköp AB;\nX-ABShowAs:COMPANY\n"
        "TEL:+46 8 123 456 00\nADR:;;Gatan 1;Umeå;;;Sweden\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nN:Åberg;Åsa;;;\nFN:Åsa Åberg\nORG:Hemköp AB\nEND:VCARD\n"
    )
    path = tmp_path / "cards.vcf"
    path.write_text(cards, encoding="utf-8")
    ws.import_files([path])
    assert [lead.full_name for lead in ws.leads.find().items] == ["Åsa Åberg"]
    (firm,) = ws.companies.find().items
    assert (firm.name, firm.phone, firm.city) == ("Hemköp AB", "+46812345600", "Umeå")
