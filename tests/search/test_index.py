"""The index on disk: kept up by whoever searches, and never trusted further than it deserves."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leadloom.errors import ConflictError
from leadloom.search import engine, index
from leadloom.search.documents import LEADS
from leadloom.search.engine import Engine
from leadloom.storage import restore
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.fixture
def ws(lite: Database) -> Workspace:
    return Workspace(session=Session(lite))


def add(ws: Workspace, *names: str) -> None:
    """Add leads, all in one transaction."""
    with ws.transaction() as inside:
        for name in names:
            inside.leads.add({"full_name": name, "email": f"{name.replace(' ', '.')}@one.org"})


def found(ws: Workspace, text: str) -> list[str | None]:
    return [lead.full_name for lead in ws.leads.find(text).items]


def again(ws: Workspace) -> Workspace:
    """Return the same workspace as another program sees it."""
    return Workspace(str(ws.db.file))


def folder_of(ws: Workspace) -> Path:
    assert ws.db.file is not None
    return ws.db.file.with_name(ws.db.file.name + "-search") / "1" / "leads"


def built(ws: Workspace) -> int:
    """Return how many documents are in the index on disk."""
    return Engine(folder_of(ws)).snapshot().num_docs - 1


def test_the_index_lies_beside_the_database(ws: Workspace) -> None:
    add(ws, "Ada Lind")
    assert found(ws, "ada") == ["Ada Lind"]
    assert built(ws) == 1
    assert ws._session.indexes.size_bytes() > 0


def test_little_is_laid_over_and_much_is_taken_in(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ws, "Ada Lind")
    assert found(ws, "ada") == ["Ada Lind"]
    add(ws, "Ada Stern")
    assert found(ws, "ada") == ["Ada Stern", "Ada Lind"]
    assert built(ws) == 1
    monkeypatch.setattr(index, "_FEW_ROWS", 1)
    add(ws, "Ada Berg")
    assert found(ws, "ada") == ["Ada Berg", "Ada Stern", "Ada Lind"]
    assert built(ws) == 3


def test_events_about_other_things_do_not_pile_up(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ws, "Ada Lind")
    found(ws, "ada")
    monkeypatch.setattr(index, "_FEW_EVENTS", 3)
    for name in "abcd":
        ws.groups.create(name)
    found(ws, "ada")
    state = index.State.read(engine.about(Engine(folder_of(ws)).snapshot()))
    assert state is not None
    assert (
        state.event == ws.db.engine.connect().exec_driver_sql("SELECT max(id) FROM events").scalar()
    )


def test_another_program_sees_a_change_at_once(ws: Workspace) -> None:
    add(ws, "Ada Lind")
    other = again(ws)
    assert found(other, "ada") == ["Ada Lind"]
    ws.leads.set("Ada.Lind@one.org", {"full_name": "Eda Lind"})
    add(other, "Ada Stern")
    assert found(ws, "ada") == ["Ada Stern", "Eda Lind"]
    assert found(other, "ada lind") == ["Eda Lind"]


def test_while_another_program_writes_nobody_waits(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_FEW_ROWS", 0)
    add(ws, "Ada Lind")
    found(ws, "ada")
    with Engine(folder_of(ws)).writing():
        add(ws, "Ada Stern", "Ada Berg")
        assert sorted(map(str, found(ws, "ada"))) == ["Ada Berg", "Ada Lind", "Ada Stern"]
        assert built(ws) == 1
        with pytest.raises(ConflictError, match="search index"):
            ws._session.indexes.rebuild(1, ws._session.apart)
    assert len(found(ws, "ada")) == 3
    assert built(ws) == 3


@pytest.mark.parametrize("what", ["gone", "emptied", "cut", "garbled", "strange"])
def test_a_damaged_index_is_made_anew(ws: Workspace, what: str) -> None:
    add(ws, "Ada Lind", "Ada Stern")
    found(ws, "ada")
    ws._session.indexes._indexes.clear()
    folder = folder_of(ws)
    if what == "gone":
        shutil.rmtree(folder)
    for path in sorted(folder.glob("*")) if what != "gone" else ():
        size = path.stat().st_size
        if what == "emptied" and path.suffix == ".idx":
            path.unlink()
        elif what == "cut" and size:
            os.truncate(path, size // 2)
        elif what == "garbled" and path.name == "meta.json":
            path.write_text("{")
        elif what == "strange" and path.name == "meta.json":
            path.write_text(path.read_text().replace("company", "compani"))
    assert sorted(map(str, found(ws, "ada"))) == ["Ada Lind", "Ada Stern"]
    assert built(ws) == 2


def test_an_index_that_breaks_while_it_is_open_is_made_anew(ws: Workspace) -> None:
    add(ws, "Ada Lind")
    found(ws, "ada")
    shutil.rmtree(folder_of(ws))
    assert found(ws, "ada") == ["Ada Lind"]


def test_a_restored_database_is_searched_as_it_is(ws: Workspace) -> None:
    add(ws, "Ada Lind")
    found(ws, "ada")
    saved = ws.backup()
    add(ws, "Ada Stern")
    assert len(found(ws, "ada")) == 2
    ws._session.indexes.rebuild(1, ws._session.apart)
    ws.close()
    restore.restore(ws.db, saved, force=True)
    restored = again(ws)
    assert found(restored, "ada") == ["Ada Lind"]
    add(restored, "Ada Berg")
    assert found(restored, "ada") == ["Ada Berg", "Ada Lind"]


def test_a_new_way_to_make_documents_makes_the_index_anew(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ws, "Ada Lind")
    found(ws, "ada")
    monkeypatch.setattr(engine, "VERSION", engine.VERSION + 1)
    calls: list[object] = []
    build = index.SearchIndex._build
    monkeypatch.setattr(
        index.SearchIndex, "_build", lambda *a, **k: (calls.append(1), build(*a, **k))[1]
    )
    assert found(ws, "ada") == ["Ada Lind"]
    assert calls == [1]
    assert found(ws, "ada") == ["Ada Lind"]
    assert calls == [1]


def test_where_nothing_can_be_written_memory_serves(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ws, "Ada Lind")
    blocked = folder_of(ws).parent
    shutil.rmtree(blocked.parent, ignore_errors=True)
    blocked.parent.write_text("a file where the folder should be")
    assert found(ws, "ada") == ["Ada Lind"]
    add(ws, "Ada Stern")
    assert found(ws, "ada") == ["Ada Stern", "Ada Lind"]


_BUILD = """
import sys
from leadloom.search import index
index._KEPT, index._BATCH = 20, 10
from leadloom.workspace import Workspace
ws = Workspace(sys.argv[1])
told = lambda self, step, done: (print(done, flush=True), __import__("time").sleep(0.05))
index.SearchIndex._tell = told
ws.leads.find("person")
"""


def test_killed_in_the_middle_it_goes_on_where_it_was(ws: Workspace) -> None:
    add(ws, *[f"Person Nr{number}" for number in range(200)])
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(ws.db.file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 60:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert 20 <= built(ws) < 200
    ws.leads.set("Person.Nr3@one.org", {"title": "Astronaut"})
    ws.leads.delete("Person.Nr4@one.org")
    assert len(ws.leads.find("person", limit=500).items) == 199
    assert built(ws) == 200
    assert found(ws, "astronaut") == ["Person Nr3"]


def test_two_programs_that_need_the_index_at_once_both_get_answers(ws: Workspace) -> None:
    add(ws, *[f"Person Nr{number}" for number in range(100)])
    ask = (
        "import sys; from leadloom.workspace import Workspace; "
        "print(len(Workspace(sys.argv[1]).leads.find('person', limit=500).items))"
    )
    command = [sys.executable, "-c", ask, str(ws.db.file)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate(timeout=60)[0].strip() for process in processes] == ["100"] * 4


def test_a_long_wait_is_told(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_LONG", 2)
    told: list[tuple[str, int]] = []
    ws._session.indexes.on_progress = lambda step, done: told.append((step, done))
    add(ws, "Ada Lind", "Ada Stern")
    began = time.monotonic()
    found(ws, "ada")
    assert told == [("Making the search index", 2)]
    assert time.monotonic() - began < 60
    assert LEADS.name == "leads"
