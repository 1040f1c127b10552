"""A SQLite file that cannot be worked with: each reason has its own sentence, and exit code 3."""

import contextlib
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from leadloom.errors import DatabaseError
from leadloom.workspace import Workspace

NOBODY = 65534


@pytest.fixture
def file() -> Iterator[Path]:
    """A database with one lead, in a folder that everybody may look into."""
    with tempfile.TemporaryDirectory(prefix="ll-lite-") as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "leads.db"
        with Workspace(str(path)) as ws:
            ws.leads.add({"full_name": "Ada Lind"})
            assert len(ws.leads.find("ada").items) == 1
        yield path


@contextlib.contextmanager
def _powerless() -> Iterator[None]:
    """Root may write anywhere: be somebody who may not."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was == 0:
            os.seteuid(was)


def _refusal(path: Path) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, Workspace(str(path)) as ws:
        ws.leads.add({"full_name": "Ben Stern"})
    assert caught.value.exit_code == 3
    assert str(path) in str(caught.value)
    return caught.value


def test_a_locked_file_is_in_use_by_another_program(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloom.storage.sqlite.PATIENCE_S", 0.2)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "is in use by another program: wait" in str(_refusal(file))
    finally:
        other.close()
    with Workspace(str(file)) as ws:
        ws.leads.add({"full_name": "Ben Stern"})


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_read_only_file_is_told_so(file: Path, folder_mode: int) -> None:
    file.chmod(0o444)
    file.parent.chmod(folder_mode)
    with _powerless():
        told = str(_refusal(file))
    file.parent.chmod(0o755)
    assert "is read-only: give yourself the right to write" in told


def test_a_full_disk_is_told_so_and_nothing_is_lost(file: Path) -> None:
    noise = "".join(chr(random.Random(n).randrange(0x4E00, 0x9FFF)) for n in range(100_000))
    with Workspace(str(file)) as ws:
        pages = ws.db.engine

        @sa.event.listens_for(pages, "connect")
        def _small(connection: sqlite3.Connection, _: object) -> None:
            connection.execute("PRAGMA max_page_count=1")  # as many as there are, no more

        pages.dispose()
        with pytest.raises(DatabaseError, match="no room left on its disk: free some") as caught:
            ws.leads.add({"full_name": "Ben Stern", "notes": noise})
        assert caught.value.exit_code == 3
    with Workspace(str(file)) as ws:
        assert len(ws.leads.find("ada").items) == 1
        assert ws.verify().differences == []


def _no_more_than(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_an_import_that_fills_the_disk_goes_on_when_there_is_room(
    file: Path, tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    lines = [f"Person {n},p{n}@x{n}.example,{'note ' * 40}{n}" for n in range(2_500)]
    people.write_text("\n".join(["Name,Email,Notes", *lines]))
    command = [sys.executable, "-m", "leadloom", "--db", str(file), "import", str(people)]
    limit = file.stat().st_size + 1_000_000
    full = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: _no_more_than(limit),
    )
    assert full.returncode == 3, full.stderr
    assert "check the disk" in full.stderr
    assert "Traceback" not in full.stderr
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert again.returncode == 0, again.stderr
    with Workspace(str(file)) as ws:
        assert ws.stats()["leads"] == 2_501
        assert ws.verify().differences == []


def test_a_file_that_is_no_database_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("just some notes, and long enough to be looked at" * 50)
    assert "is not a database but a text: if it lists leads" in str(_refusal(path))
    assert path.read_text().startswith("just some notes")


def test_another_kind_of_file_is_named_with_what_to_do_with_it(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with Workspace(str(file)) as ws:
        ws.backup().rename(other)
    assert f"but a backup: put it back with `leadloom --db NEW-FILE db restore {other}`" in str(
        _refusal(other)
    )
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("leads.csv", "Name\nAda Lind\n")
    assert "but a ZIP archive or a workbook" in str(_refusal(other))
    other.write_bytes(b"\xff\xfe\x00\x01" * 500)
    assert "is not a database, or is damaged" in str(_refusal(other))
