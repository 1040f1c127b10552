"""The views that reports know runs and calls by, on every database."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from fake import Server

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def rows(db: Database, view: str) -> list[Any]:
    with db.read() as conn:
        return list(conn.execute(sa.text(f"SELECT * FROM {view}")).all())


def test_runs_and_calls_are_added_up(db: Database, server: Server, fill: Any) -> None:
    ws = Workspace(session=Session(db))
    fill(ws, "ada.1@acme.com", "ada.2@bolt.com", "nobody.3@cord.com", "broken.4@dent.com")
    ws.enrich(providers=["paid"])
    [usage] = rows(db, "daily_usage")
    assert str(usage.usage_date) == str(db.now().date())
    assert (usage.provider, usage.total_calls) == ("paid", 4)
    assert [int(n) for n in (usage.found, usage.found_nothing, usage.failed)] == [2, 1, 1]
    # One broke off and may be billed all the same.
    assert round(Decimal(usage.total_cost), 6) == Decimal("0.03")
    [rate] = rows(db, "enrichment_success_rate")
    assert float(rate.success_rate) == 50.0
    assert round(float(rate.cost_per_success), 6) == 0.015
    assert float(rate.average_response_ms) >= 0
    jobs = {row.job_type: row for row in rows(db, "job_summary")}
    assert (jobs["enrich"].status, jobs["enrich"].total_records) == ("completed", 4)
    assert float(jobs["enrich"].progress_percentage) == 100.0
    assert round(Decimal(jobs["enrich"].actual_cost), 6) == Decimal("0.03")
    assert float(jobs["enrich"].duration_seconds) >= 0
    assert int(jobs["import"].failed_records) == 0


def test_they_come_and_go_with_what_they_read(lite: Database) -> None:
    schema.downgrade(lite, "0007")
    with lite.read() as conn:
        names = sa.inspect(conn).get_view_names()
    assert ("job_summary" in names, "daily_usage" in names) == (True, False)
    schema.upgrade(lite)
    assert rows(lite, "daily_usage") == []
