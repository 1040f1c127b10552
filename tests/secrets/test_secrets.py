"""Secrets at rest."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from leadloom.errors import NotFoundError, SecretError, UsageError
from leadloom.secrets import keys, secret
from leadloom.storage.database import Database
from leadloom.storage.tables import events, secrets
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

VALUE = "pat-na1-7c2f-very-secret"


@pytest.fixture
def ws(db: Database, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    keys.file_of(db).unlink(missing_ok=True)
    return Workspace(session=Session(db))


def test_a_secret_is_kept_changed_and_removed(ws: Workspace) -> None:
    ws.secrets.set("hubspot", "old")
    ws.secrets.set("hubspot", VALUE)
    assert ws.secrets.get("hubspot") == VALUE
    assert [one.name for one in ws.secrets.list()] == ["hubspot"]
    ws.secrets.remove("hubspot")
    with pytest.raises(NotFoundError):
        ws.secrets.get("hubspot")
    with pytest.raises(NotFoundError):
        ws.secrets.remove("hubspot")


def test_only_its_owner_can_read_the_key_file(ws: Workspace) -> None:
    ws.secrets.set("hubspot", VALUE)
    path = keys.file_of(ws.db)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().strip() not in repr(keys.load(ws.db))


def test_the_doctor_sees_a_key_file_that_others_can_read(ws: Workspace) -> None:
    ws.secrets.set("hubspot", "token")
    assert [one.ok for one in ws.doctor() if one.name == "keys"] == [True]
    keys.file_of(ws.db).chmod(0o644)
    assert [one.ok for one in ws.doctor() if one.name == "keys"] == [False]
    ws.secrets.rotate()
    assert [one.ok for one in ws.doctor() if one.name == "keys"] == [True]


def test_servers_with_a_socket_each_have_a_key_file_each() -> None:
    one, other = (
        keys.file_of(Database(f"mysql://root@localhost/leads?unix_socket=/tmp/{name}"))
        for name in ("one", "other")
    )
    assert one != other


def test_no_value_is_in_the_file_a_backup_an_event_or_an_export(lite: Database) -> None:
    ws = Workspace(session=Session(lite))
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@example.com"})
    ws.secrets.set("hubspot", VALUE)
    ws.secrets.set("hubspot", VALUE + "2")
    saved = ws.backup()
    out = lite.folder / "all.csv"
    ws.export(out)
    key = keys.file_of(lite).read_text().strip()
    with lite.read() as conn:
        told = repr(conn.execute(events.select()).all()) + repr(ws.secrets.list())
    assert VALUE not in told
    ws.close()
    for path in [*lite.folder.glob("*.db*"), Path(str(saved)), out]:
        if path != keys.file_of(lite):
            assert VALUE.encode() not in path.read_bytes(), path
            assert key.encode() not in path.read_bytes(), path


def test_a_missing_or_other_key_is_told_and_nothing_is_mixed(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.secrets.set("hubspot", VALUE)
    path = keys.file_of(ws.db)
    saved = path.read_text()
    path.unlink()
    for verb in (lambda: ws.secrets.get("hubspot"), lambda: ws.secrets.set("other", "x")):
        with pytest.raises(SecretError, match="missing") as told:
            verb()
        assert VALUE not in str(told.value)
    assert not path.exists()
    other = keys.new_key()
    monkeypatch.setenv(keys.VARIABLE, other)
    for verb in (lambda: ws.secrets.get("hubspot"), lambda: ws.secrets.set("other", "x")):
        with pytest.raises(SecretError, match="another key") as told:
            verb()
        assert other not in str(told.value)
    monkeypatch.setenv(keys.VARIABLE, "not-a-key")
    with pytest.raises(SecretError, match="no key") as told:
        ws.secrets.get("hubspot")
    assert "not-a-key" not in str(told.value)
    monkeypatch.setenv(keys.VARIABLE, f"{other}, {saved.strip()}")
    assert ws.secrets.get("hubspot") == VALUE


def test_a_secret_put_in_anothers_place_is_found_out(ws: Workspace) -> None:
    ws.secrets.set("a", "one")
    ws.secrets.set("b", "two")
    with ws.db.write() as conn:
        sealed = conn.scalar(secrets.select().with_only_columns(secrets.c.ciphertext).limit(1))
        conn.execute(secrets.update().values(ciphertext=sealed))
    with pytest.raises(SecretError):
        ws.secrets.get("b")


@pytest.mark.parametrize(
    ("name", "value"), [("", "x"), ("a b", "x"), ("a", ""), ("a", "x" * 40_000)]
)
def test_what_is_no_secret_is_refused(ws: Workspace, name: str, value: str) -> None:
    with pytest.raises(UsageError) as told:
        ws.secrets.set(name, value)
    assert not value or value not in str(told.value) or len(value) == 1


def test_rotation_encrypts_all_with_a_new_key(ws: Workspace) -> None:
    ws.secrets.set("a", "one")
    ws.secrets.set("b", "two")
    old = keys.file_of(ws.db).read_text().split()
    for _ in range(3):
        assert ws.secrets.rotate() == 2
    new = keys.file_of(ws.db).read_text().split()
    assert not set(new) & set(old)
    assert len(new) == 2
    with ws.db.read() as conn:
        for row in conn.execute(secrets.select()):
            Fernet(new[0]).decrypt(row.ciphertext)
    assert (ws.secrets.get("a"), ws.secrets.get("b")) == ("one", "two")


def test_rotation_by_the_environment(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = keys.new_key(), keys.new_key()
    monkeypatch.setenv(keys.VARIABLE, old)
    ws.secrets.set("a", "one")
    with pytest.raises(SecretError, match="new-key"):
        ws.secrets.rotate()
    monkeypatch.setenv(keys.VARIABLE, f"{new},{old}")
    assert ws.secrets.rotate() == 1
    monkeypatch.setenv(keys.VARIABLE, new)
    assert ws.secrets.get("a") == "one"
    assert not keys.file_of(ws.db).exists()


@pytest.mark.parametrize("at", ["replace", "encrypt_again", "drop_old_keys"])
def test_a_rotation_killed_anywhere_loses_nothing(ws: Workspace, at: str) -> None:
    for name in "abc":
        ws.secrets.set(name, f"value of {name}")
    program = textwrap.dedent(f"""
        import os, signal, sys
        from leadloom.secrets import keys, secret
        from leadloom.workspace import Workspace
        where = keys if {at!r} == "replace" else secret
        do = getattr(where, {at!r})
        def dying(*arguments):
            {"do(*arguments)" if at != "drop_old_keys" else "pass"}
            os.kill(os.getpid(), signal.SIGKILL)
        setattr(where, {at!r}, dying)
        Workspace(sys.argv[1]).secrets.rotate()
    """)
    url = ws.db.url.render_as_string(hide_password=False)
    done = subprocess.run([sys.executable, "-c", program, url], check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    assert [ws.secrets.get(name) for name in "abc"] == [f"value of {name}" for name in "abc"]
    assert ws.secrets.rotate() == 3
    assert [ws.secrets.get(name) for name in "abc"] == [f"value of {name}" for name in "abc"]


def test_two_rotations_at_once_lose_nothing(ws: Workspace) -> None:
    """One comes to forgetting the old keys when another has encrypted all with its own."""
    ws.secrets.set("a", "one")
    ring = secret.add_key(ws.db)
    with ws._session.manage() as tx:
        secret.encrypt_again(tx, ring)
    assert ws.secrets.rotate() == 1
    secret.drop_old_keys(ws.db, ring.keys[0])
    assert ws.secrets.get("a") == "one"
    assert ring.keys[-1] not in keys.file_of(ws.db).read_text()


def test_what_a_killed_rotation_left_beside_the_key_file_goes(ws: Workspace) -> None:
    ws.secrets.set("a", "one")
    path = keys.file_of(ws.db)
    left = path.with_name(f"{path.name}.4711")
    left.write_text(path.read_text())
    ws.secrets.rotate()
    assert not left.exists()


def test_two_that_need_the_first_key_share_it(lite: Database) -> None:
    first, second = keys.create(lite), keys.create(lite)
    assert first.keys == second.keys


def test_the_command_line_never_takes_a_value(lite: Database, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from leadloom.cli.app import app

    def run(*words: str, stdin: str | None = None) -> Any:
        return CliRunner().invoke(app, ["--db", str(lite.file), "secrets", *words], input=stdin)

    assert run("set", "hubspot", VALUE).exit_code == 2
    assert run("set", "hubspot", stdin="").exit_code == 2
    done = run("set", "hubspot", stdin=VALUE + "\n")
    assert done.exit_code == 0, done.output
    assert VALUE not in done.output + run("list").output + run("list", "--json").output
    assert Workspace(str(lite.file)).secrets.get("hubspot") == VALUE
    assert len(run("new-key").stdout.strip()) == 44
    assert "1 secret" in run("rotate").output
    assert run("remove", "hubspot", "--yes").exit_code == 0
