"""Four people in an empty database."""

from pathlib import Path

import pytest
from workbench import ROWS, Desk

from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Desk:
    desk = Desk(Workspace(session=Session(db)), tmp_path)
    desk.take_in(*ROWS)
    return desk
