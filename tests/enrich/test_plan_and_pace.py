"""Whom to ask next, how fast, and with what money: without asking anybody."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.enrich.cache import digest_of, told_of
from leadloom.enrich.ledger import Ask, Grant, Refused, Resting
from leadloom.enrich.pace import FAILURES, Pace
from leadloom.enrich.plan import make_plan
from leadloom.enrich.provider import (
    Answer,
    AnyProvider,
    Found,
    Line,
    OutsideProvider,
    Provider,
    Question,
)
from leadloom.enrich.settle import Settlement, book
from leadloom.enrich.waterfall import Fall
from leadloom.errors import UsageError
from leadloom.jobs.handlers import Work
from leadloom.runs import run as runs
from leadloom.storage.database import Database

NOW = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)


async def nobody(question: Question, line: Line) -> Found:
    raise AssertionError("nobody is asked here")


def outside(name: str, fields: Sequence[str], needs: Sequence[str], **more: Any) -> OutsideProvider:
    return OutsideProvider(name, tuple(fields), tuple(needs), nobody, **more)


def local(name: str, field: str, need: str) -> Provider:
    return Provider(name, (field,), (need,), lambda q: [Answer(field, name, 0.6, "")])


def order(
    values: dict[str, Any],
    providers: Sequence[AnyProvider],
    answers: dict[str, list[Answer]],
    **plan: Any,
) -> tuple[list[str], dict[str, Any]]:
    """Return whom is asked in what order, and what is found, by the field."""
    fall = Fall(Question(values, {}, ()), make_plan({one.name: one for one in providers}, **plan))
    asked = []
    while (one := fall.next()) is not None:
        asked.append(one.name)
        fall.take(one, answers.get(one.name, []))
    return asked, {answer.field: answer.value for _, answer in fall.found()}


CHEAP = outside("cheap", ["city"], ["email"])
DEAR = outside("dear", ["city", "industry"], ["email"])


def test_the_first_good_enough_answer_ends_the_search() -> None:
    said = {"cheap": [Answer("city", "Ulm", 0.6, "")], "dear": [Answer("city", "Bonn", 0.9, "")]}
    values = {"email": ["a@b.c"], "industry": "Steel"}
    assert order(values, [CHEAP, DEAR], said) == (["cheap"], {"city": "Ulm"})
    assert order(values, [CHEAP, DEAR], said, enough=0.8) == (["cheap", "dear"], {"city": "Bonn"})
    said["dear"] = [Answer("city", "Bonn", 0.3, "")]
    assert order(values, [CHEAP, DEAR], said, enough=0.8)[1] == {"city": "Ulm"}
    assert order(values, [CHEAP, DEAR], {}) == (["cheap", "dear"], {})
    assert order({**values, "city": "Köln"}, [CHEAP, DEAR], said) == ([], {})
    assert order({}, [CHEAP, DEAR], said) == ([], {})


def test_a_written_plan_has_its_own_order_and_leaves_out_who_is_not_named() -> None:
    values = {"email": ["a@b.c"]}
    assert order(values, [CHEAP, DEAR], {}, written="city: dear, cheap")[0] == ["dear", "cheap"]
    assert order(values, [CHEAP, DEAR], {}, written="city: cheap", fields=["city"])[0] == ["cheap"]
    for wrong in ("city", "city: nobody", "email: cheap"):
        with pytest.raises(UsageError):
            order(values, [CHEAP, DEAR], {}, written=wrong)


def test_what_is_found_on_the_way_is_used_and_not_kept() -> None:
    named = local("named", "company", "email")
    firm = outside("firm", ["industry"], ["company"])
    said = {
        "named": [Answer("company", "Acme", 0.6, "")],
        "firm": [Answer("industry", "Steel", 0.9, "")],
    }
    found = order({"email": ["a@b.c"]}, [named, firm], said, fields=["industry"])
    assert found == (["named", "firm"], {"industry": "Steel"})
    # A field that costs is not looked for on the way.
    paid = outside("paid", ["company"], ["email"])
    assert order({"email": ["a@b.c"]}, [paid, firm], said, fields=["industry"])[0] == []


def test_what_outside_finds_lets_those_before_it_have_another_look() -> None:
    title = local("title", "seniority", "title")
    web = outside("web", ["title"], ["email"])
    said = {"web": [Answer("title", "CEO", 0.9, "")], "title": [Answer("seniority", "c", 0.8, "")]}
    assert order({"email": ["a@b.c"]}, [title, web], said)[0] == ["web", "title"]


def test_what_came_along_with_an_answer_goes_with_it() -> None:
    guess = outside("guess", ["email"], ["full_name"])
    sure = outside("sure", ["email"], ["full_name"])
    said = {
        "guess": [Answer("email", ["x"], 0.4, ""), Answer("email_confidence", "guess", 1.0, "")],
        "sure": [Answer("email", ["y"], 0.9, "")],
    }
    assert order({"full_name": "A"}, [guess, sure], said, enough=0.5)[1] == {"email": ["y"]}


def test_the_same_question_is_the_same_however_it_is_written() -> None:
    one = outside("one", ["city"], ["company"], uses=("domain",))

    def digest(**values: Any) -> str:
        return digest_of(told_of(Question(values, {}, ()), one), one)

    assert digest(company="Acme  GmbH") == digest(company="acme gmbh", email=["a@b.c"])
    assert digest(company="Acme") != digest(company="Acme", domain="acme.com")
    assert told_of(Question({"company": "A", "phone": ["1"]}, {}, ()), one).values == {
        "company": "A"
    }


def test_calls_go_out_at_the_providers_pace() -> None:
    slow = outside("slow", ["city"], ["email"], per_minute=60, burst=3)
    pace = Pace("slow")
    at = [(pace.take(slow, NOW) - NOW).total_seconds() for _ in range(6)]
    assert at == [0, 0, 0, 1, 2, 3]
    later = NOW + dt.timedelta(seconds=60)
    assert [(pace.take(slow, later) - later).total_seconds() for _ in range(4)] == [0, 0, 0, 1]
    pace.fail(later, "busy", 5.0, is_final=False)
    assert (pace.take(slow, later) - later).total_seconds() >= 5


def test_a_provider_rests_longer_each_time_and_one_good_answer_ends_it() -> None:
    pace, now, rests = Pace("x"), NOW, []
    for _ in range(4):
        while pace.resting(now) is None:
            pace.fail(now, "down", None, is_final=False)
        until = pace.resting(now)
        assert until is not None
        rests.append((until - now).total_seconds())
        now = until
    assert rests == [30, 60, 120, 240]
    pace.succeed()
    assert (pace.failures, pace.resting(now)) == (0, None)
    for _ in range(FAILURES - 1):
        pace.fail(now, "down", None, is_final=False)
    assert pace.resting(now) is None
    pace.fail(now, "the key is refused", None, is_final=True)
    assert pace.resting(now + dt.timedelta(minutes=50)) is not None


CALLS = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(["found", "free", "failed", "billed", "dies"])),
    min_size=1,
    max_size=12,
)


@given(CALLS, st.integers(0, 200), st.integers(0, 200), st.integers(1, 4))
def test_whatever_is_asked_in_whatever_order_no_limit_is_passed(
    lite: Database, calls: list[tuple[int, str]], budget: int, daily: int, at_once: int
) -> None:
    """Law 6: cents of calls that come to something, to nothing, fail, or are never heard of."""
    work = Work(lite, "here")
    with work.write(1, 1) as tx:
        options = {"budget_usd": str(Decimal(budget) / 100)}
        run = runs.start(tx, "enrich", options=options)
        spent_before = _spent(lite, "day")
        limit = spent_before + daily * 10_000
        from leadloom.config import change_setting

        change_setting(tx, "daily_spend_limit", str(Decimal(limit) / 1_000_000))
    for start in range(0, len(calls), at_once):
        group = calls[start : start + at_once]
        asks = [_ask(run.id, start + n, Decimal(cents) / 100) for n, (cents, _) in enumerate(group)]
        with work.write(1, 1) as tx:
            verdicts = book(tx, asks)
        done = [
            _came_to(ask, verdict, how)
            for ask, verdict, (_, how) in zip(asks, verdicts, group, strict=True)
            if isinstance(verdict, Grant) and how != "dies"
        ]
        with work.write(1, 1) as tx:
            book(tx, done)
        assert _spent(lite, f"run:{run.id}") <= budget * 10_000
        assert _spent(lite, "day") <= limit
        assert all(isinstance(one, Grant | Refused | Resting) for one in verdicts)


def _ask(run_id: int, position: int, price: Decimal) -> Ask:
    provider = outside(f"paid {run_id}", ["city"], ["email"], price_usd=price)
    return Ask(run_id, position, provider, f"{run_id}-{position}", 0, "here", NOW)


def _came_to(ask: Ask, grant: Grant, how: str) -> Settlement:
    found = Found([Answer("city", "Ulm", 0.9, "")]) if how == "found" else Found((), Decimal(0))
    is_answer = how in ("found", "free")
    ask = Ask(**{**_fields(ask), "lead_id": None})
    return Settlement(
        ask, grant, 1, NOW, found if is_answer else None, "no", is_billed=how == "billed"
    )


def _fields(ask: Ask) -> dict[str, Any]:
    return {name: getattr(ask, name) for name in Ask.__dataclass_fields__}


def _spent(db: Database, scope: str) -> int:
    import sqlalchemy as sa

    from leadloom.storage.tables import spending

    with db.read() as conn:
        query = sa.select(
            sa.func.sum(spending.c.spent_micro_usd + spending.c.reserved_micro_usd)
        ).where(spending.c.scope.startswith(scope))
        return int(conn.scalar(query) or 0)
