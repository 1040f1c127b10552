"""What was given up for lost and comes back all the same is counted once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from books import check_books, ledger

from leadloom.enrich.cache import Kept
from leadloom.enrich.ledger import Ask, Grant, Later, Verdict
from leadloom.enrich.provider import Answer, Found, OutsideProvider
from leadloom.enrich.settle import Settlement, book
from leadloom.jobs import heartbeat
from leadloom.jobs.handlers import Work
from leadloom.runs import run as runs
from leadloom.storage.database import Database

CENT = 10_000


async def _ask(*_: Any) -> Found:
    raise AssertionError


PAID = OutsideProvider("paid", ("industry",), ("email",), _ask, price_usd=Decimal("0.01"))


class Asking:
    """One question of a run, asked by several workers."""

    def __init__(self, db: Database) -> None:
        self.work = Work(db, "")
        with self.work.write(1, 1) as tx:
            self.run_id = runs.start(tx, "enrich", options={"budget_usd": "1"}, agent="x").id

    def reserve(self, worker: str) -> tuple[Ask, Grant]:
        ask, grant = self.want(worker)
        assert isinstance(grant, Grant)
        return ask, grant

    def want(self, worker: str) -> tuple[Ask, Verdict]:
        with self.work.write(1, 1) as tx:
            ask = Ask(self.run_id, 1, PAID, "d1", None, worker, tx.now)
            return ask, book(tx, [ask])[0]

    def settle(self, asked: tuple[Ask, Grant]) -> None:
        found = Found((Answer("industry", "Steel", 0.9, "x"),))
        with self.work.write(1, 1) as tx:
            book(tx, [Settlement(*asked, 5, tx.now + dt.timedelta(days=1), found)])


@pytest.fixture
def asking(db: Database) -> Asking:
    return Asking(db)


def die(db: Database, worker: str) -> None:
    heartbeat.begin(db, worker)
    heartbeat.end(db, worker)


def test_an_answer_after_another_has_asked_anew_is_no_second_answer(
    db: Database, asking: Asking
) -> None:
    first = asking.reserve("gone")
    die(db, "gone")
    second = asking.reserve("here")
    asking.settle(second)
    asking.settle(first)
    assert [(row.status, row.cost_micro_usd) for row in ledger(db)] == [
        ("lost", CENT),
        ("found", CENT),
    ]
    with asking.work.write(1, 1) as tx:
        runs.finish(tx, asking.run_id, "cancelled")
    check_books(db)


def test_two_who_are_at_the_same_lead_do_not_both_pay(db: Database, asking: Asking) -> None:
    """As when a run is resumed while workers still have jobs of before it stopped."""
    heartbeat.begin(db, "before")
    first = asking.reserve("before")
    assert isinstance(asking.want("now")[1], Later)
    asking.settle(first)
    assert isinstance(asking.want("now")[1], Kept)
    assert [(row.status, row.cost_micro_usd) for row in ledger(db)] == [("found", CENT)]
    check_books(db)


def test_an_answer_that_nobody_asked_for_anew_is_one(db: Database, asking: Asking) -> None:
    first = asking.reserve("gone")
    asking.settle(first)
    asking.settle(first)
    assert [(row.status, row.cost_micro_usd) for row in ledger(db)] == [("found", CENT)]
    check_books(db)
