"""Providers of other packages may do as they like: a run goes on, and nobody is paid by them."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from books import check_books, ledger

from leadloom.connect import http
from leadloom.connect.failure import SkipError
from leadloom.connect.web import Web
from leadloom.enrich import costs, outset
from leadloom.enrich.calling import Called, call
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Provider, Question
from leadloom.enrich.registry import Registry, problem_with, registry
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

CENT = Decimal("0.01")
GOOD = Answer("city", "Bonn", 0.9, "https://x.test/")
Ask = Callable[[Question, Line], Awaitable[Any]]


class _WholeError(BaseException):
    pass


def outside(name: str, ask: Any, **more: Any) -> OutsideProvider:
    terms = {"price_usd": CENT, "attempts": 1, "timeout_s": 0.2, **more}
    return OutsideProvider(name, ("city",), ("email",), ask, **terms)


def telling(found: Any) -> Ask:
    async def ask(question: Question, line: Line) -> Any:
        return found

    return ask


def raising(error: BaseException) -> Ask:
    async def ask(question: Question, line: Line) -> Found:
        raise error

    return ask


async def _for_ever(question: Question, line: Line) -> Found:
    await asyncio.sleep(1e6)
    return Found()


async def _stubborn(question: Question, line: Line) -> Found:
    """It lets itself be stopped only after so long that nobody waits."""
    for _ in range(3):
        try:
            await asyncio.sleep(0.6)
        except asyncio.CancelledError:
            continue
    return Found()


def asked(ask: Any) -> Called:
    async def once() -> Called:
        async with http.client(1.0) as client, Web() as web:
            question = Question({"email": ["a@b.de"]}, {}, ())
            return await call(outside("strange", ask), question, Line(client, None, "", web))

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (telling(None), "cannot be used (a NoneType)"),
        (telling([GOOD]), "cannot be used (a list)"),
        (telling(Found((GOOD,), cost_usd=Decimal(-5))), "cannot be used (cost_usd"),
        (telling(Found((GOOD,), cost_usd=Decimal("NaN"))), "cannot be used (cost_usd"),
        (telling(Found((GOOD,), cost_usd=float("inf"))), "cannot be used (cost_usd"),  # type: ignore[arg-type]
        (telling(Found((GOOD,), cost_usd="free")), "cannot be used (cost_usd"),  # type: ignore[arg-type]
        (telling(Found((GOOD,), tokens_in=10**30)), "cannot be used (tokens_in"),
        (telling(Found((GOOD,), response_bytes=-1)), "cannot be used (response_bytes"),
        (telling(Found((GOOD,), dropped="some")), "cannot be used (dropped"),  # type: ignore[arg-type]
        (telling(Found(None)), "its code failed (TypeError)"),  # type: ignore[arg-type]
        (lambda question, line: Found((GOOD,)), "its code failed (TypeError)"),
        (raising(ValueError("s3cret")), "its code failed (ValueError)"),
        (raising(SystemExit(3)), "its code failed (SystemExit)"),
        (raising(KeyboardInterrupt()), "its code failed (KeyboardInterrupt)"),
        (raising(_WholeError()), "its code failed (_WholeError)"),
        (raising(asyncio.CancelledError()), "its code failed (CancelledError)"),
        (_for_ever, "it took too long to answer"),
        (_stubborn, "it took too long to answer"),
    ],
)
def test_whatever_it_does_is_told_as_a_failure_that_may_be_billed(ask: Any, says: str) -> None:
    came_to = asked(ask)
    assert came_to.found is None
    assert came_to.error
    assert says in str(came_to.error)
    assert came_to.error.is_billed


def test_of_its_answers_those_are_kept_that_are_some() -> None:
    strange: list[Any] = [
        GOOD,
        "Bonn",
        None,
        Answer("city", b"Bonn", 0.9, "x"),
        Answer("city", {"name": "Bonn"}, 0.9, "x"),
        Answer("city", "Bonn", "high", "x"),  # type: ignore[arg-type]
        Answer("city", "Bonn", float("nan"), "x"),
        Answer("city", "Bonn", 0.9, None),  # type: ignore[arg-type]
        Answer(7, "Bonn", 0.9, "x"),  # type: ignore[arg-type]
        Answer("industry", "St\x00eel", 0.5, "quo\x00ted \ud800"),
    ]
    found = asked(telling(Found(strange, cost_usd=0.02))).found  # type: ignore[arg-type]
    assert found
    assert found.cost_usd == Decimal("0.02")
    first, second = found.answers
    assert first == GOOD
    assert (second.field, second.evidence) == ("industry", "quoted ?")
    assert "\x00" not in second.value


def test_what_it_says_is_wrong_can_be_kept_by_any_database() -> None:
    came_to = asked(raising(SkipError("bad\x00 \ud83d")))
    assert str(came_to.error) == "bad ?"


def _boom(question: Question) -> list[Answer]:
    raise ZeroDivisionError


def test_a_run_goes_on_past_all_of_them(
    db: Database, fill: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = [
        Provider("boom", ("industry",), ("email",), _boom),
        outside("exits", raising(SystemExit(3))),
        outside("pays", telling(Found((GOOD,), cost_usd=Decimal(-5)))),
        outside("vast", telling(Found((GOOD,), tokens_out=10**30))),
        outside("scrawls", raising(SkipError("bad\x00"))),
        outside("works", telling(Found((GOOD,)))),
    ]
    there = Registry({one.name: one for one in strange}, {})
    monkeypatch.setattr(outset, "registry", lambda: there)
    ws = Workspace(session=Session(db))
    fill(ws, "ada@lind.se", "bob@stone.com")
    names = [one.name for one in strange]
    assert ws.enrich(providers=names, dry_run=True).expected
    report = ws.enrich(providers=names)
    assert (report.run.status, report.run.processed) == ("completed", 2)
    failed = {
        name: told.get("failed", 0) + told.get("lost", 0)
        for name, told in report.by_provider.items()
    }
    assert failed == {**dict.fromkeys(names, 2), "works": 0}
    assert [one.city for one in ws.leads.find().items] == ["Bonn", "Bonn"]
    assert report.cost == 8 * CENT  # all but who said at once that there is nothing to be had
    assert len(ledger(db, status="found")) == 2
    check_books(db)
    free = ws.enrich(providers=["boom"])
    assert free.by_provider == {"boom": {"failed": 2}}
    assert ws.enrichment.try_out("boom", {"email": "a@b.de"}).error


@pytest.mark.parametrize(
    "more",
    [
        {"price_usd": Decimal("NaN")},
        {"price_usd": 0.1},
        {"price_usd": Decimal(-1)},
        {"per_minute": 0.0},
        {"timeout_s": 0.0},
        {"attempts": 0},
        {"burst": 0},
    ],
)
def test_one_that_cannot_be_asked_is_told_as_broken(more: dict[str, Any]) -> None:
    assert problem_with(outside("fine", _for_ever)) is None
    assert problem_with(outside("free", _for_ever, price_usd=0)) is None
    assert problem_with(outside("strange", _for_ever, **more))


def test_one_whose_settings_fail_is_off(lite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(one: OutsideProvider, settings: Any) -> OutsideProvider:
        raise KeyError("nothing")

    strange = outside("strange", _for_ever, fit=fit)
    there = Registry({**registry().providers, "strange": strange}, {})
    monkeypatch.setattr(outset, "registry", lambda: there)
    monkeypatch.setattr(costs, "registry", lambda: there)
    ws = Workspace(session=Session(lite))
    [state] = [one for one in ws.enrichment.providers() if one.name == "strange"]
    assert not state.is_on
    assert "KeyError" in state.status
