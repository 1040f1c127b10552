"""Looking after the index: damage is found and mended, and who is gone is gone from its files."""

import datetime as dt
import json
from pathlib import Path

import pytest

from leadloom.search import engine
from leadloom.search.documents import NAME, NOTES
from leadloom.search.engine import Engine
from leadloom.storage.database import Database
from leadloom.storage.tables import leads
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session
from leadloom.workspace.upkeep import maintain, search_index_bytes


@pytest.fixture
def ws(lite: Database) -> Workspace:
    made = Workspace(session=Session(lite))
    with made.transaction() as inside:
        for number in range(40):
            name = f"Person Nr{number}"
            inside.leads.add({"full_name": name, "email": f"nr{number}@one.org"})
    return made


def found(ws: Workspace, text: str) -> int:
    return len(ws.leads.find(text, limit=500).items)


def folder_of(ws: Workspace) -> Path:
    assert ws.db.file is not None
    return ws.db.file.with_name(ws.db.file.name + "-search") / "1" / "leads"


def holds(ws: Workspace, word: str) -> bool:
    """Whether the files hold a word, be it of a document that was taken out.

    Packed as they are, only the engine can tell; and no file may be left that it no longer reads.
    """
    folder = folder_of(ws)
    if not folder.exists():
        return False
    searcher = Engine(folder).snapshot()
    segments = {
        one["segment_id"] for one in json.loads((folder / "meta.json").read_text())["segments"]
    }
    names = {path.name.partition(".")[0] for path in folder.iterdir() if path.suffix == ".term"}
    assert names == {one.replace("-", "") for one in segments}
    return any(searcher.terms_with_prefix(field, word) for field in (NAME, NOTES))


def tended(ws: Workspace) -> str:
    return {step.name: step.message for step in maintain(ws.db)}["search"]


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.write_bytes(data)


def test_maintenance_brings_the_index_up_to_date(ws: Workspace) -> None:
    assert "no index here yet" in tended(ws)
    assert search_index_bytes(ws.db) == 0
    assert found(ws, "person") == 40
    assert search_index_bytes(ws.db) > 0
    ws.leads.add({"full_name": "Person Late"})
    assert Engine(folder_of(ws)).snapshot().num_docs == 41  # the note about the whole is one
    assert "leads brought up to date" in tended(ws)
    assert Engine(folder_of(ws)).snapshot().num_docs == 42
    assert "leads up to date already" in tended(ws)
    assert found(ws, "person") == 41


@pytest.mark.parametrize("kind", ["idx", "term", "fast", "fieldnorm", "pos", "store"])
def test_one_flipped_bit_is_found_and_mended(ws: Workspace, kind: str) -> None:
    found(ws, "person")
    assert engine.damage(folder_of(ws)) is None
    (path,) = folder_of(ws).glob(f"*.{kind}")
    flip(path, 3)
    assert engine.damage(folder_of(ws)) == path.name
    assert f"leads {path.name} was damaged: made anew" in tended(ws)
    assert engine.damage(folder_of(ws)) is None
    assert found(Workspace(str(ws.db.file)), "person") == 40


def test_files_that_are_cut_or_make_no_sense_are_found(ws: Workspace) -> None:
    found(ws, "person")
    (path,) = folder_of(ws).glob("*.idx")
    whole = path.read_bytes()
    for broken in (b"", whole[:5], whole[:-20], whole + b"x"):
        path.write_bytes(broken)
        assert engine.damage(folder_of(ws)) == path.name
    path.write_bytes(whole)
    assert engine.damage(folder_of(ws)) is None
    (folder_of(ws) / "meta.json").write_text("[]")
    assert engine.damage(folder_of(ws)) == "meta.json"
    assert "made anew" in tended(ws)
    assert found(ws, "person") == 40


def test_damage_that_shows_only_while_it_is_read_is_mended(ws: Workspace) -> None:
    assert found(ws, "person") == 40
    for kind in ("idx", "term", "fast"):
        (path,) = folder_of(ws).glob(f"*.{kind}")
        with path.open("r+b") as file:  # in place, under the open index
            file.write(b"\xff" * (path.stat().st_size - 100))
    assert found(ws, "person") == 40
    assert engine.damage(folder_of(ws)) is None


def test_who_is_forgotten_is_gone_from_the_files_at_once(ws: Workspace) -> None:
    ws.leads.add({"full_name": "Quirina Vexholm", "email": "qv@one.org", "notes": "Zither"})
    assert found(ws, "quirina") == 1
    assert all(holds(ws, word) for word in ("vexholm", "zither", "quirina"))
    ws.privacy.forget(["qv@one.org"])
    assert not any(holds(ws, word) for word in ("vexholm", "zither", "quirina"))
    assert found(ws, "quirina") == 0
    assert found(ws, "person") == 40
    assert not holds(ws, "vexholm")


def test_who_is_purged_is_gone_from_the_files_at_once(ws: Workspace) -> None:
    ws.leads.add({"full_name": "Quirina Vexholm", "email": "qv@one.org"})
    ws.leads.delete("qv@one.org")
    assert found(ws, "person") == 40
    assert holds(ws, "vexholm")
    with ws.db.write() as conn:
        old = ws.db.now() - dt.timedelta(days=100)
        conn.execute(leads.update().where(leads.c.deleted_at.is_not(None)).values(deleted_at=old))
    assert ws.privacy.purge("90d").leads == 1
    assert not holds(ws, "vexholm")
    assert found(ws, "person") == 40
    assert not holds(ws, "vexholm")


def test_words_of_who_is_only_taken_out_would_stay(ws: Workspace) -> None:
    """What the two tests above rest on: the engine itself leaves deleted words in its files."""
    ws.leads.add({"full_name": "Quirina Vexholm", "email": "qv@one.org"})
    found(ws, "person")
    with Engine(folder_of(ws)).writing() as writer:
        writer.remove([41])
        writer.commit("")
    assert holds(ws, "vexholm")


def test_companies_keep_their_index_when_a_person_is_forgotten(ws: Workspace) -> None:
    ws.leads.add({"full_name": "Quirina Vexholm", "email": "qv@one.org", "company": "One AG"})
    assert len(ws.companies.find("one").items) == 1
    companies = folder_of(ws).parent / "companies"
    before = {path.name for path in companies.iterdir()}
    ws.privacy.forget(["qv@one.org"])
    assert {path.name for path in companies.iterdir()} == before
