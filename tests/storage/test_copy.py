"""Across and back: a copy holds the same on every database, whatever stops it on the way."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from filling import EXAMPLES, contents, fill, old, seen_through_the_door
from servers import fresh

from leadloom.errors import ConflictError, IntegrityError, SchemaError, UsageError
from leadloom.storage import copy as copying
from leadloom.storage import schema
from leadloom.storage.backups import counters
from leadloom.storage.backups.canonical import Digest, canonical_lines, read_lines, stored_lines
from leadloom.storage.backups.layout import layouts
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.tables import leads
from leadloom.workspace import Workspace

KINDS = ["sqlite", "postgresql", "mariadb"]
SERVERS = {"postgresql": "postgres", "mariadb": "mariadb"}

NUMBER = itertools.count()

Make = Callable[[str], Database]


@pytest.fixture
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Make an empty database of a kind."""
    made: list[Database] = []

    def make_one(kind: str) -> Database:
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path / f'copy{len(made)}.db'}"
        else:
            server = request.getfixturevalue(SERVERS[kind])
            url = fresh(server, f"copy_{os.getpid()}_{next(NUMBER)}")
        made.append(Database(url))
        return made[-1]

    yield make_one
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A SQLite database with something in every corner; tests only read it."""
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('filled') / 'leads.db'}")
    fill(db)
    yield db
    db.close()


def address(db: Database) -> str:
    return db.url.render_as_string(hide_password=False)


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("between", KINDS)
def test_a_copy_is_worked_with_like_the_original(
    filled: Database, make: Make, between: str, there: str
) -> None:
    first, second = make(between), make(there)
    before = contents(filled)
    copy(filled, first)
    report = copy(first, second)
    assert {one.name: (one.rows, one.hash) for one in report.tables} == before
    assert contents(filled) == before
    assert contents(second) == before
    assert seen_through_the_door(address(second)) == seen_through_the_door(address(filled))
    with Workspace(address(second)) as ws:
        counts = ws.import_files([EXAMPLES / "phone-book.vcf"]).counts
        assert counts["created"] > 0
        assert ws.verify().differences == []


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_once_given_are_not_given_again(filled: Database, make: Make, kind: str) -> None:
    source = make("sqlite")
    copy(filled, source)
    with source.write() as conn:
        conn.exec_driver_sql("UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'groups'")
    target = make(kind)
    copy(source, target)
    with target.read() as conn:
        found = counters.read(conn, layouts(conn))
    assert found["groups"] == 5000
    assert found["leads"] == max(found["leads"], 100)
    with Workspace(address(target)) as ws:
        ws.groups.create("new")
    with target.read() as conn:
        assert conn.scalar(sa.text("SELECT max(id) FROM " + _quoted(target, "groups"))) == 5001


def _quoted(db: Database, name: str) -> str:
    return db.engine.dialect.identifier_preparer.quote(name)


def test_a_copy_is_of_one_moment(filled: Database, make: Make) -> None:
    source, target = make("sqlite"), make("sqlite")
    copy(filled, source)
    before = contents(source)
    with Workspace(address(source)) as ws:

        def write_meanwhile(table: str, done: int) -> None:
            if done and not table.startswith("comparing"):
                ws.leads.add({"full_name": f"Late {table} {done}"})

        copy(source, target, on_table=write_meanwhile)
    assert contents(target) == before
    assert contents(source) != before


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_data_is_not_overwritten_unasked(
    filled: Database, make: Make, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    target = make(kind)
    with Workspace(address(target)) as ws:
        ws.templates.add("hello", "subject", "Hello")
    before = contents(target)
    with pytest.raises(ConflictError, match="--force"):
        copy(filled, target)
    assert contents(target) == before
    report = copy(filled, target, force=True)
    assert report.kept is not None
    assert report.kept.stat().st_size > 0
    assert contents(target) == contents(filled)


def test_a_database_that_was_only_opened_counts_as_empty(filled: Database, make: Make) -> None:
    target = make("sqlite")
    Workspace(address(target)).close()
    copy(filled, target)
    assert contents(target) == contents(filled)


def test_a_database_is_not_copied_onto_itself(filled: Database) -> None:
    with pytest.raises(UsageError, match="itself"):
        copy(filled, Database(address(filled)))


def test_somebody_elses_tables_are_left_alone(filled: Database, make: Make) -> None:
    target = make("sqlite")
    with target.write() as conn:
        conn.exec_driver_sql("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(SchemaError, match="another program"):
        copy(filled, target)


@pytest.mark.parametrize("kind", KINDS)
def test_a_difference_is_found(filled: Database, make: Make, kind: str) -> None:
    target = make(kind)
    is_spoilt = False

    def spoil(step: str, done: int) -> None:
        nonlocal is_spoilt
        if step == "messages" and not is_spoilt:
            is_spoilt = True
            with target.write() as conn:
                first = sa.select(sa.func.min(leads.c.id)).scalar_subquery()
                key = conn.scalar(sa.select(first))
                conn.execute(leads.update().where(leads.c.id == key).values(city="Elsewhere"))

    with pytest.raises(IntegrityError, match="leads"):
        copy(filled, target, on_table=spoil)
    with pytest.raises(SchemaError, match="not finished"):
        Workspace(address(target))


class StopError(Exception):
    """Ends a copy where a test likes."""


def stop_at(table: str) -> Callable[[str, int], None]:
    def stop(step: str, done: int) -> None:
        if step == table and done:
            raise StopError

    return stop


@pytest.mark.parametrize("kind", KINDS)
def test_a_stopped_copy_goes_on_and_cannot_be_worked_with_before(
    filled: Database, make: Make, kind: str
) -> None:
    target = make(kind)
    with pytest.raises(StopError):
        copy(filled, target, on_table=stop_at("leads"))
    with pytest.raises(SchemaError, match="--resume"):
        Workspace(address(target))
    with pytest.raises(ConflictError, match="--resume"):
        copy(filled, target)
    report = copy(filled, target, resume=True)
    kept = {one.name: one.kept for one in report.tables}
    assert kept["companies"] > 0
    assert kept["messages"] == 0
    assert contents(target) == contents(filled)
    assert seen_through_the_door(address(target)) == seen_through_the_door(address(filled))


@pytest.mark.parametrize("kind", KINDS)
def test_what_changed_since_the_stop_is_copied_again(
    filled: Database, make: Make, kind: str
) -> None:
    source, target = make("sqlite"), make(kind)
    copy(filled, source)
    with pytest.raises(StopError):
        copy(source, target, on_table=stop_at("records"))
    with Workspace(address(source)) as ws:
        first = ws.leads.find(limit=1).items[0]
        ws.leads.set(str(first.id), {"city": "Ulm"})
        ws.import_files([EXAMPLES / "phone-book.vcf"])
    report = copy(source, target, resume=True)
    kept = {one.name: one.kept for one in report.tables}
    assert kept["users"] == 1
    assert kept["leads"] == 0
    assert kept["events"] > 0
    assert contents(target) == contents(source)


def test_a_stopped_copy_of_another_database_is_not_mixed_up(filled: Database, make: Make) -> None:
    target, other = make("sqlite"), make("sqlite")
    with pytest.raises(StopError):
        copy(filled, target, on_table=stop_at("leads"))
    Workspace(address(other)).leads.add({"full_name": "Ada Lind"})
    with pytest.raises(ConflictError, match="another database"):
        copy(other, target, resume=True)
    copy(other, target, force=True)
    assert contents(target) == contents(other)


KILLED = """
import sys, time
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.backups import source
source._BATCH = 20
def tell(table, done):
    print(table, done, flush=True)
    time.sleep(0.002)
copy(Database(sys.argv[1]), Database(sys.argv[2]), resume=True, on_table=tell)
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_copy_goes_on(filled: Database, make: Make, kind: str) -> None:
    target = make(kind)
    for seen in (3, 20, 25):
        child = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", KILLED, address(filled), address(target)],
            stdout=subprocess.PIPE,
        )
        assert child.stdout is not None
        for _ in range(seen):
            child.stdout.readline()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with pytest.raises(SchemaError, match="not finished"):
            Workspace(address(target))
    _wait_until_free(target)
    report = copy(filled, target, resume=True)
    assert sum(one.kept for one in report.tables) > 0
    assert contents(target) == contents(filled)


def _wait_until_free(db: Database) -> None:
    """A server takes a moment to see that a client is gone."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with db.write():
            return


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_an_old_database_is_copied_as_it_is_and_upgraded_there(
    make: Make, kind: str, tmp_path: Path
) -> None:
    source, target = old(tmp_path / "old.db"), make(kind)
    copy(source, target)
    assert schema.current(target) == "0001"
    with Workspace(address(target)) as ws:
        found = ws.leads.find().items
        assert [lead.full_name for lead in found] == ["Ada Lind"]
        assert ws.leads.show(str(found[0].id)) is not None
    assert schema.current(target) == schema.HEAD


def test_two_copies_into_one_database_do_not_mix(filled: Database, make: Make) -> None:
    target = make("sqlite")

    def other_goes_first(step: str, done: int) -> None:
        if step == "leads" and done:
            copy(filled, target, resume=True)

    with pytest.raises((ConflictError, sa.exc.DBAPIError, IntegrityError, SchemaError)):
        copying.copy(filled, target, on_table=other_goes_first)
    assert contents(target) == contents(filled)


def test_a_digest_knows_no_order_but_every_row() -> None:
    rows = canonical_lines([(1, "a"), (2, "b"), (2, "b")], ["integer", "text"])
    one, other, less = Digest(), Digest(), Digest()
    one.add(rows)
    other.add(reversed(rows))
    less.add(rows[:1])
    assert one == other
    assert less.hash != one.hash
    twice = Digest()
    twice.add([rows[0], rows[1], rows[1], rows[1]])
    assert twice.hash != one.hash


def test_numbers_in_json_have_one_form_and_keys_one_order() -> None:
    kinds = ["json"]
    assert canonical_lines([({"b": 1.0, "a": [2.5, -0.0]},)], kinds) == canonical_lines(
        [({"a": [2.5, 0], "b": 1},)], kinds
    )
    assert read_lines(stored_lines([({"b": 1, "a": 2},)], kinds), kinds) == [({"b": 1, "a": 2},)]
    assert list(read_lines(stored_lines([({"b": 1, "a": 2},)], kinds), kinds)[0][0]) == ["b", "a"]
