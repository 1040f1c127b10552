"""Users and their roles."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leadloom.errors import AccessError, ConflictError, NotFoundError, UsageError
from leadloom.storage.tables import leads, records
from leadloom.workspace import Workspace

PEOPLE = Path(__file__).parents[2] / "examples" / "phone-book.vcf"
WRITES: dict[str, Callable[[Workspace], object]] = {
    "add": lambda ws: ws.leads.add({"full_name": "Ada Lind"}),
    "import": lambda ws: ws.import_files([PEOPLE]),
    "group": lambda ws: ws.groups.create("fair"),
    "setting": lambda ws: ws.config.set("variants", "2"),
    "suppress": lambda ws: ws.suppress("a@example.com"),
    "draft": lambda ws: ws.draft(),
    "together": lambda ws: ws.transaction().__enter__(),
    "enrich": lambda ws: ws.enrich(),
    "template": lambda ws: ws.templates.add("mine", "body", "Hello"),
}
OWNERS_ONLY: dict[str, Callable[[Workspace], object]] = {
    "add": lambda ws: ws.users.add("x@example.com"),
    "remove": lambda ws: ws.users.remove("owner"),
    "role": lambda ws: ws.users.set("bo@example.com", {"role": "owner"}),
    "others": lambda ws: ws.users.set("owner", {"name": "Eve"}),
    "create": lambda ws: ws.workspaces.create("mine"),
    "rename": lambda ws: ws.workspaces.rename("default", "mine"),
    "move": lambda ws: ws.workspaces.move("mine"),
    "secret": lambda ws: ws.secrets.set("key", "value"),
    "rotate": lambda ws: ws.secrets.rotate(),
    "forget": lambda ws: ws.privacy.forget(["a@example.com"]),
    "purge": lambda ws: ws.privacy.purge(),
}


@pytest.mark.parametrize("verb", WRITES)
def test_a_viewer_looks_and_changes_nothing(open_as: Any, verb: str) -> None:
    open_as().users.add("bo@example.com", role="viewer")
    viewer = open_as(user="bo@example.com")
    assert viewer.leads.find().items == []
    assert viewer.templates.list()
    with pytest.raises(AccessError, match="viewer"):
        WRITES[verb](viewer)
    with viewer.db.read() as conn:
        assert not conn.execute(leads.select()).all()
        assert not conn.execute(records.select()).all()


@pytest.mark.parametrize("verb", OWNERS_ONLY)
def test_a_member_writes_and_does_not_rule(open_as: Any, verb: str) -> None:
    open_as().users.add("bo@example.com")
    member = open_as(user="bo@example.com")
    member.leads.add({"full_name": "Ada Lind", "email": "ada@example.com"})
    with pytest.raises(AccessError, match="only owners"):
        OWNERS_ONLY[verb](member)


def test_what_somebody_does_bears_their_name(open_as: Any) -> None:
    open_as().users.add("bo@example.com", "Bo Berg")
    added = open_as(user="bo@example.com").leads.add({"full_name": "Ada Lind"})
    owner = open_as()
    owner.leads.set(added.lead.id, {"city": "Ulm"})
    assert {event.actor for event in owner.leads.history(added.lead.id)} == {"Bo Berg", "owner"}
    owner.users.remove("bo@example.com")
    assert "Bo Berg" in {event.actor for event in owner.leads.history(added.lead.id)}


def test_settings_flags_time_zone_and_onboarding(open_as: Any) -> None:
    ws = open_as()
    ws.users.add("bo@example.com")
    mine = open_as(user="bo@example.com")
    bo = mine.users.set(
        "bo@example.com",
        {
            "timezone": "Europe/Berlin",
            "onboarded": "yes",
            "feature.board": "on",
            "setting.theme": "dark",
        },
    )
    assert (bo.timezone, bo.features, bo.settings) == (
        "Europe/Berlin",
        {"board": True},
        {"theme": "dark"},
    )
    assert bo.onboarded_at is not None
    bo = mine.users.set("bo@example.com", {"feature.board": "", "onboarded": "no", "timezone": ""})
    assert (bo.timezone, bo.features, bo.onboarded_at) == ("UTC", {}, None)
    assert mine.users.get("bo@example.com") == bo


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"role": "king"},
        {"timezone": "Mars/Base"},
        {"email": "nobody"},
        {"colour": "red"},
        {"onboarded": "perhaps"},
        {"name": " "},
        {"setting.": "x"},
    ],
)
def test_what_makes_no_sense_is_refused(open_as: Any, values: dict[str, str]) -> None:
    ws = open_as()
    before = ws.users.list()
    with pytest.raises(UsageError):
        ws.users.set("owner", values)
    assert ws.users.list() == before


def test_somebody_always_owns_the_workspace(open_as: Any) -> None:
    ws = open_as()
    with pytest.raises(ConflictError, match="only owner"):
        ws.users.set("owner", {"role": "member"})
    with pytest.raises(ConflictError, match="only owner"):
        ws.users.remove("owner")
    ws.users.add("bo@example.com", role="owner")
    ws.users.remove("owner")
    assert [one.email for one in ws.users.list()] == ["bo@example.com"]


def test_who_was_removed_cannot_act_and_can_come_back(open_as: Any) -> None:
    ws = open_as()
    ws.users.add("bo@example.com", role="owner")
    ws.users.remove("bo@example.com")
    with pytest.raises(NotFoundError, match="LEADLOOM_USER"):
        open_as(user="bo@example.com")
    assert ws.users.add("bo@example.com", role="viewer").role == "viewer"
    with pytest.raises(UsageError, match="already"):
        ws.users.add("Bo@Example.com")


def test_the_environment_says_who_and_where(open_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = open_as("acme")
    ws.users.add("bo@example.com", role="viewer")
    monkeypatch.setenv("LEADLOOM_WORKSPACE", "ACME")
    monkeypatch.setenv("LEADLOOM_USER", "bo@example.com")
    with Workspace(ws.db.url.render_as_string(hide_password=False)) as other:
        assert other.workspaces.current().name == "acme"
        with pytest.raises(AccessError):
            other.suppress("a@example.com")
    monkeypatch.setenv("LEADLOOM_WORKSPACE", "nowhere")
    with pytest.raises(NotFoundError, match="nowhere"):
        Workspace(ws.db.url.render_as_string(hide_password=False))
