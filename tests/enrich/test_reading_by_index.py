"""However long the ledger and the cache grow: what a batch asks of them is found by an index."""

from typing import Any

import sqlalchemy as sa
from fake import Server

from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def test_nothing_reads_the_whole_ledger_or_cache(lite: Database, server: Server, fill: Any) -> None:
    ws = Workspace(session=Session(lite))
    fill(ws, *[f"ada.{n}@firm{n}.com" for n in range(3)])
    asked: dict[str, Any] = {}

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("SELECT") and ("api_usage" in statement or "lookups" in statement):
            asked[statement] = parameters

    sa.event.listen(lite.engine, "before_cursor_execute", note)
    ws.enrich(providers=["paid"])
    ws.enrich(providers=["paid"])
    sa.event.remove(lite.engine, "before_cursor_execute", note)
    plans = {statement: _plan(lite, statement, told) for statement, told in asked.items()}
    assert len(plans) >= 4
    for statement, plan in plans.items():
        steps = [one for one in plan if "api_usage" in one or "lookups" in one]
        assert steps, statement
        whole = [one for one in steps if "SCAN" in one or one.endswith("(workspace_id=?)")]
        assert whole == [], statement


def _plan(db: Database, statement: str, parameters: Any) -> list[str]:
    with db.read() as conn:
        found = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [str(row[3]) for row in found]
