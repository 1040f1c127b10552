"""Forgetting and purging while others write: nothing comes back, nothing of others is lost."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_forget import everything

from leadloom.errors import LeadloomError, NotFoundError
from leadloom.storage.database import Database
from leadloom.storage.health.check import check
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

PERSON = "quirina.vexholm@initech.example.com"
TIMES = 12


@pytest.fixture
def ws(db: Database) -> Iterator[Workspace]:
    yield Workspace(session=Session(db))
    for name in ("problems", "backups"):
        shutil.rmtree(db.folder / name, ignore_errors=True)


def bring(ws: Workspace) -> None:
    """Bring the person in, with a colleague in the same company."""
    for first, last in (("Quirina", "Vexholm"), ("Bob", "Stone")):
        email = f"{first}.{last}@initech.example.com".lower()
        ws.leads.add({"full_name": f"{first} {last}", "email": email, "company": "Initech GmbH"})


def meanwhile(url: str, writes: list[Callable[[Workspace, int], object]]) -> Callable[[], None]:
    """Let each of `writes` be done over and over by somebody else; return what waits for them."""
    problems: list[BaseException] = []

    def work(write: Callable[[Workspace, int], object]) -> None:
        try:
            with Workspace(url) as ws:
                for n in range(TIMES):
                    write(ws, n)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in writes]
    for thread in threads:
        thread.start()

    def wait() -> None:
        for thread in threads:
            thread.join()
        assert problems == []

    return wait


def edit(ws: Workspace, n: int) -> None:
    """Edit the person, if they are there."""
    try:
        ws.leads.set(PERSON, {"notes": f"Vexholm plays the Zither {n}"})
    except NotFoundError:
        return


def edit_another(ws: Workspace, n: int) -> None:
    ws.leads.set("bob.stone@initech.example.com", {"city": f"Ulm {n}"})


def test_who_is_forgotten_while_others_write_is_gone(ws: Workspace) -> None:
    bring(ws)
    wait = meanwhile(
        ws.db.url.render_as_string(hide_password=False),
        [edit, edit_another, lambda one, n: one.leads.add({"full_name": f"New{n:03} Person"})],
    )
    ws.privacy.forget([PERSON], suppress=True)
    wait()
    told = everything(ws.db)
    assert [word for word in ("Quirina", "Vexholm", "Zither") if word in told] == []
    assert ws.leads.get("bob.stone@initech.example.com").city == f"Ulm {TIMES - 1}"
    assert ws.stats()["leads"] == 1 + TIMES
    assert ws.verify().differences == []
    assert check(ws.db).findings == []


def test_a_purge_takes_only_what_is_still_deleted(ws: Workspace) -> None:
    """Leads are deleted and restored by somebody while another purges: each is whole or gone."""
    leads = [str(ws.leads.add({"full_name": f"Lind{n:03} Ada"}).lead.id) for n in range(TIMES)]
    restored: list[str] = []

    def delete_and_restore(one: Workspace, n: int) -> None:
        one.leads.delete(leads[n])
        try:
            one.leads.restore(leads[n])
        except LeadloomError:
            return
        restored.append(leads[n])

    wait = meanwhile(ws.db.url.render_as_string(hide_password=False), [delete_and_restore])
    purged = 0
    for _ in range(TIMES):
        purged += ws.privacy.purge("0d").leads
    wait()
    assert {str(lead.id) for lead in ws.leads.find(limit=100).items} == set(restored)
    assert purged + len(restored) == TIMES
    assert ws.verify().differences == []
    assert check(ws.db).findings == []


def test_an_import_brings_back_nobody_who_was_forgotten_and_kept_out(
    ws: Workspace, tmp_path: Path
) -> None:
    bring(ws)
    rows = [f"Person {n},p{n}@firm{n % 9}.example.com" for n in range(400)]
    rows[::40] = [f"Quirina Vexholm,{PERSON}"] * len(rows[::40])
    (tmp_path / "list.csv").write_text("\n".join(["Name,Email", *rows]))
    from leadloom.imports import importer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importer, "BATCH", 40)
        running = threading.Event()

        def run(one: Workspace, n: int) -> None:
            if n == 0:
                one.import_files([tmp_path / "list.csv"], on_progress=lambda *_: running.set())

        wait = meanwhile(ws.db.url.render_as_string(hide_password=False), [run])
        running.wait(60)
        ws.privacy.forget([PERSON], suppress=True)
        wait()
    told = everything(ws.db)
    assert [word for word in ("Quirina", "Vexholm") if word in told] == []
    assert ws.verify().differences == []
    assert check(ws.db).findings == []
