"""The dashboard's figures are the same on every database."""

import datetime as dt
from decimal import Decimal

from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import api_usage, leads
from leadloom.workspace import Workspace


def spend(ws: Workspace, days_ago: int, provider: str, status: str, usd: str) -> None:
    with ws.db.write() as conn:
        tx = Tx(conn, ws.db.now(), 1, 1)
        at = tx.now - dt.timedelta(days=days_ago)
        row = {"workspace_id": 1, "position": days_ago, "provider": provider, "attempt": 1}
        cost = {"reserved_micro_usd": 0, "cost_micro_usd": int(Decimal(usd) * 1_000_000)}
        more = {"digest": "d", "status": status, "duration_ms": 100, "asked_at": at}
        conn.execute(api_usage.insert().values(**row, **cost, **more, **tx.stamp()))


def test_figures_are_measured(db: Database) -> None:
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        ws.leads.add({"full_name": "Ada Lind", "email": "ada@lind.example", "custom.size": "9"})
        with db.write() as conn:
            arrived = db.now() - dt.timedelta(days=9, hours=1)
            conn.execute(leads.update().values(created_at=arrived))
        ws.leads.add({"full_name": "Bo Berg"})
        assert [(week.added, week.total) for week in ws.figures.growth(3)] == [
            (0, 0),
            (1, 1),
            (1, 2),
        ]
        ws.draft(template="intro")
        waits = ws.figures.waits()
        assert waits.by_step["later"] == waits.leads == 1
        assert round((waits.median_s or 0) / 3_600) == 9 * 24 + 1
        spend(ws, 0, "hunter", "found", "0.25")
        spend(ws, 2, "hunter", "nothing", "0.25")
        spend(ws, 2, "llm", "failed", "1.5")
        spend(ws, 99, "llm", "found", "9")
        spent = ws.figures.spending(3)
        assert (spent.today_usd, spent.total_usd) == (Decimal("0.25"), Decimal(2))
        assert spent.by_provider["llm"] == [Decimal("1.5"), 0, 0]
        asked = {one.provider: (one.calls, one.found, one.failed) for one in ws.figures.success()}
        assert asked == {"hunter": (2, 1, 0), "llm": (1, 0, 1)}
        (run,) = ws.figures.run_times()
        assert (run.kind, run.runs, run.rate) == ("draft", 1, 1)
        assert (ws.figures.unread(), ws.figures.custom_fields()) == (1, {"size": 1})
        (outcome,) = ws.figures.templates()
        assert (outcome.template, outcome.messages, outcome.rate("replied")) == ("intro", 1, None)
