"""What an undo costs is for what it takes back, and not for all who work at the same company."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from leadloom.resolve import replay, said
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

_GIVEN = ("Anna", "Bert", "Carl", "Dora", "Emil", "Frida", "Gustav", "Hanna", "Ivan", "Julia")
_SURNAMES = ("Ziegler", "Marquardt", "Oppenheim", "Kowalski", "Brandt", "Yilmaz")
_HEAD = "Name,Email,Company\n"


@pytest.fixture
def ws(lite: Database, tmp_path: Path) -> Workspace:
    """Sixty of one company, and one that came later."""
    people = [f"{given} {surname}" for surname in _SURNAMES for given in _GIVEN]
    rows = [f"{one},{one.replace(' ', '.').lower()}@acme.example.com,Acme GmbH" for one in people]
    (tmp_path / "all.csv").write_text(_HEAD + "\n".join(rows))
    (tmp_path / "one.csv").write_text(f"{_HEAD}Quentin Xu,q.xu@acme.example.com,Acme GmbH\n")
    opened = Workspace(session=Session(lite))
    opened.import_files([tmp_path / "all.csv"])
    opened.import_files([tmp_path / "one.csv"])
    return opened


def test_only_whose_records_moved_are_folded_again(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded: list[int] = []
    real = replay.refold

    def refold(tx: Any, roots: list[int], run_id: int) -> Any:
        folded.extend(roots)
        return real(tx, roots, run_id)

    monkeypatch.setattr(replay, "refold", refold)
    ws.runs.undo("last")
    assert folded == []
    assert ws.verify().differences == []


def test_a_record_is_read_once_on_the_way_round(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: Counter[int] = Counter()
    real = said.read_record

    def read_record(row: Any) -> said.Said:
        read[row.id] += 1
        return real(row)

    monkeypatch.setattr(said, "read_record", read_record)
    ws.runs.undo("last:import")
    assert set(read.values()) == {1}
