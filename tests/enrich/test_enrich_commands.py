"""The commands of enrichment: what they print, and the codes they end with."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from books import check_books
from fake import Server
from typer.testing import CliRunner

from leadloom.cli.app import app
from leadloom.connect.money import shown
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


def typed(db: Database, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["--db", str(db.file), *words])
    return result.exit_code, result.stdout


def told(db: Database, *words: str) -> Any:
    code, out = typed(db, *words, "--json")
    assert code in (0, 1), out
    return json.loads(out)


@pytest.fixture
def db(lite: Database, server: Server, fill: Callable[..., None]) -> Database:
    fill(Workspace(session=Session(lite)), *[f"ada.{n}@firm{n}.com" for n in range(60)])
    return lite


def test_a_run_at_the_command_line_from_estimate_to_account(db: Database) -> None:
    code, out = typed(db, "enrich", "--providers", "paid", "--dry-run")
    assert (code, "It would cost 0.60 USD." in out) == (0, True)
    expected = told(db, "enrich", "--providers", "paid", "--dry-run")["expected"]
    assert (expected["least_usd"], expected["most_usd"], expected["leads"]) == ("0.60", "0.60", 60)

    code, out = typed(db, "enrich", "--providers", "paid", "--budget", "0.30")
    assert (code, "budget reached" in out, "--budget USD" in out) == (1, True, True)
    code, out = typed(db, "run", "resume", "last:enrich")  # there is no more money than before
    assert (code, "budget reached" in out) == (1, True)
    code, out = typed(db, "run", "resume", "last:enrich", "--budget", "$5")
    assert (code, "cost 0.60" in out) == (0, True), out

    [paid] = told(db, "cost")["items"]
    assert (paid["name"], paid["calls"], paid["cost_usd"]) == ("paid", 60, "0.6")
    assert [one["calls"] for one in told(db, "cost", "--by", "day")["items"]] == [60]
    assert [one["calls"] for one in told(db, "cost", "--by", "run")["items"]] == [60]
    by_lead = told(db, "cost", "--by", "lead", "--limit", "3")["items"]
    assert {one["name"][:8] for one in by_lead} == {"Ada Lind"}
    code, out = typed(db, "cost", "--by", "moon")
    assert code == 2

    used = told(db, "usage")
    assert (used["today_usd"], used["providers"][0]["success_rate"]) == ("0.6", 1.0)
    assert [one["cost_usd"] for one in used["days"]][-1] == {"paid": "0.6"}
    _, out = typed(db, "usage", "--days", "7")
    assert ("paid" in out, "Today 0.60 of 100.00 USD" in out) == (True, True)

    assert told(db, "cache", "stats")["entries"] == 60
    assert told(db, "cache", "clear", "--expired") == {"cleared": 0}
    assert told(db, "cache", "clear", "--provider", "paid") == {"cleared": 60}
    code, _ = typed(db, "enrich", "--budget", "a lot")
    assert code == 2
    check_books(db)


def test_providers_are_listed_with_their_state(db: Database) -> None:
    items = {one["name"]: one for one in told(db, "providers")["items"]}
    assert items["paid"]["price_usd"] == "0.01"
    assert items["job title"]["status"] == "ready"
    assert (items["keyed"]["is_on"], "keyed_key" in items["keyed"]["status"]) == (False, True)
    assert "broken" in items["missing"]["status"]
    assert "industry" in typed(db, "providers")[1]


def test_a_run_left_to_workers_is_done_by_one(db: Database) -> None:
    code, out = typed(db, "enrich", "--providers", "paid", "--background")
    assert (code, "leadloom worker" in out) == (0, True)
    assert told(db, "run", "show", "last:enrich")["status"] == "processing"
    assert told(db, "worker", "--until-idle")["done"] == 2
    run = told(db, "run", "show", "last:enrich")
    assert (run["status"], run["counts"]) == ("completed", {"enriched": 60})
    check_books(db)


@pytest.mark.parametrize(
    ("usd", "says"),
    [("0", "0.00"), ("0.0002", "0.0002"), ("0.000001", "0.000001"), ("0.01", "0.01"),
     ("2.345", "2.34"), ("1234", "1234.00")],
)  # fmt: skip
def test_what_costs_less_than_a_cent_is_not_shown_as_nothing(usd: str, says: str) -> None:
    assert shown(Decimal(usd)) == says


def test_an_estimate_of_less_than_a_cent_is_told(db: Database) -> None:
    typed(db, "config", "set", "provider_prices", "paid: 0.00002")
    assert "It would cost 0.0012 USD." in typed(db, "enrich", "--providers", "paid", "--dry-run")[1]
    assert "0.0012" in typed(db, "enrich", "--providers", "paid")[1]
    assert "0.0012 USD in 30 days" in typed(db, "cost")[1]
