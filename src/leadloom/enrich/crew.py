"""Those who work on one run in this process: many leads at once, each past all its providers."""

import asyncio
import contextlib
import datetime as dt
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from leadloom.config import get_setting
from leadloom.connect import http
from leadloom.connect.failure import OutsideError, RetryError
from leadloom.connect.web import Web
from leadloom.enrich import aside, batches, cache
from leadloom.enrich.aside import Way, call_by
from leadloom.enrich.cache import Kept
from leadloom.enrich.finish import Toll, finish
from leadloom.enrich.ledger import Ask, Grant, Later, Refused, Resting, Verdict
from leadloom.enrich.opening import Opened, open_batches
from leadloom.enrich.outset import Outset, load_outset
from leadloom.enrich.pace import PATIENCE
from leadloom.enrich.passage import At, Passage, hit
from leadloom.enrich.provider import (
    Answer,
    Found,
    Line,
    OutsideProvider,
    Question,
)
from leadloom.enrich.settle import Settlement, book
from leadloom.enrich.writing import load_spare, start_far
from leadloom.errors import DatabaseError
from leadloom.jobs.far_writer import FarWriter, Spare
from leadloom.jobs.handlers import Work, handles
from leadloom.jobs.writer import Writer
from leadloom.runs import run as runs
from leadloom.storage.database import Tx

JOB = "enrich.batch"

# Tests put another in its place: theirs is on this machine.
open_web: Callable[[], Web] = Web

_FIRST_PAUSE_S = 0.25
# Leads that are finished wait so long for others to be written with.
_PATIENCE_S = 0.25
_PATIENCE_OF_ANSWERS_S = 0.02
_MANY = 16  # calls at once
_LEAVES_AHEAD = 2
_AHEAD = 3  # times as many leads that have somebody to ask as calls: no batch need be opened soon
# A run of so many leads has a process that writes for it.
FAR_FROM = 1_000
_LINGER_S = 2.0  # what a crew has is dear to make: where something is left, more jobs come
# Batches beyond those that are asked about: what is read is read for several at once.
_SPARE = 24
_PATIENCE_OF_OPENING_S = 0.1
_NOBODY = "nobody answered"


class RunOverError(Exception):
    """Nothing more is to be asked in this run."""


@dataclass(slots=True)
class Crew:
    """What the jobs of a run share in this process; `jobs` of them are under way, with `asking`
    leads that have somebody to ask.

    `calls` lets so many out at once, `room` so many batches in. `reader` is a writer whose
    transactions only look.
    """

    work: Work
    run_id: int
    outset: Outset
    reader: Writer
    writer: Writer
    at_once: int
    calls: asyncio.Semaphore
    room: asyncio.Semaphore
    start_far: Callable[[Spare], Awaitable[FarWriter]]
    spare: Spare | None = None
    web: Web = field(default_factory=lambda: open_web())
    gates: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    under_way: dict[tuple[str, str], "asyncio.Future[Kept | None]"] = field(default_factory=dict)
    lines: dict[str, Any] = field(default_factory=dict)
    jobs: int = 0
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    asking: int = 0
    far: FarWriter | None = None
    moving: "asyncio.Task[None] | None" = None

    @property
    def is_many(self) -> bool:
        """Whether so much is asked at once that it pays to write it in larger groups."""
        return self.at_once >= _MANY

    def gate_of(self, provider: str) -> asyncio.Semaphore:
        """Return what lets so many at once to a provider: a slow one holds up nobody else's.

        Where many may be asked at once, twice as many more have their leave or wait for it: getting
        it takes longer than a quick answer.
        """
        ahead = _LEAVES_AHEAD * self.at_once if self.is_many else 0
        return self.gates.setdefault(provider, asyncio.Semaphore(self.at_once + ahead))

    async def do(self, batch_id: int) -> None:
        """Enrich what is left of a batch."""
        async with self.room:
            patience_s = _PATIENCE_OF_OPENING_S if self.asking > _AHEAD * self.at_once else 0.0
            opened = await self.reader.write(self._open, batch_id, patience_s=patience_s)
            if opened is None:
                return
            self.asking += len(opened.asking)
            tasks = [_Hand(self, opened).enrich(one) for one in opened.asking]
            if opened.done:
                tasks.append(self.write(finish, opened.done))
            _raise_first(await asyncio.gather(*tasks, return_exceptions=True))

    def _open(self, tx: Tx, ids: Sequence[int]) -> Sequence[Opened | None]:
        return open_batches(tx, self.run_id, self.outset, ids)

    def line_of(self, provider: OutsideProvider) -> Any:
        """Return what a provider is asked by over HTTP, the same for the whole run."""
        if provider.name not in self.lines:
            self.lines[provider.name] = http.client(provider.timeout_s)
        return self.lines[provider.name]

    def way_of(self, provider: OutsideProvider) -> Way:
        """Return how a provider is called in this run."""
        if provider.name not in self.ways:
            self.ways[provider.name] = aside.way_of(provider)
        return self.ways[provider.name]

    async def write(self, handler: Any, item: Any, patience_s: float = 0.0) -> Any:
        """Have something written with others; return what the handler says of it."""
        writer = self.far or self.writer
        return await writer.write(handler, item, patience_s=patience_s)

    def move_out(self) -> None:
        """Leave the writing to a process of its own; until it is there, it is done here."""
        if self.spare or pays_to_move(self.outset.total):
            self.moving = asyncio.get_running_loop().create_task(self._move())

    async def _move(self) -> None:
        with contextlib.suppress(DatabaseError, OSError):
            self.far = await self.start_far(self.spare or load_spare())

    async def wait_for_more(self) -> None:
        """Where something is left of the run, wait a while for another job of it."""
        self.joined.clear()
        if await self.reader.write(_goes_on, self.run_id):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.joined.wait(), _LINGER_S)

    async def end(self) -> None:
        """Hang up, and write what waits."""
        if self.moving:
            self.moving.cancel()
            await asyncio.wait([self.moving])
        for line in self.lines.values():
            await line.aclose()
        await self.web.close()
        if self.far:
            await self.far.close()
        await asyncio.to_thread(self.reader.close)
        await asyncio.to_thread(self.writer.close)


def _raise_first(results: Sequence[BaseException | None]) -> None:
    """Raise what went wrong with any; that the run is over is no such thing."""
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, RunOverError):
            raise result


@dataclass(frozen=True, slots=True)
class _Hand:
    """Works on the leads of one batch that have to ask somebody."""

    crew: Crew
    batch: Opened

    async def enrich(self, passage: Passage) -> None:
        """Take one lead past all providers and write what was found."""
        crew = self.crew
        try:
            while (provider := passage.waiting) is not None:
                passage.hear(await self._answers(provider, passage), _nothing_kept)
        finally:
            crew.asking -= 1
        done = passage.finished(crew.run_id, crew.outset, self.batch.batch_id, self.batch.first)
        # Nobody waits for others where none are to come.
        await crew.write(finish, [done], _PATIENCE_S if crew.asking else 0.0)

    async def _answers(self, provider: OutsideProvider, passage: Passage) -> Sequence[Answer]:
        """Return what a provider says, from the cache where that will do; asked once, not twice."""
        crew, toll = self.crew, passage.toll
        told = cache.told_of(passage.fall.question, provider)
        at = provider.name, cache.digest_of(told, provider)
        if other := crew.under_way.get(at):
            known = await asyncio.shield(other)
            if known is None:
                toll.count(provider.name, "failed")
                return ()
            return hit(provider, known, toll)
        now = crew.work.db.now()
        ask = Ask(
            crew.run_id,
            self.batch.first + passage.place,
            provider,
            at[1],
            passage.lead_id,
            crew.work.executor,
            now + dt.timedelta(seconds=provider.timeout_s) + PATIENCE,
            crew.outset.since,
        )
        answer = crew.under_way[at] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting; then nobody need hear of a failure.
        answer.add_done_callback(lambda one: one.cancelled() or one.exception())
        try:
            kept = await self._ask(ask, told, toll)
            answer.set_result(kept)
        except BaseException as error:
            over = error if isinstance(error, RunOverError) else RunOverError(str(error))
            answer.set_exception(over)
            raise
        finally:
            del crew.under_way[at]
        return kept.answers if kept else ()

    async def _ask(self, ask: Ask, told: Question, toll: Toll) -> Kept | None:
        """Ask until there is an answer; None when there is none to be had."""
        name = ask.provider.name
        pause = _FIRST_PAUSE_S
        for attempt in range(1, ask.provider.attempts + 1):
            # What is put aside for it is no more than what is under way: nobody may come back.
            async with self.crew.gate_of(name):
                grant = await self._granted(ask, toll)
                if grant is None:
                    return None
                if isinstance(grant, Kept):
                    toll.count(name, "cached")
                    toll.hit(grant.id)
                    return grant
                done, error = await self._call(ask, grant, told)
            # A failure is told at once: others are about to ask the same provider.
            is_patient = done.found is not None and self.crew.is_many
            await self.crew.write(book, done, _PATIENCE_OF_ANSWERS_S if is_patient else 0.0)
            _count(toll, done)
            if done.found is not None:
                answers = tuple(done.found.answers)
                return Kept(0, answers, grant.reserved_at, done.expires_at, done.marks)
            if not isinstance(error, RetryError) or attempt == ask.provider.attempts:
                toll.troubles.append(f"{name}: {done.error}")
                return None
            # What it asked for is kept for all workers; the pause is for what is not said.
            if error.after_s is None:
                await asyncio.sleep(pause)
                pause *= 2
        return None

    async def _granted(self, ask: Ask, toll: Toll) -> Grant | Kept | None:
        """Return the leave to ask, or what somebody else got to know meanwhile; None: it rests."""
        while True:
            verdict: Verdict = await self.crew.write(book, ask)
            match verdict:
                case Later(at):
                    await self._until(at)
                case Refused(reason):
                    raise RunOverError(reason)
                case Resting(_, reason):
                    toll.count(ask.provider.name, "resting")
                    toll.troubles.append(f"{ask.provider.name} rests: {reason}")
                    return None
                case _:
                    return verdict

    async def _call(
        self, ask: Ask, grant: Grant, told: Question
    ) -> tuple[Settlement, OutsideError | None]:
        await self._until(grant.at)
        provider, outset = ask.provider, self.crew.outset
        key = f"{ask.digest}-{ask.run_id}-{ask.position}"
        secret = outset.secrets.get(provider.name)
        line = Line(self.crew.line_of(provider), secret, key, self.crew.web)
        way = self.crew.way_of(provider)
        called = await call_by(way, provider, told, line, grant.before, self.crew.calls, open_web)
        days = outset.cache_days if provider.cache_days is None else provider.cache_days
        expires_at = self.crew.work.db.now() + dt.timedelta(days=days)
        return called.settlement(ask, grant, expires_at), called.error

    async def _until(self, at: dt.datetime) -> None:
        wait = (at - self.crew.work.db.now()).total_seconds()
        if wait > 0:
            await asyncio.sleep(wait)


def _nothing_kept(_: At) -> None:
    """What is kept was looked up when the batch began, and is again before somebody is asked."""


def _count(toll: Toll, done: Settlement) -> None:
    found = done.found or Found()
    name = done.ask.provider.name
    toll.count(name, "asked")
    toll.count(name, done.status)
    toll.count(name, "cost_micro_usd", done.cost)
    if found.dropped:
        toll.count(name, "dropped", found.dropped)
    toll.attempts += 1
    toll.cost += done.cost
    toll.tokens += (found.tokens_in or 0) + (found.tokens_out or 0)
    toll.duration_ms += done.duration_ms
    if done.found is not None:
        toll.expires(done.expires_at)


@handles(JOB)
async def enrich_batch(work: Work, data: Mapping[str, Any]) -> None:
    """Enrich batches of a run: {"workspace", "user", "run", "batches"} are the keys."""
    crew = _join(work, data)
    crew.jobs += 1
    try:
        # What was sent by an older release is one batch.
        ids = data.get("batches") or [data["batch"]]
        tasks = [crew.do(one) for one in ids]
        _raise_first(await asyncio.gather(*tasks, return_exceptions=True))
        if crew.jobs == 1:
            await crew.wait_for_more()
    finally:
        crew.jobs -= 1
        if not crew.jobs and work.shared.get(_name(data)) is crew:
            del work.shared[_name(data)]
            await crew.end()


def _join(work: Work, data: Mapping[str, Any]) -> Crew:
    """Return the crew of a run in this process. All batches come on one thread: no two make it."""
    crew: Crew | None = work.shared.get(_name(data))
    if crew is None:
        workspace_id, user_id = data["workspace"], data["user"]
        with work.read(workspace_id, user_id) as tx:
            outset = load_outset(tx, work.db, runs.get_by_key(tx, data["run"]))
            setting = int(str(get_setting(tx, "max_concurrent_enrichments").value))
        reader = Writer(lambda: work.read(workspace_id, user_id))
        writer = Writer(lambda: work.write(workspace_id, user_id))
        reader.start()
        writer.start()
        at_once = outset.concurrency or setting
        room = at_once // (batches.SIZE // 2) + _SPARE
        semaphores = asyncio.Semaphore(at_once), asyncio.Semaphore(room)
        far = partial(start_far, work, workspace_id, user_id, data["run"], outset.plan)
        spare: Spare | None = work.shared.pop(spare_name(data["run"]), None)
        crew = Crew(work, data["run"], outset, reader, writer, at_once, *semaphores, far, spare)
        crew.move_out()
        work.shared[_name(data)] = crew
    crew.joined.set()
    return crew


def pays_to_move(leads: int) -> bool:
    """Whether a run of so many leads is written by a process of its own."""
    return leads >= FAR_FROM and (os.cpu_count() or 1) > 1


def spare_name(run_id: int) -> str:
    """Return by which name the crew of a run finds a process that can write for it."""
    return f"enrich:{run_id}:spare"


def _goes_on(tx: Tx, ids: Sequence[int]) -> list[bool]:
    """Say of runs whether something is left to do in them."""
    return [
        runs.status_of(tx, one) == "processing" and batches.is_anything_left(tx, one) for one in ids
    ]


def _name(data: Mapping[str, Any]) -> str:
    return f"enrich:{data['run']}"
