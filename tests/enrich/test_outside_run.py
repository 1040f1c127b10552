"""A run that asks outside: facts, ledger, cache, money, failures; stopped and gone on with."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from books import check_books, ledger
from fake import Server

from leadloom.enrich.opening import open_batches
from leadloom.enrich.outset import load_outset
from leadloom.errors import UsageError
from leadloom.jobs.handlers import Work
from leadloom.runs.run import get_by_key
from leadloom.storage.database import Database
from leadloom.storage.tables import lookups, provider_states, records, run_batches
from leadloom.workspace import Workspace
from leadloom.workspace.enrichment import Standing
from leadloom.workspace.session import Session

Fill = Callable[..., None]
CENT = Decimal("0.01")


@pytest.fixture
def ws(lite: Database) -> Workspace:
    return Workspace(session=Session(lite))


def addresses(count: int, name: str = "ada") -> list[str]:
    return [f"{name}.{n}@firm{n}.com" for n in range(count)]


def test_what_is_found_outside_becomes_facts_and_is_paid_once(
    db: Database, server: Server, fill: Fill
) -> None:
    ws = Workspace(session=Session(db))
    fill(ws, "ada.1@acme.com", "ada.2@bolt.com", "nobody.3@cord.com")
    first = ws.enrich(providers=["paid", "address"], concurrency=8)
    assert (first.run.status, first.cost) == ("completed", 2 * CENT)
    assert first.counts == {"enriched": 2, "skipped": 1}
    assert first.by_field["industry"] == 2
    told = first.by_provider["paid"]
    assert (told["asked"], told["found"], told["nothing"]) == (3, 2, 1)
    lead = ws.leads.get("ada.1@acme.com")
    assert (lead.industry, lead.city, lead.status) == ("Steel", None, "enriched")
    fact = next(f for f in ws.leads.show("ada.1@acme.com").fields if f.field == "industry")
    assert (fact.source, fact.confidence) == ("paid", 0.9)
    with db.read() as conn:
        query = sa.select(records).where(records.c.run_id == ledger(db)[0].run_id)
        rows = conn.execute(query.order_by(records.c.position)).all()
    assert [row.cost_usd for row in rows] == [CENT, CENT, 0]
    assert all(row.expires_at is not None for row in rows)
    assert [row.confidence for row in rows] == [0.9, 0.9, None]
    row = ledger(db)[0]
    assert (row.http_status, row.response_bytes > 10, row.request_bytes > 10) == (200, True, True)
    check_books(db)
    assert ws.verify().differences == []

    again = ws.enrich(providers=["paid"])
    assert (again.cost, again.counts) == (0, {"unchanged": 2, "skipped": 1})
    assert again.by_provider["paid"] == {"cached": 3}
    assert set(server.asked.values()) == {1}
    stats = ws.enrichment.cache()
    assert (stats.entries, stats.nothing, stats.hits) == (3, 1, 3)
    ws.runs.undo(str(again.run.uuid))
    ws.runs.undo(str(first.run.uuid))
    assert ws.leads.get("ada.1@acme.com").industry is None
    assert ws.verify().differences == []


def test_one_question_of_many_leads_is_asked_once(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    server.delay_s = 0.1
    fill(ws, *addresses(20), company="Acme GmbH")
    report = ws.enrich(providers=["firm"], concurrency=20)
    assert report.counts == {"enriched": 20}
    assert (report.cost, dict(server.asked)) == (2 * CENT, {"Acme GmbH": 1})
    check_books(ws.db)


def test_a_budget_is_used_up_to_the_cent_and_a_run_goes_on_with_more(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    fill(ws, *addresses(12), *[f"nobody.{n}@corp{n}.com" for n in range(12)])
    report = ws.enrich(providers=["paid"], budget_usd=5 * CENT, concurrency=6)
    assert (report.run.status, report.cost) == ("budget reached", 5 * CENT)
    assert report.run.error == "the run's budget is used up"
    check_books(ws.db, budget_micro=50_000)
    assert ws.runs.resume("last:enrich").run.status == "budget reached"
    heard: list[Standing] = []
    rest = ws.runs.resume("last:enrich", budget_usd=Decimal(1), on_standing=heard.append)
    assert (rest.run.status, rest.run.processed) == ("completed", 24)
    assert (heard[-1].total, heard[-1].cost_usd) == (24, 12 * CENT)  # as who began it was told
    assert heard[-1].providers["paid"]["found"] == 12
    assert rest.counts == {"enriched": 12, "skipped": 12}
    assert ws.runs.get("last:enrich").actual_cost_usd == 12 * CENT
    assert set(server.asked.values()) == {1}
    check_books(ws.db)


def test_the_days_limit_holds_for_all_runs_together(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    ws.config.set("daily_spend_limit", "0.05")
    fill(ws, *addresses(4))
    assert ws.enrich(providers=["paid"]).run.status == "completed"
    fill(ws, *addresses(4, "bob"))
    report = ws.enrich(providers=["paid"])
    assert (report.run.status, "daily_spend_limit" in str(report.run.error)) == (
        "budget reached",
        True,
    )
    assert sum(row.cost_micro_usd for row in ledger(ws.db)) == 50_000
    check_books(ws.db)


def test_failures_are_told_apart_and_spoil_nothing(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    kinds = ("ada", "busy", "shaky", "broken", "endless", "slow")
    fill(ws, *[f"{kind}.{n}@firm{n}.com" for n, kind in enumerate(kinds)])
    ws.leads.set("slow.5@firm5.com", {"city": "Ulm"})
    report = ws.enrich(providers=["paid", "job title"], concurrency=6)
    assert report.run.status == "completed"
    statuses: dict[int, list[str]] = {}
    for row in ledger(ws.db):
        statuses.setdefault(row.position, []).append(row.status)
    assert statuses[1] == ["found"]
    assert statuses[2] == statuses[3] == ["failed", "found"]
    # What came back in bits, without end or too late may be billed all the same.
    assert statuses[4] == statuses[5] == ["lost"]
    assert set(statuses[6]) == {"lost"}
    assert ws.leads.get("slow.5@firm5.com").city == "Ulm"
    records_of = {record.position: record for record in ws.runs.records("last:enrich")}
    assert "no JSON" in str(records_of[4].reason)
    check_books(ws.db)
    # One question keeps one key, however often it is tried.
    assert len(set(server.keys)) == len(kinds)


def test_a_provider_that_keeps_failing_rests_while_others_go_on(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    fill(ws, *[f"down.{n}@firm{n}.com" for n in range(12)])
    report = ws.enrich(providers=["paid", "address"], concurrency=1)
    assert report.run.status == "completed"
    assert report.by_provider["paid"]["resting"] > 0
    assert sum(server.asked.values()) <= 8
    state = next(one for one in ws.enrichment.providers() if one.name == "paid")
    assert "rests until" in state.status
    with ws.db.write() as conn:
        conn.execute(provider_states.update().values(rest_until=ws.db.now()))
    fill(ws, "ada.1@well.com")
    ws.enrich(["email~well"], providers=["paid"])
    assert ws.leads.get("ada.1@well.com").industry == "Steel"
    assert next(o for o in ws.enrichment.providers() if o.name == "paid").status == "ready"
    assert ws.enrich(["email~down"], providers=["paid"]).cost == 0


def test_a_key_that_is_refused_stops_the_asking(ws: Workspace, server: Server, fill: Fill) -> None:
    fill(ws, *[f"refused.{n}@firm{n}.com" for n in range(6)])
    with pytest.raises(UsageError, match="secrets set keyed_key"):
        ws.enrich(providers=["keyed"])
    ws.secrets.set("keyed_key", "s3cret")
    report = ws.enrich(providers=["keyed"], concurrency=1)
    assert sum(server.asked.values()) == 1
    assert report.counts == {"skipped": 6}
    assert "refused" in str(ledger(ws.db)[0].error)


def test_asking_anew_goes_past_the_cache_but_pays_once_a_run(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    fill(ws, *addresses(6))
    ws.enrich(providers=["paid"])
    report = ws.enrich(providers=["paid"], refresh=True, budget_usd=3 * CENT)
    assert (report.run.status, report.cost) == ("budget reached", 3 * CENT)
    ws.runs.resume("last:enrich", budget_usd=Decimal(1))
    assert set(server.asked.values()) == {2}
    assert ws.enrich(providers=["paid"]).cost == 0
    with ws.db.write() as conn:
        conn.execute(lookups.update().values(expires_at=ws.db.now()))
    assert ws.enrich(providers=["paid"]).cost == 6 * CENT
    assert ws.enrichment.clear_cache() == 6
    check_books(ws.db)


def test_a_dry_run_says_what_it_would_cost_and_asks_nobody(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    fill(ws, *addresses(3), company="Acme GmbH")
    ws.enrich(["email~ada.0"], providers=["paid"])
    report = ws.enrich(providers=["paid", "firm"], dry_run=True)
    expected = report.expected
    assert expected is not None
    paid, firm = expected.by_provider["paid"], expected.by_provider["firm"]
    assert (paid.cached, paid.least, paid.most) == (1, 2, 2)
    assert (firm.least, firm.most) == (0, 1)
    assert (expected.least_usd, expected.most_usd) == (2 * CENT, 4 * CENT)
    assert sum(server.asked.values()) == 1
    assert ws.runs.get("last:enrich").total == 1


def test_no_run_asks_outside_in_a_transaction_or_names_what_is_not(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    fill(ws, *addresses(1))
    with ws.transaction() as inner, pytest.raises(UsageError, match="transaction"):
        inner.enrich(providers=["paid"])
    with pytest.raises(UsageError, match="did you mean 'paid'"):
        ws.enrich(providers=["payd"])
    with pytest.raises(UsageError, match="no field"):
        ws.enrich(fields=["shoe_size"])
    ws.config.set("enrich_plan", "city: paid; email: paid")
    with pytest.raises(UsageError, match="finds no 'email'"):
        ws.enrich()
    states = {one.name: one.status for one in ws.enrichment.providers()}
    assert "no Provider" in states["broken"]
    assert "cannot be loaded" in states["missing"]


def test_a_person_forgotten_is_in_no_kept_answer_and_the_account_stays(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    fill(ws, *addresses(2))
    ws.enrich(providers=["paid"])
    ws.privacy.forget(["ada.0@firm0.com"])
    with ws.db.read() as conn:
        leads_of = conn.scalars(sa.select(lookups.c.lead_id)).all()
    assert leads_of == [ws.leads.get("ada.1@firm1.com").key]
    assert [row.cost_micro_usd for row in ledger(ws.db)] == [10_000, 10_000]
    check_books(ws.db)


RUN = "from leadloom.cli import main; import sys; sys.argv[0] = 'leadloom'; main()"


def command(db: Database, *words: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LEADLOOM_DB": db.url.render_as_string(hide_password=False)}
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def until(holds: Callable[[], Any], patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_run_that_is_killed_goes_on_where_it_stopped(
    ws: Workspace, server: Server, fill: Fill
) -> None:
    """Law 7: starting the command takes most of the time of this test."""
    server.delay_s = 0.05
    fill(ws, *addresses(110))
    words = ["enrich", "--providers", "paid", "--concurrency", "8"]
    for stop_at in (20, 60):
        process = command(ws.db, *words)
        until(lambda stop_at=stop_at: sum(server.asked.values()) >= stop_at)
        process.send_signal(signal.SIGKILL)
        process.wait()
        words = ["run", "resume", "last:enrich"]
    assert ws.runs.get("last:enrich").status == "interrupted"
    report = ws.runs.resume("last:enrich")
    assert (report.run.status, report.counts) == ("completed", {"enriched": 110})
    # Those under way at the kills may be billed: they count, and show as such.
    lost = len(ledger(ws.db, status="lost"))
    assert lost <= 2 * 8
    assert report.cost == (110 + lost) * CENT
    assert sum(server.asked.values()) <= 110 + 2 * 8
    check_books(ws.db)
    assert ws.verify().differences == []


def test_two_workers_that_are_killed_pass_no_budget_and_lose_nothing(
    postgres_db: Database, server: Server, fill: Fill, tmp_path: Path
) -> None:
    """Laws 6 and 7 on PostgreSQL: processes take their time to start, and are killed on purpose."""
    ws, server.delay_s = Workspace(session=Session(postgres_db)), 0.03
    fill(ws, *addresses(220))
    ws.enrich(providers=["paid"], budget_usd=80 * CENT, concurrency=8, background=True)
    workers = [command(ws.db, "worker", "--slots", "2") for _ in range(2)]
    try:
        until(lambda: sum(server.asked.values()) >= 30)
        workers[0].send_signal(signal.SIGKILL)
        workers[0].wait()
        workers[0] = command(ws.db, "worker", "--slots", "2")
        until(lambda: ws.runs.get("last:enrich").status == "budget reached")
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(60)
    spent = ws.runs.get("last:enrich").actual_cost_usd
    assert spent <= 80 * CENT
    report = ws.runs.resume("last:enrich", budget_usd=Decimal(10))
    assert (report.run.status, report.counts) == ("completed", {"enriched": 220})
    check_books(ws.db)
    with ws.db.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(run_batches)) == 0


def test_a_run_keeps_off_the_batches_of_another(ws: Workspace, server: Server, fill: Fill) -> None:
    fill(ws, *addresses(3))
    mine = ws.enrich(providers=["paid"], background=True).run
    ws.enrich(providers=["paid"], background=True)
    with Work(ws.db, "here").read(1, 1) as tx:
        run = get_by_key(tx, mine.id)
        keys = list(tx.conn.scalars(sa.select(run_batches.c.id).order_by(run_batches.c.id)))
        own, other = open_batches(tx, run.id, load_outset(tx, ws.db, run), keys)
    assert own
    assert len(own.asking) == 3
    assert other is None
