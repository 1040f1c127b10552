"""Many rows at once: what goes in comes out, however a database takes them."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.storage import json_rows
from leadloom.storage.database import Database
from leadloom.storage.dialect import insert_new, insert_rows, update_rows
from leadloom.storage.tables import leads, lookups, runs

AT = dt.datetime(2026, 3, 2, 11, 5, 7, 123456, tzinfo=dt.UTC)
STAMP: dict[str, Any] = {"created_at": AT, "updated_at": AT, "created_by": 1, "updated_by": 1}
ODD = {
    "quotes": 'it\'s "so" \\ {} %s :x',
    "lines": "a\n\tb\u2028",
    "letters": "Łódź 東京 🎉",
    "nested": [{"a": [1, 2.5, None, True]}, []],
    "number": 2**53 + 1,
}


@pytest.mark.parametrize("count", [3, 40])
def test_what_goes_in_comes_out(db: Database, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one value or through a table of the connection's own, where there are more."""
    monkeypatch.setattr(json_rows, "MOST", 20)
    row = {
        "workspace_id": 1,
        "provider": "a",
        "answers": [ODD],
        "confidence": 0.1,
        "cost_micro_usd": 2**40,
        "hits": 0,
        "last_hit_at": None,
        "fetched_at": AT,
        "expires_at": AT,
        **STAMP,
    }
    rows = [{**row, "digest": f"{n:032}"} for n in range(count)]
    with db.write() as conn:
        insert_new(conn, lookups, rows)
        insert_new(conn, lookups, [{**one, "provider": "a", "hits": 9} for one in rows])
        keys = list(conn.scalars(sa.select(lookups.c.id).order_by(lookups.c.digest)))
        news = [
            {"key": key, "answers": [ODD, number], "confidence": None, "last_hit_at": AT}
            for number, key in enumerate(keys)
        ]
        update_rows(conn, lookups, news)
    with db.read() as conn:
        found = [dict(one._mapping) for one in conn.execute(sa.select(lookups).order_by("digest"))]
    for number, (one, given) in enumerate(zip(found, rows, strict=True)):
        changed = {"answers": [ODD, number], "confidence": None, "last_hit_at": AT}
        assert {name: one[name] for name in given} == {**given, **changed}


def test_values_of_every_kind_are_changed(db: Database) -> None:
    name, stage = uuid.uuid4(), uuid.uuid4()
    with db.write() as conn:
        insert_rows(conn, runs, [{"uuid": name, **RUN}])
        key = conn.scalar(sa.select(runs.c.id).where(runs.c.uuid == name))
        change = {"uuid": stage, "actual_cost_usd": Decimal("12.345678"), "options": ODD}
        update_rows(conn, runs, [{"key": key, **change, "heartbeat_at": AT, "error": "%s's"}])
        lead = {"uuid": name, "workspace_id": 1, **LEAD, **STAMP}
        insert_rows(conn, leads, [lead])
        update_rows(
            conn,
            leads,
            [{"key": conn.scalar(sa.select(leads.c.id)), "do_not_contact": True, "emails": ["a"]}],
        )
    with db.read() as conn:
        run = conn.execute(sa.select(runs).where(runs.c.id == key)).one()
        found = conn.execute(sa.select(leads)).one()
    assert (run.uuid, Decimal(run.actual_cost_usd), run.options) == tuple(change.values())
    assert (run.heartbeat_at, run.error) == (AT, "%s's")
    assert (found.do_not_contact, found.emails, found.uuid) == (True, ["a"], name)


RUN: dict[str, Any] = {
    "workspace_id": 1,
    "kind": "enrich",
    "status": "processing",
    "options": {},
    "counts": {},
    "processed": 0,
    "actual_cost_usd": Decimal(0),
    "started_at": AT,
    **STAMP,
}
LEAD: dict[str, Any] = {
    "status": "raw",
    "stage": "new",
    "enrichment_status": "pending",
    "lead_status": "new",
    "do_not_contact": False,
    "lead_score": 0,
}
