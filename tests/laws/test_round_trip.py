"""What goes out comes back: every kind of export, into an empty database and into the same one."""

import csv
import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
from emptied import empty
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

EXAMPLES = max(4, settings.default.max_examples // 3)
KINDS = ("csv", "xlsx", "json", "jsonl", "vcf")
OWN = {"id", "company_id", "merged_into", "created_at", "updated_at", "source"}
TEXTS = [
    "",
    "two words",
    "0012",
    "3.0",
    "=1+1",
    "'quoted",
    "a;b, c|d",
    "naïve 😀",
    "line\nline",
    "-5",
]

people = st.lists(
    st.fixed_dictionaries(
        {
            "Prefix": st.sampled_from(["", "Dr.", "Frau", "Mr"]),
            "First Name": st.sampled_from(["Anna", "Jean-Luc", "José", "Åse"]),
            "Last Name": st.sampled_from(["Meyer", "van der Berg", "O'Hara", "Müller"]),
            "Suffix": st.sampled_from(["", "MBA", "Jr."]),
            "Phone": st.sampled_from(["", "+49 30 2312500", "+1 617 555 0111"]),
            "Company": st.sampled_from(["", "Acme GmbH", "Acme", "Nord; wind, AG"]),
            "Title": st.sampled_from(["", "CEO", "Head of Sales, EMEA"]),
            "Department": st.sampled_from(["", "Sales; Marketing"]),
            "Seniority": st.sampled_from(["", "Director"]),
            "City": st.sampled_from(["", "Köln"]),
            "Country": st.sampled_from(["", "Germany"]),
            "Industry": st.sampled_from(["", "Machinery", "Software"]),
            "Tags": st.sampled_from(["", "fair", "fair; vip"]),
            "Notes": st.sampled_from(["", "met", "met\n\ncalled back", "called back"]),
            "Do not contact": st.sampled_from(["", "yes"]),
            "Email status": st.sampled_from(["", "valid", "bounced"]),
            "Twitter": st.sampled_from(["", "https://x.com/anna"]),
            "Booth No.": st.sampled_from(TEXTS),
            "Größe": st.sampled_from(TEXTS),
        }
    ),
    min_size=1,
    max_size=4,
)


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as a CSV, the n-th with the n-th address."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["Email", *rows[0]])
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({"Email": f"p{number}@firm{number}.com", **row})
    return path


def state(ws: Workspace) -> list[dict[str, Any]]:
    found = [lead.as_json() for lead in ws.leads.find(limit=500).items]
    shown = [{k: v for k, v in one.items() if k not in OWN} for one in found]
    return sorted(shown, key=lambda one: str(one["email"]))


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_taken_in_again_is_no_news_and_makes_the_same_leads_elsewhere(
    db: Database, tmp_path: Path, kind: str
) -> None:
    count = itertools.count()

    @settings(max_examples=EXAMPLES)
    @given(people, people)
    def check(first: list[dict[str, str]], second: list[dict[str, str]]) -> None:
        empty(db)
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        ws = Workspace(session=Session(db))
        ws.import_files([write(folder / "a.csv", first)])
        ws.import_files([write(folder / "b.csv", second)])
        before = state(ws)
        path = folder / f"leads.{kind}"
        ws.export(path)
        counts = ws.import_files([path]).counts
        assert counts["unchanged"] == sum(counts.values()) == len(before)
        assert state(ws) == before
        with Workspace(f"sqlite:///{tmp_path}/{next(count)}.db") as other:
            other.import_files([path])
            assert state(other) == before

    check()


def test_a_text_too_long_for_a_workbook_is_told(lite: Database, tmp_path: Path) -> None:
    ws = Workspace(session=Session(lite))
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@acme.com", "notes": "x" * 40_000})
    written = ws.export(tmp_path / "leads.xlsx")
    assert "1 longer text was cut (notes)" in " ".join(written.notes)
    assert ws.export(tmp_path / "leads.csv").notes == ()


def test_a_text_cut_for_a_workbook_does_not_come_back(lite: Database, tmp_path: Path) -> None:
    ws = Workspace(session=Session(lite))
    long = {"notes": "met\n\n" + "x" * 40_000, "custom.story": "y" * 50_000}
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@acme.com", **long})
    before = state(ws)
    ws.export(tmp_path / "leads.xlsx")
    report = ws.import_files([tmp_path / "leads.xlsx"])
    assert report.counts["unchanged"] == report.rows == 1
    assert state(ws) == before
    assert report.problems is not None
    assert "cut" in report.problems.read_text(encoding="utf-8-sig")
