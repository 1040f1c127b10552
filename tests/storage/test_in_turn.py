"""Who brings a schema up beside others and is chosen as the one to fail tries again by himself."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from filling import fill

from leadloom.errors import DatabaseError
from leadloom.storage import schema
from leadloom.storage.backups import backup
from leadloom.storage.database import Database
from leadloom.storage.telling import telling
from leadloom.storage.upgrades import backfill, online


class _DeadlockError(Exception):
    """As PostgreSQL's driver tells it."""

    sqlstate = "40P01"


def _failing(real: Any, times: int, text: str | None = None) -> Any:
    """Return `real`, but it fails so many times first."""
    left = [times]

    def do(*given: Any, **named: Any) -> Any:
        if left[0]:
            left[0] -= 1
            if text:
                raise DatabaseError(text)
            with telling("leads"):
                raise sa.exc.OperationalError("", {}, _DeadlockError("deadlock detected"))
        return real(*given, **named)

    return do


@pytest.fixture
def older(lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database of an earlier version, with something in it."""
    monkeypatch.setattr(online, "_PATIENCE_MS", 10)
    monkeypatch.setattr(backup, "take", lambda *_: tmp_path / "taken")
    fill(lite)
    schema.downgrade(lite, "0012", allow_data_loss=True)
    return lite


@pytest.mark.parametrize("text", [None, "pg_dump failed: ERROR: deadlock detected"])
def test_the_backup_before_an_upgrade_is_tried_again(
    older: Database, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    monkeypatch.setattr(backup, "take", _failing(backup.take, 2, text))
    schema.upgrade(older)
    assert schema.current(older) == schema.HEAD


def test_what_follows_an_upgrade_is_tried_again(
    older: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "_advance", _failing(backfill._advance, 2))
    schema.upgrade(older)
    with older.read() as conn:
        assert backfill.pending(conn) == []


def test_what_is_wrong_is_not_tried_again(older: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "take", _failing(backup.take, 1, "no room"))
    with pytest.raises(DatabaseError, match="no room"):
        schema.upgrade(older)
