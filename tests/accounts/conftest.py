"""A database with several workspaces, and ways to open each."""

from collections.abc import Callable, Iterator

import pytest

from leadloom.storage.database import Database
from leadloom.workspace import Workspace

Open = Callable[..., Workspace]


@pytest.fixture
def house(db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database as on its first start, with one workspace and one user."""
    for name in ("LEADLOOM_WORKSPACE", "LEADLOOM_USER", "LEADLOOM_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return db


@pytest.fixture
def open_as(house: Database) -> Iterator[Open]:
    """Open a workspace of the house as somebody; it is made when it is not there."""
    opened: list[Workspace] = []

    def open_one(workspace: str = "default", user: str | None = None) -> Workspace:
        url = house.url.render_as_string(hide_password=False)
        first = Workspace(url, workspace="default")
        opened.append(first)
        if workspace not in {one.name for one in first.workspaces.list()}:
            first.workspaces.create(workspace)
        opened.append(Workspace(url, workspace=workspace, user=user))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
