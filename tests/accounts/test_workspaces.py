"""Several workspaces in one database."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.accounts.moving import owned_tables
from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.storage.tables import lead_keys, metadata
from leadloom.workspace import Workspace

PEOPLE = Path(__file__).parents[2] / "examples" / "phone-book.vcf"


def test_a_workspace_is_made_and_renamed(open_as: Any) -> None:
    ws = open_as()
    assert ws.workspaces.create("  Acme  Corp ").name == "Acme Corp"
    with pytest.raises(UsageError, match="already"):
        ws.workspaces.create("acme corp")
    with pytest.raises(UsageError):
        ws.workspaces.create("")
    assert ws.workspaces.rename("Acme Corp", "Acme").name == "Acme"
    assert [one.name for one in ws.workspaces.list()] == ["default", "Acme"]
    with pytest.raises(NotFoundError, match="Acme"):
        ws.workspaces.rename("Nobody", "x")


def test_the_one_in_use_is_opened_when_none_is_named(open_as: Any) -> None:
    ws = open_as("acme")
    url = ws.db.url.render_as_string(hide_password=False)
    ws.workspaces.use("acme")
    with Workspace(url) as again:
        assert again.workspaces.current().name == "acme"
        again.workspaces.rename("acme", "zenith")
    with Workspace(url) as again:
        assert again.workspaces.current().name == "zenith"
        again.workspaces.use("default")
    with Workspace(url) as again:
        assert again.workspaces.current().name == "default"


def filled(ws: Workspace, folder: Path) -> None:
    ws.process([PEOPLE], out=folder / "drafts.csv")
    ws.groups.create("all", where=["email!="])
    ws.config.set("sender_name", "Jo")
    ws.suppress("nobody@example.com")
    ws.secrets.set("hubspot", "s3cret")


def test_everything_of_the_default_workspace_moves(open_as: Any, tmp_path: Path) -> None:
    ws = open_as()
    filled(ws, tmp_path)
    before = ws.stats()
    lead = ws.leads.find().items[0]
    history = ws.leads.history(lead.id)
    moved = ws.workspaces.move("acme")
    assert moved.rows["records"] == before["records"]
    assert moved.rows["lead_keys"] > 0
    acme = open_as("acme")
    assert acme.stats() == before
    assert acme.leads.history(lead.id) == history
    assert acme.config.get("sender_name").value == "Jo"
    assert acme.secrets.get("hubspot") == "s3cret"
    assert not acme.verify().differences
    again = acme.import_files([PEOPLE])  # found again by its keys and digests
    assert set(again.counts) - {k for k, n in again.counts.items() if not n} == {"unchanged"}
    left = open_as()
    assert left.stats()["leads"] == 0
    assert [one.role for one in left.users.list()] == ["owner"]
    with left.db.read() as conn:
        for name in set(owned_tables()) - {"users"}:
            table = metadata.tables[name]
            assert not conn.execute(table.select().where(table.c.workspace_id == 1)).all(), name
    left.leads.add({"full_name": "Zaphod Quux"})
    assert acme.leads.find("zaphod").items == []


def test_it_moves_into_one_that_nobody_has_worked_in(open_as: Any, tmp_path: Path) -> None:
    ws = open_as()
    ws.users.add("jo@example.com", role="owner")
    acme = open_as("acme")
    acme.templates.list()
    acme.users.add("jo@example.com")
    acme.config.set("sender_name", "Al")
    acme.config.set("sender_title", "Boss")
    filled(ws, tmp_path)
    ws.workspaces.move("acme", "default")
    assert acme.config.get("sender_name").value == "Jo"
    assert acme.config.get("sender_title").value == "Boss"
    names = [one.email or one.name for one in acme.users.list()]
    assert sorted(names) == ["jo@example.com", "owner"]
    assert not acme.verify().differences


def test_two_that_were_worked_in_are_not_poured_together(open_as: Any, tmp_path: Path) -> None:
    ws, acme = open_as(), open_as("acme")
    ws.leads.add({"full_name": "Ada Lind"})
    acme.leads.add({"full_name": "Ben Stern"})
    with pytest.raises(ConflictError, match="acme holds"):
        ws.workspaces.move("acme")
    with pytest.raises(UsageError, match="one workspace"):
        ws.workspaces.move("default")
    assert [one.full_name for one in ws.leads.find().items] == ["Ada Lind"]
    with ws.db.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(lead_keys)) == 2
