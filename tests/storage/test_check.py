"""Damage is found, and what can be saved of a damaged file is saved."""

import contextlib
import itertools
import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from filling import contents, fill
from typer.testing import CliRunner

from leadloom.cli.app import app
from leadloom.errors import ConflictError, DatabaseError, UsageError
from leadloom.storage.backups import backup
from leadloom.storage.database import Database
from leadloom.storage.health.check import check
from leadloom.storage.health.recover import RecoverReport, _Reader, recover
from leadloom.storage.tables import companies, leads, records
from leadloom.workspace import Workspace
from leadloom.workspace.recovery import fold_again
from leadloom.workspace.repair import RECORD

HEADER = 100


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of some hundred leads, as one file."""
    folder = tmp_path_factory.mktemp("whole")
    db = Database(f"sqlite:///{folder / 'leads.db'}")
    rows = "".join(f"Person {n},p{n}@firm{n % 90}.example.com,Firm {n % 90}\n" for n in range(1500))
    (folder / "people.csv").write_text("name,email,company\n" + rows)
    with Workspace(f"sqlite:///{folder / 'leads.db'}") as ws:
        ws.import_files([folder / "people.csv"])
    db.close()
    backup.copy_sqlite(folder / "leads.db", folder / "whole.db")
    return folder / "whole.db"


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of that file for a test to damage."""
    path = tmp_path / "leads.db"
    path.write_bytes(whole.read_bytes())
    db = Database(f"sqlite:///{path}")
    yield db
    db.close()


def page_size(path: Path) -> int:
    size = int.from_bytes(path.read_bytes()[16:18], "big")
    return 65536 if size == 1 else size


def spoil(db: Database, pages: list[int]) -> None:
    """Zero some pages, counted from 0."""
    assert db.file is not None
    size = page_size(db.file)
    with db.file.open("r+b") as file:
        for page in pages:
            file.seek(page * size)
            file.write(bytes(size))


def leaves(db: Database, table: str) -> list[int]:
    """Return the pages that hold a table's rows, counted from 0; read from the file itself."""
    assert db.file is not None
    data, size = db.file.read_bytes(), page_size(db.file)
    conn = sqlite3.connect(db.file)
    (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    conn.close()
    found, waiting = [], [root]
    while waiting:
        page = waiting.pop()
        start = (page - 1) * size
        kind = data[start]
        if kind in (13, 10):
            found.append(page - 1)
            continue
        cells = int.from_bytes(data[start + 3 : start + 5], "big")
        waiting.append(int.from_bytes(data[start + 8 : start + 12], "big"))
        for cell in range(cells):
            at = start + 12 + 2 * cell
            place = start + int.from_bytes(data[at : at + 2], "big")
            waiting.append(int.from_bytes(data[place : place + 4], "big"))
        if kind == 2:
            found.append(page - 1)
    return sorted(found)


def saved(report: RecoverReport, name: str) -> int:
    return next(one.rows for one in report.tables if one.name == name)


def test_a_sound_database_is_sound(db: Database) -> None:
    fill(db)
    for full in (False, True):
        report = check(db, full=full)
        assert report.findings == []
        assert report.tables > 20


def test_a_reference_to_nothing_is_found(db: Database) -> None:
    fill(db)
    with db.write() as conn:
        first = conn.scalar(sa.text("SELECT min(id) FROM records"))
        conn.execute(sa.text(f"UPDATE records SET lead_id = 999999 WHERE id = {first}"))
    report = check(db)
    assert [(one.table, one.count) for one in report.findings] == [("records", 1)]
    assert "lead_id" in report.findings[0].problem
    assert report.advice


def test_a_missing_index_is_found(db: Database) -> None:
    with db.write() as conn:
        on = " ON records" if conn.dialect.name == "mysql" else ""
        conn.execute(sa.text(f"DROP INDEX ix_records_digest{on}"))
    report = check(db)
    with db.write() as conn:
        conn.execute(sa.text("CREATE INDEX ix_records_digest ON records (digest)"))
    assert any("ix_records_digest" in one.problem for one in report.findings)
    assert check(db).findings == []


def test_a_zeroed_page_is_found_and_what_to_do_is_said(damaged: Database) -> None:
    saved_at = backup.take(damaged)
    damaged.close()
    spoil(damaged, leaves(damaged, "leads")[3:4])
    report = check(damaged)
    assert report.findings
    assert "db recover" in (report.advice or "")
    assert str(saved_at) in (report.advice or "")


def test_the_full_check_finds_what_the_quick_one_does_not(damaged: Database) -> None:
    with damaged.write() as conn:
        conn.exec_driver_sql("PRAGMA writable_schema=ON")
        conn.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, '(digest)', '(position)')"
            " WHERE name = 'ix_records_digest'"
        )
    damaged.close()
    assert check(damaged).findings == []
    assert check(damaged, full=True).findings


def test_a_file_that_is_no_database_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"just some notes" * 1000)
    report = check(Database(f"sqlite:///{tmp_path / 'x.db'}"))
    assert report.findings
    assert "recover" in (report.advice or "")


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no database"):
        check(Database(f"sqlite:///{tmp_path / 'none.db'}"))
    assert not (tmp_path / "none.db").exists()


def test_a_sound_file_is_recovered_whole(damaged: Database, tmp_path: Path) -> None:
    before = contents(damaged)
    report = recover(damaged, tmp_path / "new.db")
    assert report.is_whole
    assert fold_again(report) == 0
    assert contents(Database(f"sqlite:///{tmp_path / 'new.db'}")) == before


@pytest.mark.parametrize("table", ["leads", "records", "events", "lead_keys", "runs"])
def test_rows_round_a_zeroed_page_are_saved(damaged: Database, tmp_path: Path, table: str) -> None:
    before = contents(damaged)
    damaged.close()
    pages = leaves(damaged, table)
    spoil(damaged, pages[len(pages) // 2 :][:1])
    report = recover(damaged, tmp_path / "new.db")
    assert not report.is_whole
    for name, (rows, _) in before.items():
        made_up = next(len(one.made_up) for one in report.tables if one.name == name)
        if name != table:
            assert saved(report, name) == rows
            assert made_up == 0
        else:
            share = 1 / len(pages)
            assert saved(report, name) >= rows * (1 - 2 * share) - 1
            assert saved(report, name) < rows
    fold_again(report)
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.stats()["leads"] == before["leads"][0]
        if table in ("leads", "runs", "events"):
            assert ws.verify().differences == []  # a lead comes back from its facts
        assert ws.leads.add({"full_name": "Somebody New"})
    assert check(Database(f"sqlite:///{tmp_path / 'new.db'}"), full=True).findings == []


def test_the_first_half_of_a_truncated_file_is_saved(damaged: Database, tmp_path: Path) -> None:
    rows = sum(count for count, _ in contents(damaged).values())
    damaged.close()
    assert damaged.file is not None
    size = damaged.file.stat().st_size
    os.truncate(damaged.file, size * 6 // 10)
    assert check(damaged).findings
    report = recover(damaged, tmp_path / "new.db")
    assert rows * 0.3 < sum(one.rows for one in report.tables) < rows
    fold_again(report)
    assert check(Database(f"sqlite:///{tmp_path / 'new.db'}"), full=True).findings == []
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.stats()["leads"] > 0


def without_facts(db: Database) -> set[Any]:
    """Return whom no record says anything of any more: they stay as they were stored."""
    found: set[Any] = set()
    with db.read() as conn:
        for table, told in ((leads, records.c.lead_id), (companies, records.c.company_id)):
            said = sa.and_(told == table.c.id, records.c.facts.is_not(None))
            query = sa.select(table.c.uuid).outerjoin(records, said)
            found.update(conn.scalars(query.where(records.c.id.is_(None))))
    return found


def test_flipped_bytes_never_stop_the_saving(whole: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    sound = whole.read_bytes()
    rows = len(sqlite3.connect(whole).execute("SELECT 1 FROM records").fetchall())
    counts = []
    for turn in range(3):
        spoilt = bytearray(sound)
        for _ in range(10):
            # not in the first page, which says where everything is
            spoilt[chance.randrange(page_size(whole), len(spoilt))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"spoilt{turn}.db"
        path.write_bytes(spoilt)
        db = Database(f"sqlite:///{path}")
        report = recover(db, tmp_path / f"new{turn}.db")
        db.close()
        fold_again(report)
        counts.append(saved(report, "records"))
        assert path.read_bytes() == spoilt
        with Workspace(f"sqlite:///{tmp_path / f'new{turn}.db'}") as ws:
            # A bit within what a record says is told of, as nothing can be done about it.
            found = [one for one in ws.verify().differences if one.kind != RECORD]
            assert {one.id for one in found} <= without_facts(ws.db)
        new = Database(f"sqlite:///{tmp_path / f'new{turn}.db'}")
        assert [one for one in check(new).findings if one.table is None] == []
        new.close()
    assert min(counts) > rows * 0.9


def test_a_time_that_cannot_be_is_not_taken_over(damaged: Database, tmp_path: Path) -> None:
    """One flipped bit makes it a year that no calendar has; whose row it was is folded again."""
    with sqlite3.connect(str(damaged.file)) as conn:
        conn.create_function("lower", 1, str.lower, deterministic=True)
        conn.execute("UPDATE leads SET deleted_at = ? WHERE id = 5", (1 << 62,))
        conn.execute("UPDATE leads SET created_at = ? WHERE id = 7", (1 << 62,))
    conn.close()
    report = recover(damaged, tmp_path / "new.db")
    fold_again(report)
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.verify().differences == []
        assert {lead.full_name for lead in ws.leads.find("Person 4").items} >= {"Person 4"}
        assert ws.stats()["leads"] == 1_500


@pytest.mark.parametrize("table", ["leads", "records", "companies", "events"])
def test_a_table_whose_first_page_is_gone_is_saved_all_the_same(
    damaged: Database, whole: Path, tmp_path: Path, table: str
) -> None:
    """The page that leads to all its others; what lies in those can still be read."""
    _spoil_root(damaged, table)
    report = recover(damaged, tmp_path / "new.db")
    assert not report.is_whole
    assert _rows(tmp_path / "new.db", table) == _rows(whole, table)


@pytest.mark.parametrize("table", ["lead_keys", "company_keys"])
def test_keys_that_are_gone_are_made_again(damaged: Database, tmp_path: Path, table: str) -> None:
    _spoil_root(damaged, table)
    report = recover(damaged, tmp_path / "new.db")
    assert saved(report, table) == 0
    fold_again(report)
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.verify().differences == []
        again = ws.leads.add({"full_name": "Person 7", "email": "p7@firm7.example.com"})
        assert again.status == "unchanged"


def _spoil_root(damaged: Database, table: str) -> None:
    damaged.close()
    assert damaged.file is not None
    with contextlib.closing(sqlite3.connect(damaged.file)) as conn:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (root,) = conn.execute(query, (table,)).fetchone()
    spoil(damaged, [root - 1])


def _rows(path: Path, table: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(path)) as conn:
        return conn.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()


def test_strays_beside_a_log_are_saved_and_deleted_rows_stay_deleted(
    damaged: Database, tmp_path: Path
) -> None:
    assert damaged.file is not None
    with contextlib.closing(sqlite3.connect(damaged.file, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode=WAL")
        (root,) = conn.execute("SELECT rootpage FROM sqlite_master WHERE name='events'").fetchone()
        conn.execute("DELETE FROM events WHERE id % 4 = 0 OR id < 900")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        left = conn.execute("SELECT id FROM events ORDER BY id").fetchall()
        conn.execute("UPDATE events SET type = 'late' WHERE id = ?", left[-1])
        # A copy as a power cut leaves it: most of it still lies in the log.
        copy = tmp_path / "cut.db"
        for end in ("", "-wal"):
            shutil.copy(f"{damaged.file}{end}", f"{copy}{end}")
    _spoil_in_log(copy, root)
    report = recover(Database(f"sqlite:///{copy}"), tmp_path / "new.db")
    assert not (tmp_path / "new.db.pages").exists()
    with contextlib.closing(sqlite3.connect(tmp_path / "new.db")) as conn:
        assert conn.execute("SELECT id FROM events ORDER BY id").fetchall() == left
        assert conn.execute("SELECT type FROM events ORDER BY id DESC").fetchone() == ("late",)
    assert saved(report, "events") == len(left)


def _spoil_in_log(path: Path, page: int) -> None:
    """Zero a page in the file, and have the log say nothing of it."""
    size = page_size(path)
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    log = Path(f"{path}-wal")
    data = log.read_bytes()
    frames = range(32, len(data), 24 + size)
    assert all(int.from_bytes(data[at : at + 4], "big") != page for at in frames)


def test_values_that_their_columns_cannot_hold_are_nothing_or_a_lost_row(
    damaged: Database, tmp_path: Path
) -> None:
    damaged.close()
    assert damaged.file is not None
    with contextlib.closing(sqlite3.connect(damaged.file, isolation_level=None)) as conn:
        rows = conn.execute("SELECT count(*) FROM records").fetchone()[0]
        first, second, third, *_ = [key for (key,) in conn.execute("SELECT id FROM records")]
        conn.execute("UPDATE records SET facts = x'01ff' WHERE id = ?", (first,))
        conn.execute("UPDATE records SET company_id = 'Meyer' WHERE id = ?", (second,))
        conn.execute("UPDATE records SET workspace_id = '' WHERE id = ?", (third,))
        conn.execute("UPDATE leads SET tags = '[' WHERE id = 1")
    report = recover(damaged, tmp_path / "new.db")
    fold_again(report)
    of = {one.name: one for one in report.tables}
    assert (of["records"].rows, of["records"].gaps) == (rows - 1, 1)
    assert of["records"].garbled == [first, second, third]
    assert of["leads"].garbled == [1]
    assert not report.is_whole
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.stats()["leads"] == saved(report, "leads")


def test_without_its_beginning_a_file_is_for_the_backup(damaged: Database, tmp_path: Path) -> None:
    damaged.close()
    spoil(damaged, [0])
    with pytest.raises(DatabaseError, match="restore a backup"):
        recover(damaged, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("left", [0, 50, 4096])
def test_of_next_to_nothing_nothing_is_called_saved(
    damaged: Database, tmp_path: Path, left: int
) -> None:
    damaged.close()
    assert damaged.file is not None
    os.truncate(damaged.file, left)
    with pytest.raises(DatabaseError, match="restore a backup"):
        recover(damaged, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="is a folder: name a file in it"):
        Database(f"sqlite:///{tmp_path / 'folder'}")


def test_without_the_row_of_its_workspace_what_was_saved_can_be_worked_with(
    damaged: Database, tmp_path: Path
) -> None:
    spoil(damaged, leaves(damaged, "workspaces"))
    report = recover(damaged, tmp_path / "new.db")
    assert [one.made_up for one in report.tables if one.name == "workspaces"] == [[1]]
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.stats()["leads"] == 1500
        assert not ws.verify().differences


def test_keys_that_a_torn_page_repeats_are_not_read_for_ever() -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE torn (place INTEGER PRIMARY KEY, key INTEGER, value INTEGER)")
    # The second row bears a key from before; the third cannot be read: abs() of it overflows.
    rows = [(1, 1, 1), (2, 0, 1), (3, 3, -(2**63)), (4, 4, 1)]
    conn.executemany("INSERT INTO torn VALUES (?, ?, ?)", rows)
    query = "SELECT key, abs(value) FROM torn WHERE place BETWEEN ? AND ? ORDER BY place"
    reader = _Reader(conn, query, (1, 4), [lambda value: True], finest=1)
    assert len(list(itertools.islice(reader.rows(), 10))) == 2
    assert reader.gaps == 1
    conn.close()


def test_a_gap_without_end_is_crossed_in_steps_that_grow() -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE torn (key INTEGER PRIMARY KEY, value INTEGER)")
    # What lies between cannot be read: abs() of it overflows.
    far = 3_000_000_000
    rows = [(1, 1), (2, -(2**63)), (far // 2, -(2**63)), (far, -(2**63)), (2 * far, 7)]
    conn.executemany("INSERT INTO torn VALUES (?, ?)", rows)
    reads: list[str] = []
    conn.set_trace_callback(reads.append)
    query = "SELECT key, abs(value) FROM torn WHERE key BETWEEN ? AND ? ORDER BY key"
    reader = _Reader(conn, query, (1, 2**63 - 1), [lambda value: True], finest=1)
    assert list(reader.rows()) == [(1,), (7,)]
    assert reader.gaps == 1  # no row lies between its parts
    lost = _Reader(conn, query.replace("value", "gone"), (1, 2**63 - 1), [], finest=1)
    assert list(lost.rows()) == []
    assert lost.gaps == 1
    conn.set_trace_callback(None)
    assert len(reads) < 20_000
    conn.close()


def test_bytes_that_are_no_text_are_found_and_folded_again(
    damaged: Database, tmp_path: Path
) -> None:
    damaged.close()
    assert damaged.file is not None
    page, size = leaves(damaged, "leads")[1], page_size(damaged.file)
    data = bytearray(damaged.file.read_bytes())
    at = data.index(b"Person", page * size)
    assert at < (page + 1) * size
    data[at : at + 3] = b"\xff\xfe\xfd"
    damaged.file.write_bytes(data)
    found = check(damaged, full=True)
    assert [one.table for one in found.findings] == ["leads"]
    assert "db recover" in (found.advice or "")
    report = recover(damaged, tmp_path / "new.db")
    assert not report.is_whole
    assert fold_again(report) == 1
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert not ws.verify().differences


def test_leads_whose_every_record_is_lost_stay_as_they_were(
    damaged: Database, tmp_path: Path
) -> None:
    """Folded from what is left of their facts, nothing of them would be left."""
    spoil(damaged, leaves(damaged, "records"))
    report = recover(damaged, tmp_path / "new.db")
    assert saved(report, "records") < saved(report, "leads")
    fold_again(report)
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        assert ws.leads.get("p7@firm7.example.com").full_name == "Person 7"


def test_who_had_to_be_made_up_is_a_lead_of_whom_nothing_is_known(
    damaged: Database, tmp_path: Path
) -> None:
    with Workspace(f"sqlite:///{damaged.file}") as ws:
        ws.groups.create("all", where=["email!="])
    damaged.close()
    with contextlib.closing(sqlite3.connect(damaged.file or "")) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(damaged, [*leaves(damaged, "records"), *leaves(damaged, "leads")])
    report = recover(damaged, tmp_path / "new.db")
    fold_again(report)
    with Workspace(f"sqlite:///{tmp_path / 'new.db'}") as ws:
        found = ws.leads.find(limit=5).items
        assert found
        assert {(one.full_name, one.lead_status) for one in found} == {(None, "new")}


def test_recovering_overwrites_nothing(damaged: Database, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("my own")
    with pytest.raises(ConflictError):
        recover(damaged, tmp_path / "mine")
    with pytest.raises(UsageError, match="server"):
        recover(Database("postgresql://a@localhost/b"), tmp_path / "new.db")


def test_the_commands_tell_it(damaged: Database, tmp_path: Path) -> None:
    damaged.close()
    spoil(damaged, leaves(damaged, "leads")[3:4])
    told = CliRunner().invoke(app, ["--db", str(damaged.file), "db", "check"])
    assert told.exit_code == 1
    assert "db recover --to" in told.stdout
    to = tmp_path / "new.db"
    told = CliRunner().invoke(app, ["--db", str(damaged.file), "db", "recover", "--to", str(to)])
    assert told.exit_code == 1, told.stderr
    assert "folded again" in told.stdout
    told = CliRunner().invoke(app, ["--db", str(to), "db", "verify"])
    assert told.exit_code == 0, told.stdout
