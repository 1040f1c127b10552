"""Providers that block their thread hold up nobody but themselves."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from books import check_books, ledger

from leadloom.enrich import aside, outset
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question
from leadloom.enrich.registry import OUTSIDE, Registry
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

ASIDE = "leadloom-ask-"
Ask = Callable[[Question, Line], Awaitable[Found]]


class Asked:
    """A provider's code: it waits as it is told, and notes in which thread it was asked."""

    def __init__(self, field: str, *, blocks_s: float = 0.0, late: bool = False) -> None:
        self.field, self.blocks_s, self.late = field, blocks_s, late
        self.aside: list[bool] = []

    async def __call__(self, question: Question, line: Line) -> Found:
        is_first = not self.aside
        self.aside.append(threading.current_thread().name.startswith(ASIDE))
        await asyncio.sleep(0)
        if not (self.late and is_first):
            time.sleep(self.blocks_s)
        return Found((Answer(self.field, "Bonn", 0.9, "https://x.test/"),))


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let there be these providers and no others."""

    def bring(**codes: Asked) -> None:
        found = {
            name: OutsideProvider(
                name,
                (code.field,),
                ("email",),
                code,
                price_usd=Decimal("0.01"),
                attempts=1,
                timeout_s=0.3,
            )
            for name, code in codes.items()
        }
        monkeypatch.setattr(outset, "registry", lambda: Registry(found, {}))

    return bring


def enriched(db: Database, fill: Any, *names: str, people: int = 8) -> Any:
    ws = Workspace(session=Session(db))
    fill(ws, *[f"a{n}@firm{n}.com" for n in range(people)])
    return ws.enrich(providers=names)


def test_one_that_never_comes_back_fails_while_others_are_asked(
    lite: Database, fill: Any, brought: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "_GRACE_S", 0.2)
    stuck, works = Asked("city", blocks_s=60.0), Asked("industry")
    brought(stuck=stuck, works=works)
    began = time.monotonic()
    report = enriched(lite, fill, "stuck", "works")
    assert time.monotonic() - began < 20
    assert report.run.status == "completed"
    assert report.by_provider["works"]["found"] == 8
    assert len(stuck.aside) == 1  # nobody else is sent into the same trap while it lasts
    assert "found" not in report.by_provider["stuck"]
    [lost] = ledger(lite, status="lost")
    assert "blocks its thread" in lost.error
    check_books(lite)


def test_one_that_blocks_is_always_asked_aside_and_one_that_waits_only_at_first(
    lite: Database, fill: Any, brought: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "HOLDS_UP_S", 0.1)
    blocks, waits = Asked("city", blocks_s=0.15), Asked("industry")
    brought(blocks=blocks, waits=waits)
    report = enriched(lite, fill, "blocks", "waits")
    assert report.by_provider["blocks"]["found"] == report.by_provider["waits"]["found"] == 8
    assert blocks.aside == [True] * 8
    assert waits.aside.count(True) < 4


def test_one_that_begins_to_block_is_asked_aside_from_then_on(
    lite: Database, fill: Any, brought: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "HOLDS_UP_S", 0.1)
    monkeypatch.setattr(aside, "_GRACE_S", 1.0)
    late = Asked("city", blocks_s=0.15, late=True)
    brought(late=late)
    ws = Workspace(session=Session(lite))
    fill(ws, *[f"a{n}@firm{n}.com" for n in range(6)])
    report = ws.enrich(providers=["late"], concurrency=1)
    assert report.by_provider["late"]["found"] == 6
    assert late.aside == [True, False, True, True, True, True]


def test_those_that_come_along_are_trusted() -> None:
    assert all(aside.way_of(one).is_trusted for one in OUTSIDE)


@pytest.mark.parametrize("ends", ["answers", "fails", "never"])
def test_no_more_are_out_at_once_than_may_be_however_they_end(ends: str) -> None:
    out = {"now": 0, "most": 0}

    async def code(question: Question, line: Line) -> Found:
        out["now"] += 1
        out["most"] = max(out.values())
        try:
            await asyncio.sleep(60 if ends == "never" else 0.01)
            if ends == "fails":
                raise ValueError
        finally:
            out["now"] -= 1
        return Found((Answer("city", "Bonn", 0.9, "https://x.test/"),))

    provider = OutsideProvider("outside", ("city",), ("email",), code, timeout_s=0.1)

    async def ask_all() -> int:
        calls = asyncio.Semaphore(2)
        line: Any = Line(None, None, "key", None)
        way, told = aside.Way(is_trusted=True), Question({"email": ["a@b.example"]}, {}, ())
        asked = [
            aside.call_by(way, provider, told, line, None, calls, lambda: None) for _ in range(7)
        ]
        found = await asyncio.gather(*asked)
        assert sum(one.found is not None for one in found) == (7 if ends == "answers" else 0)
        for free in (True, True, False):  # both slots are given back, and no third
            assert calls.locked() is not free
            if free:
                await calls.acquire()
        return out["most"]

    assert asyncio.run(ask_all()) == 2


def test_a_slot_is_free_before_what_was_found_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[bool] = []

    async def code(question: Question, line: Line) -> Found:
        await asyncio.sleep(0)
        return Found()

    async def ask_one() -> None:
        calls = asyncio.Semaphore(1)

        def look(found: Found) -> Found:
            seen.append(calls.locked())
            return found

        monkeypatch.setattr("leadloom.enrich.calling.cleaned", look)
        line: Any = Line(None, None, "key", None)
        way, told = aside.Way(is_trusted=True), Question({"email": ["a@b.example"]}, {}, ())
        provider = OutsideProvider("outside", ("city",), ("email",), code)
        await aside.call_by(way, provider, told, line, None, calls, lambda: None)

    asyncio.run(ask_one())
    assert seen == [False]
