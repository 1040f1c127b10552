"""Conditions that make no sense are told so, the same on every database."""

import pytest

from leadloom.errors import NotFoundError, UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.mark.parametrize(
    "condition", ["lead_score~5", "created_at~2026", "do_not_contact~x", f"lead_score={10**30}"]
)
def test_a_condition_that_makes_no_sense_is_told_so(db: Database, condition: str) -> None:
    with pytest.raises(UsageError):
        Workspace(session=Session(db)).leads.find(where=[condition])


def test_a_number_no_lead_can_have_finds_nobody(db: Database) -> None:
    ws = Workspace(session=Session(db))
    ws.leads.add({"full_name": "Ada Lind"})
    assert ws.leads.find(where=["lead_score=99999"]).items == []
    assert len(ws.leads.find(where=["lead_score<99999"]).items) == 1


def test_a_name_with_a_nul_in_it_is_nobody(db: Database) -> None:
    ws = Workspace(session=Session(db))
    with pytest.raises(NotFoundError):
        ws.leads.get("ada\x00@acme.com")
    with pytest.raises(UsageError):
        ws.leads.find(where=["full_name=a\x00b"])
