"""Runs: who works on them, and how they are found, cancelled and taken over."""

import dataclasses
import datetime as dt
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.ids import new_uuid
from leadloom.runs import run as runs
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import insert_rows
from leadloom.storage.tables import events
from leadloom.storage.tables import runs as table
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

ELSEWHERE = "another-machine:17"


@pytest.fixture
def tx(db: Database) -> Iterator[Tx]:
    with Session(db).write() as tx:
        yield tx


@pytest.fixture(scope="module")
def dead() -> int:
    """The id of a process that was there and is no more."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def started(tx: Tx, kind: str = "import", **values: Any) -> runs.Run:
    """A run that was started, and then changed to have `values`."""
    run = runs.start(tx, kind, options=values.pop("options", {}))
    if values:
        tx.conn.execute(table.update().where(table.c.id == run.id).values(**values))
    return runs.get_run(tx, str(run.uuid))


def here(process: int) -> str:
    return f"{socket.gethostname()}:{process}"


def test_a_run_that_was_started_is_worked_on_by_this_process(tx: Tx) -> None:
    run = runs.start(tx, "import", options={"policy": "fill-empty"}, input="a.csv")
    assert run.status == "processing"
    assert run.worker == here(os.getpid())
    assert (run.options, run.input, run.counts) == ({"policy": "fill-empty"}, "a.csv", {})
    assert run.started_at is not None
    assert run.finished_at is None
    assert not run.is_interrupted(tx.now)


def test_a_run_whose_process_is_gone_is_interrupted(tx: Tx, dead: int) -> None:
    assert started(tx, worker=here(dead)).is_interrupted(tx.now)


def test_a_run_on_another_machine_is_given_ten_minutes_of_silence(tx: Tx) -> None:
    run = started(tx, worker=ELSEWHERE)
    assert not run.is_interrupted(tx.now + dt.timedelta(minutes=9))
    assert run.is_interrupted(tx.now + dt.timedelta(minutes=11))


def test_a_sign_of_life_counts_from_when_it_was_given(tx: Tx) -> None:
    run = started(tx, worker=ELSEWHERE, heartbeat_at=tx.now - dt.timedelta(hours=1))
    assert run.is_interrupted(tx.now)
    runs.advance(tx, run.id, {"created": 3}, 3)
    run = runs.get_run(tx, str(run.uuid))
    assert not run.is_interrupted(tx.now)
    assert (run.counts, run.processed) == ({"created": 3}, 3)


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_a_run_that_ended_is_never_interrupted(tx: Tx, dead: int, status: str) -> None:
    run = started(tx, worker=here(dead))
    run = runs.finish(tx, run.id, status)
    assert run.status == status
    assert run.finished_at == tx.now
    assert not run.is_interrupted(tx.now + dt.timedelta(days=1))


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_run_that_ended_badly_is_taken_over(tx: Tx, status: str) -> None:
    run = started(tx, worker=ELSEWHERE, cancel_requested_at=tx.now)
    run = runs.finish(tx, run.id, status, error="the disk is full")
    taken = runs.take_over(tx, run)
    assert (taken.id, taken.status, taken.worker) == (run.id, "processing", here(os.getpid()))
    assert taken.error is taken.finished_at is taken.cancel_requested_at is None
    assert not runs.is_cancel_requested(tx, run.id)


def test_a_run_that_died_is_taken_over_with_what_it_had_done(tx: Tx, dead: int) -> None:
    run = started(tx, worker=here(dead), counts={"created": 7}, processed=7)
    taken = runs.take_over(tx, run)
    assert (taken.worker, taken.counts, taken.processed) == (here(os.getpid()), {"created": 7}, 7)


def test_a_run_that_somebody_works_on_is_not_taken_over(tx: Tx) -> None:
    with pytest.raises(ConflictError, match="being worked on by another-machine:17"):
        runs.take_over(tx, started(tx, worker=ELSEWHERE))
    with pytest.raises(ConflictError, match="being worked on"):
        runs.take_over(tx, started(tx))


def test_a_run_that_is_complete_or_undone_is_not_taken_over(tx: Tx) -> None:
    run = runs.finish(tx, started(tx).id, "completed")
    with pytest.raises(ConflictError, match="is complete"):
        runs.take_over(tx, run)
    with pytest.raises(ConflictError, match="was undone"):
        runs.take_over(tx, dataclasses.replace(run, status="cancelled", undone_at=tx.now))


def test_once_taken_over_it_is_nobody_elses(tx: Tx, dead: int) -> None:
    run = started(tx, worker=here(dead))
    taken = runs.take_over(tx, run)
    with pytest.raises(ConflictError, match="being worked on"):
        runs.take_over(tx, taken)


def test_a_run_under_way_is_asked_to_stop(tx: Tx) -> None:
    run = started(tx, worker=ELSEWHERE)
    assert not runs.is_cancel_requested(tx, run.id)
    asked = runs.request_cancel(tx, run)
    assert asked.status == "processing"
    assert runs.is_cancel_requested(tx, run.id)


def test_a_run_that_died_is_cancelled_at_once(tx: Tx, dead: int) -> None:
    run = runs.request_cancel(tx, started(tx, worker=here(dead)))
    assert run.status == "cancelled"
    assert run.finished_at == tx.now


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_a_run_that_ended_cannot_be_cancelled(tx: Tx, status: str) -> None:
    run = runs.finish(tx, started(tx).id, status)
    with pytest.raises(ConflictError, match=f"is {status} already"):
        runs.request_cancel(tx, run)


def test_progress_is_a_percentage_of_what_is_to_be_done(tx: Tx) -> None:
    run = started(tx)
    assert run.progress is None
    runs.advance(tx, run.id, {"created": 1}, 1, total=8)
    assert runs.get_run(tx, "last").progress == 12.5
    assert runs.finish(tx, run.id, "completed").progress == 100


def test_what_happens_to_a_run_is_told(tx: Tx, dead: int) -> None:
    run = started(tx, worker=here(dead))
    runs.finish(tx, runs.take_over(tx, run).id, "completed")
    query = sa.select(events.c.type).where(events.c.run_id == run.id).order_by(events.c.id)
    assert list(tx.conn.scalars(query)) == ["run.started", "run.resumed", "run.completed"]


def test_a_run_is_found_by_its_id_or_how_that_ends(tx: Tx) -> None:
    first, second = started(tx), started(tx)
    known = str(first.uuid)
    for ref in (known, known.upper(), known[-12:], known[-8:].upper()):
        assert runs.get_run(tx, ref).id == first.id
    assert runs.get_run(tx, "last").id == second.id


def test_an_ending_that_several_runs_have_names_none(tx: Tx) -> None:
    one, other = started(tx), started(tx)
    alike = str(one.uuid)[:-6] + str(other.uuid)[-6:]
    tx.conn.execute(table.update().where(table.c.id == one.id).values(uuid=uuid.UUID(alike)))
    with pytest.raises(NotFoundError, match="More than one run"):
        runs.get_run(tx, alike[-6:])


@pytest.mark.parametrize("ref", ["", "a", "abc", "first", "00000000-0000-0000-0000-000000000000"])
def test_a_run_that_is_not_there_is_not_found(tx: Tx, ref: str) -> None:
    started(tx)
    with pytest.raises(NotFoundError, match="no run"):
        runs.get_run(tx, ref)


def test_without_any_run_there_is_no_last(tx: Tx) -> None:
    with pytest.raises(NotFoundError, match="no run 'last'"):
        runs.get_run(tx, "last")


def test_the_newest_interrupted_run_of_the_same_kind_and_options_is_found(
    tx: Tx, dead: int
) -> None:
    same = {"files": ["a.csv"], "policy": "prefer-new"}
    gone = here(dead)
    started(tx, options=same, worker=gone)
    newest = started(tx, options={**same, "seen": 1}, worker=gone)
    started(tx, options={**same, "policy": "fill-empty"}, worker=gone)
    started(tx, options=same)
    started(tx, "enrich", options=same, worker=gone)
    runs.finish(tx, started(tx, options=same, worker=gone).id, "failed")
    found = runs.find_interrupted(tx, "import", same)
    assert found is not None
    assert found.id == newest.id
    assert runs.find_interrupted(tx, "import", {"files": ["b.csv"]}) is None


def test_runs_are_listed_newest_first_by_kind_and_in_pages(tx: Tx) -> None:
    made = [started(tx, ("import", "enrich")[n % 2]).id for n in range(5)]
    assert [run.id for run in runs.list_runs(tx)] == made[::-1]
    assert [run.id for run in runs.list_runs(tx, kind="enrich")] == [made[3], made[1]]
    assert [run.id for run in runs.list_runs(tx, limit=2, before=made[3])] == [made[2], made[1]]


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


def test_pages_of_runs_hold_each_once(ws: Workspace) -> None:
    with ws._session.write() as tx:
        made = [started(tx).uuid for _ in range(5)]
    seen, after = [], None
    while True:
        page = ws.runs.list(limit=2, after=after)
        seen += [run.id for run in page.items]
        if (after := page.next) is None:
            break
    assert seen == made[::-1]
    with pytest.raises(UsageError, match="no cursor"):
        ws.runs.list(after="next")


def test_a_run_that_died_is_shown_as_interrupted(ws: Workspace, dead: int) -> None:
    with ws._session.write() as tx:
        started(tx, worker=here(dead))
    assert ws.runs.get("last").status == "interrupted"
    assert [run.status for run in ws.runs.list().items] == ["interrupted"]
    [check] = [check for check in ws.doctor() if check.name == "runs"]
    assert not check.ok
    assert ws.runs.cancel("last").status == "cancelled"


def test_only_an_import_is_gone_on_with(ws: Workspace, dead: int) -> None:
    with ws._session.write() as tx:
        started(tx, "enrich", worker=here(dead))
    with pytest.raises(ConflictError, match="giving its command again"):
        ws.runs.resume("last")


def test_a_run_under_way_cannot_be_undone_but_one_that_died_can(ws: Workspace, dead: int) -> None:
    with ws._session.write() as tx:
        started(tx, worker=ELSEWHERE)
    with pytest.raises(ConflictError, match="cancel it first"):
        ws.runs.undo("last")
    with ws._session.write() as tx:
        started(tx, worker=here(dead))
    assert ws.runs.undo("last").records == 0
    assert ws.runs.get("last").undone_at is not None


def test_records_of_a_run_are_told_in_order_and_by_outcome(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,Email\nAda Lind,ada@acme.com\n,\nAda Lind,ada@acme.com\nBo Ek,bo@ek.se\n")
    ws.import_files([path])
    told = [(one.position, one.file, one.row, one.status) for one in ws.runs.records("last")]
    assert [status for *_, status in told] == ["created", "skipped", "unchanged", "created"]
    assert [position for position, *_ in told] == sorted(position for position, *_ in told)
    assert {file for _, file, *_ in told} == {"a.csv"}
    created = list(ws.runs.records("last", status="created"))
    assert [one.row for one in created] == [2, 5]
    assert [one.lead_id for one in created] == [
        ws.leads.get("ada@acme.com").id,
        ws.leads.get("bo@ek.se").id,
    ]
    with pytest.raises(UsageError, match="outcome"):
        list(ws.runs.records("last", status="lost"))


def test_of_two_who_want_a_run_that_died_one_gets_it(tx: Tx, dead: int) -> None:
    seen_by_both = started(tx, worker=here(dead), heartbeat_at=tx.now)
    later = dataclasses.replace(tx, now=tx.now + dt.timedelta(seconds=1))
    runs.take_over(later, seen_by_both)
    with pytest.raises(ConflictError, match="being worked on"):
        runs.take_over(later, seen_by_both)


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_run_is_taken_over_as_it_is_and_not_as_it_was(tx: Tx, status: str) -> None:
    run = runs.finish(tx, started(tx).id, status)
    runs.finish(tx, run.id, "completed")
    with pytest.raises(ConflictError, match="complete"):
        runs.take_over(tx, run)
    run = runs.finish(tx, started(tx).id, status)
    tx.conn.execute(table.update().where(table.c.id == run.id).values(undone_at=tx.now))
    with pytest.raises(ConflictError, match="was undone"):
        runs.take_over(tx, run)
    assert runs.get_run(tx, str(run.uuid)).status == status


def test_a_run_is_found_however_many_came_after_it(tx: Tx) -> None:
    old = started(tx)
    row = tx.conn.execute(sa.select(table).where(table.c.id == old.id)).one()._asdict()
    del row["id"]
    rows = [{**row, "uuid": new_uuid(), "kind": "edit"} for _ in range(10_500)]
    insert_rows(tx.conn, table, [{**one, "options": "{}", "counts": "{}"} for one in rows])
    ref = str(old.uuid)
    assert {runs.get_run(tx, one).id for one in (ref, ref.upper(), ref[-12:], "last")} == {old.id}


def test_a_run_is_named_by_the_end_of_its_id_with_or_without_hyphens(tx: Tx) -> None:
    run = started(tx)
    for length in (4, 12, 13, 17, 36):
        assert runs.get_run(tx, str(run.uuid)[-length:]).id == run.id
    for ref in ("", "-", "----", "%%%%", "____", "g" * 12, str(run.uuid)[-3:], "last:", "last:x"):
        with pytest.raises(NotFoundError):
            runs.get_run(tx, ref)


def test_edits_are_listed_when_asked_for_and_are_not_the_last(ws: Workspace) -> None:
    with ws._session.write() as tx:
        imported = started(tx).uuid
    edited = ws.leads.add({"email": "ada@acme.com"}).run
    assert [run.id for run in ws.runs.list().items] == [imported]
    assert [run.id for run in ws.runs.list(edits=True).items] == [edited, imported]
    assert [run.id for run in ws.runs.list(kind="edit").items] == [edited]
    assert ws.runs.get("last").id == ws.runs.get("last:import").id == imported
    assert ws.runs.get("last:edit").id == edited
    assert ws.runs.undo("last:edit").leads_removed == 1


@pytest.mark.parametrize("after", ["²", "-1", "1" * 30, ""])
def test_what_no_run_can_be_after_is_no_cursor(ws: Workspace, after: str) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        ws.runs.list(after=after)
