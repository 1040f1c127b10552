"""Down to each revision and up again with data in the database: what it can keep is kept."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from filling import fill
from servers import fresh

from leadloom.storage import schema
from leadloom.storage.backups import backup
from leadloom.storage.backups.canonical import canonical_lines
from leadloom.storage.backups.layout import layouts
from leadloom.storage.database import Database
from leadloom.values.text import fold
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

REVISIONS = schema.revisions()
# What a revision has never heard of goes on the way down to it; all else says the same afterwards.
LOST = {
    "0006": {"vectors"},
    "0005": {"judgements"},  # of each pair the last word only
    "0004": set(),
    "0003": {"secrets", "erasures", "erasure_keys", "users"},
    "0002": {"emails", "email_participants"},
    "0001": set(),
}
# Says the same in another way at an earlier revision.
CHANGED = {"records": {"original", "facts"}, "companies": {"winners"}}


@pytest.fixture
def filled(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A database with something in every corner."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if database_url.startswith("sqlite"):
        database_url = f"sqlite:///{tmp_path / 'filled.db'}"
    else:
        database_url = fresh(sa.make_url(database_url), "t_revisions")
    db = Database(database_url)
    schema.ensure(db)
    fill(db)
    # Taken once: what it holds is another test's, and it takes longer than all the rest.
    monkeypatch.setattr(backup, "take", lambda *_: tmp_path / "taken")
    yield db
    db.close()


Said = dict[str, dict[str, Any]]


def said(db: Database) -> Said:
    """Return what each table's rows say, canonically: {table: {column: its values by row}}."""
    found: Said = {}
    with db.read() as conn:
        for one in layouts(conn):
            lines = canonical_lines(conn.execute(sa.select(one.table)).all(), one.kinds)
            rows = [dict(zip(one.columns, orjson.loads(line), strict=True)) for line in lines]
            rows.sort(key=lambda row: repr(row.get("id", row)))
            found[one.name] = {name: [_read(row[name]) for row in rows] for name in one.columns}
    found.pop("backfills", None)
    return found


def _read(value: Any) -> Any:
    """Read what MariaDB, which has no type for JSON, gives as its text at an earlier revision."""
    if isinstance(value, str) and value[:1] in ("[", "{", '"'):
        with contextlib.suppress(ValueError):
            return orjson.loads(value)
    return value


def assert_kept(before: Said, after: Said, there: Said, lost: set[str]) -> None:
    """All that the schema `there` has a place for says the same after as before."""
    for name in set(before) & set(there) - lost:
        for column in set(before[name]) & set(there[name]):
            assert after[name][column] == before[name][column], f"{name}.{column}"


def searched(db: Database, name: str) -> list[Any]:
    with db.read() as conn:
        query = f"SELECT search_text FROM {name} ORDER BY id"
        return list(conn.scalars(sa.text(query)))


def test_down_step_by_step_and_up_again(filled: Database) -> None:
    before = said(filled)
    lost: set[str] = set()
    for target in reversed(REVISIONS[:-1]):
        schema.downgrade(filled, target, allow_data_loss=True)
        assert schema.current(filled) == target
        lost |= LOST.get(target, set())
        there = said(filled)
        for name in set(before) & set(there) - lost:
            kept = set(before[name]) & set(there[name]) - CHANGED.get(name, set())
            for column in kept:
                assert there[name][column] == before[name][column], (target, name, column)
        if target == "0004":
            _is_searchable(filled, before)
    schema.upgrade(filled)
    assert_kept(before, said(filled), there, lost)
    assert {name: set(columns) for name, columns in said(filled).items()} == {
        name: set(columns) for name, columns in before.items()
    }
    ws = Workspace(session=Session(filled))
    assert not ws.verify().differences
    assert ws.leads.find("head", limit=5).items


def _is_searchable(db: Database, before: Said) -> None:
    """Whether the version before the index finds by its column what it always found."""
    for name in ("leads", "companies"):
        texts = searched(db, name)
        assert len(texts) == len(before[name]["id"])
        assert None not in texts
    with db.read() as conn:
        rows = conn.execute(
            sa.text("SELECT search_text, full_name, company, city, email FROM leads")
        ).all()
    for row in rows:
        for value in row[1:]:
            assert value is None or fold(value) in row.search_text
    assert any("kochin" in row.search_text for row in rows)
