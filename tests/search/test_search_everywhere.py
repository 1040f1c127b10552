"""The same is found on every database, whatever was done, in the transaction that did it; and a
copy, or a restored backup, is searched as it is, whatever index lies beside it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leadloom.search import engine
from leadloom.search.documents import KEYED, Document
from leadloom.storage.backups import backup
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.restore import restore
from leadloom.storage.tables import vectors
from leadloom.storage.vectors import delete, nearest, put
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

QUESTIONS = ("an", "wbeer", "acme", "tag:vip", "zither", "小明")
FILE = "Name,Email,Company,City\nAnna Weber,a@one.org,Acme,Ulm\nBo Anders,bo@two.org,Weber AG,\n"

Found = dict[str, list[list[str | None]]]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes and backups of databases on servers: a folder for each test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def found(ws: Workspace) -> Found:
    """Return who and which companies are found, in order."""
    return {
        text: [
            [lead.full_name for lead in ws.leads.find(text, limit=100).items],
            [firm.name for firm in ws.companies.find(text, limit=100).items],
        ]
        for text in QUESTIONS
    }


def life(folder: Path) -> Iterator[Callable[[Workspace], Any]]:
    """Give one step after another; who is meant is said by what is known of them."""
    (folder / "some.csv").write_text(FILE, encoding="utf-8")
    yield lambda ws: ws.leads.add({"full_name": "Anna Müller", "email": "m@one.org"})
    yield lambda ws: ws.leads.add({"full_name": "王小明", "email": "w@one.org", "company": "Acme"})
    yield lambda ws: ws.leads.tag("m@one.org", add=["vip"])
    yield lambda ws: ws.leads.set("w@one.org", {"notes": "plays the Zither"})
    yield lambda ws: ws.leads.merge("m@one.org", "w@one.org")
    yield lambda ws: ws.leads.unmerge("m@one.org")
    yield lambda ws: ws.leads.delete("m@one.org")
    yield lambda ws: ws.leads.restore(_deleted(ws))


def _deleted(ws: Workspace) -> str:
    return str(ws.leads.find(deleted=True).items[0].id)


def apart(folder: Path) -> Iterator[Callable[[Workspace], Any]]:
    """Give the steps that are several transactions."""
    yield lambda ws: ws.import_files([folder / "some.csv"])
    yield lambda ws: ws.runs.undo("last")
    yield lambda ws: ws.import_files([folder / "some.csv"])
    yield lambda ws: ws.leads.delete("bo@two.org")
    yield lambda ws: ws.privacy.purge("0d")
    yield lambda ws: ws.privacy.forget(["w@one.org"])


def test_every_step_is_found_at_once_and_the_same_everywhere(
    db: Database, lite: Database, tmp_path: Path
) -> None:
    here, there = Workspace(session=Session(db)), Workspace(session=Session(lite))
    here._session.indexes.forget()
    seen = []
    for step in life(tmp_path):
        with here.transaction() as inside:
            step(inside)
            at_once = found(inside)
        with there.transaction() as inside:
            step(inside)
        assert found(here) == at_once
        assert found(there) == at_once
        seen.append(at_once)
    for step in apart(tmp_path):
        step(here)
        step(there)
        seen.append(found(here))
        assert found(there) == seen[-1]
    here._session.indexes.forget()
    assert found(here) == seen[-1]
    assert sum(one != other for one, other in itertools.pairwise(seen)) >= 9


@pytest.mark.parametrize("where", [None, "index"])
def test_what_was_put_in_again_is_there_once_and_what_was_taken_out_is_not(
    tmp_path: Path, where: str | None
) -> None:
    if where:
        (tmp_path / where).mkdir()
    made = engine.Engine(tmp_path / where if where else None)
    for n in range(3):
        with made.writing() as writer:
            writer.remove([1, 2**40, 7])
            for key in (1, 2**40):
                writer.add(key, Document(texts=(), keys=(f"round{n}",)))
            writer.commit("")
        found = made.snapshot()
        assert engine.newest(found, engine.everything(), 10) == [2**40, 1]
        assert engine.newest(found, engine.term(KEYED, f"round{n}"), 10) == [2**40, 1]


def test_what_was_taken_back_was_never_found(db: Database) -> None:
    ws = Workspace(session=Session(db))
    ws._session.indexes.forget()
    ws.leads.add({"full_name": "Anna Müller", "email": "m@one.org"})
    before = found(ws)
    with pytest.raises(ZeroDivisionError), ws.transaction() as inside:
        _change_and_fail(inside)
    assert found(ws) == before
    ws.leads.add({"full_name": "Anna Weber"})  # gets the numbers that were given back
    assert [lead.full_name for lead in ws.leads.find("anna").items] == ["Anna Weber", "Anna Müller"]


def _change_and_fail(inside: Workspace) -> None:
    inside.leads.set("m@one.org", {"city": "Ulm"})
    inside.leads.add({"full_name": "Anna Anders"})
    assert len(inside.leads.find("anna").items) == 2
    raise ZeroDivisionError


@pytest.fixture
def other(lite: Database) -> Database:
    """Another database, with people and an index of its own."""
    ws = Workspace(session=Session(lite))
    for n in range(30):
        ws.leads.add({"full_name": f"Anna Stranger{n:02}", "company": "Weber AG"})
    ws._session.indexes.rebuild(1, ws._session.apart)
    assert len(ws.leads.find("stranger0").items) == 10
    ws.close()
    return lite


def test_a_copy_and_a_restored_backup_are_searched_as_they_are(
    db: Database, other: Database, tmp_path: Path
) -> None:
    """The target's old index is of other people with the same numbers."""
    ws = Workspace(session=Session(db))
    ws._session.indexes.forget()
    ws.import_files([_file(tmp_path)])
    ws.leads.tag("a@one.org", add=["vip"])
    with ws._session.write() as tx:
        put(tx, "lead", "m1", {1: [0.1, 0.9, 0.3], 2: [0.9, 0.1, 0.2]})
        near = nearest(tx, "lead", "m1", [1.0, 0.1, 0.1], 2)
    before = found(ws)
    saved = backup.take(db, target=tmp_path / "b.backup", is_portable=True)
    ws.leads.set("a@one.org", {"city": "Rom"})
    ws.leads.add({"full_name": "Anna Late"})
    with ws._session.write() as tx:
        delete(tx, "lead", [1])
    ws._session.indexes.rebuild(1, ws._session.apart)
    after = found(ws)
    copy(db, other, force=True)
    assert found(Workspace(session=Session(other))) == after
    other.close()
    ws.close()
    restore(db, saved, force=True)
    restored = Workspace(session=Session(db))
    assert found(restored) == before
    with restored._session.read() as tx:
        assert nearest(tx, "lead", "m1", [1.0, 0.1, 0.1], 2) == near
    with other.read() as conn:
        assert len(conn.execute(vectors.select()).all()) == 1
    restored.leads.add({"full_name": "Anna Later"})
    assert restored.leads.find("later").items[0].full_name == "Anna Later"
    db.close()


def _file(folder: Path) -> Path:
    path = folder / "some.csv"
    path.write_text(FILE, encoding="utf-8")
    return path
