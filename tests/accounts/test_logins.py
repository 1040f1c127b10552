"""Passwords and sessions."""

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

import leadloom
from leadloom.errors import AccessError, UsageError
from leadloom.storage.database import Database
from leadloom.storage.tables import sessions, users
from leadloom.workspace import Workspace

PASSWORD = "four words are good"
EMAIL = "jo@example.com"


@pytest.fixture
def ws(db: Database) -> Iterator[Workspace]:
    with leadloom.open(db.url.render_as_string(hide_password=False)) as opened:
        opened.users.add(EMAIL, role="viewer")
        yield opened


def test_only_the_right_password_opens_a_session(ws: Workspace) -> None:
    assert not ws.logins.are_possible()
    assert ws.logins.begin(EMAIL, PASSWORD) is None
    ws.logins.set_password(EMAIL, PASSWORD)
    assert ws.logins.are_possible()
    assert ws.logins.begin(EMAIL, PASSWORD + "!") is None
    assert ws.logins.begin("nobody@example.com", PASSWORD) is None
    token = ws.logins.begin(EMAIL, PASSWORD, "a browser")
    assert token
    acting = ws.logins.find(token)
    assert acting is not None
    assert (acting.user, acting.role) == (EMAIL, "viewer")
    assert ws.logins.find(token + "x") is None
    assert [one.agent for one in ws.logins.list(EMAIL)] == ["a browser"]


def test_neither_password_nor_token_is_kept(ws: Workspace) -> None:
    ws.logins.set_password(EMAIL, PASSWORD)
    token = ws.logins.begin(EMAIL, PASSWORD)
    with ws.db.read() as conn:
        kept = [str(row) for table in (users, sessions) for row in conn.execute(sa.select(table))]
    assert not [row for row in kept if PASSWORD in row or (token or "-") in row]


def test_sessions_end_by_logout_by_time_and_with_the_password_or_the_user(ws: Workspace) -> None:
    ws.logins.set_password(EMAIL, PASSWORD)

    def begun() -> str:
        return ws.logins.begin(EMAIL, PASSWORD) or ""

    token = begun()
    ws.logins.end(token)
    assert ws.logins.find(token) is None
    token = begun()
    with ws.db.write() as conn:
        past = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
        conn.execute(sessions.update().values(expires_at=past))
    assert ws.logins.find(token) is None
    token = begun()
    assert ws.logins.set_password(EMAIL, PASSWORD) >= 1
    assert ws.logins.find(token) is None
    token = begun()
    ws.users.remove(EMAIL)
    assert ws.logins.find(token) is None


def test_a_password_is_long_and_set_by_oneself_or_an_owner(ws: Workspace) -> None:
    with pytest.raises(UsageError, match="10 characters"):
        ws.logins.set_password(EMAIL, "short")
    ws.users.add("mo@example.com")
    ws.logins.set_password(EMAIL, PASSWORD)
    acting = ws.logins.find(ws.logins.begin(EMAIL, PASSWORD) or "")
    assert acting is not None
    viewer = ws.acting_as(acting)
    with pytest.raises(AccessError):
        viewer.logins.set_password("mo@example.com", PASSWORD)
    with pytest.raises(AccessError):
        viewer.logins.list()
    assert viewer.logins.set_password(EMAIL, PASSWORD) == 1
