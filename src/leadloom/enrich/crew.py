"""Those who work on one run in this process: many leads at once, each past all its providers."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from leadloom.config import get_setting
from leadloom.connect import http
from leadloom.connect.failure import OutsideError, RetryError
from leadloom.connect.web import Web
from leadloom.enrich import batches, cache
from leadloom.enrich.batches import Batch
from leadloom.enrich.cache import Kept
from leadloom.enrich.calling import call
from leadloom.enrich.facts import firm_of
from leadloom.enrich.finish import Finished, Toll, finish
from leadloom.enrich.ledger import Ask, Grant, Later, Refused, Resting, reserve
from leadloom.enrich.outset import Outset, load_outset
from leadloom.enrich.pace import PATIENCE
from leadloom.enrich.provider import (
    Answer,
    Found,
    Line,
    OutsideProvider,
    Provider,
    Question,
)
from leadloom.enrich.questions import enrichment_sources, questions
from leadloom.enrich.settle import Settlement, settle
from leadloom.enrich.waterfall import Fall
from leadloom.jobs.handlers import Work, handles
from leadloom.jobs.writer import Writer
from leadloom.resolve.shelf import load_leads
from leadloom.runs import run as runs

JOB = "enrich.batch"

# Tests put another in its place: theirs is on this machine.
open_web: Callable[[], Web] = Web

_FIRST_PAUSE_S = 0.25
_NOBODY = "nobody answered"


class RunOverError(Exception):
    """Nothing more is to be asked in this run."""


@dataclass(slots=True)
class Crew:
    """What the batches of a run share in this process; `batches` of them are under way."""

    work: Work
    run_id: int
    workspace_id: int
    user_id: int
    outset: Outset
    writer: Writer
    at_once: int
    calls: asyncio.Semaphore
    web: Web = field(default_factory=lambda: open_web())
    gates: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    under_way: dict[tuple[str, str], "asyncio.Future[Kept | None]"] = field(default_factory=dict)
    batches: int = 0

    def gate_of(self, provider: str) -> asyncio.Semaphore:
        """Return what lets so many at once to a provider: a slow one holds up nobody else's."""
        return self.gates.setdefault(provider, asyncio.Semaphore(self.at_once))

    async def do(self, batch_id: int) -> None:
        """Enrich what is left of a batch."""
        batch, asked, kept = await asyncio.to_thread(self._load, batch_id)
        if batch is None:
            return
        async with AsyncExitStack() as stack:
            lines = {
                one.name: await stack.enter_async_context(http.client(one.timeout_s))
                for one in self.outset.plan.outside
            }
            hand = _Hand(self, batch, lines, kept)
            tasks = [hand.enrich(place, key, question) for place, key, question in asked]
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, RunOverError):
                raise result

    def _load(self, batch_id: int) -> tuple[Batch | None, list[tuple[int, int, Question]], Any]:
        """Return the batch, what is asked for whom, and what was kept of the answers to that."""
        with self.work.read(self.workspace_id, self.user_id) as tx:
            batch = batches.load(tx, [batch_id]).get(batch_id)
            if batch is None or runs.status_of(tx, self.run_id) != "processing":
                return None, [], {}
            left = {lead: place for place, lead in batch.left()}
            states = load_leads(tx, list(left))
            known = dict(questions(tx, states, enrichment_sources(tx), with_firms=True))
            nobody = Question({}, {}, ())
            asked = [(place, key, known.get(key, nobody)) for key, place in left.items()]
            digests = {
                cache.digest_of(cache.told_of(question, one), one)
                for _, _, question in asked
                for one in self.outset.plan.outside
                if all(question.values.get(need) for need in one.needs)
            }
            return batch, asked, cache.find(tx, digests)


@dataclass(frozen=True, slots=True)
class _Hand:
    """Works on one batch. `kept` is what the cache held when it began."""

    crew: Crew
    batch: Batch
    lines: Mapping[str, Any]
    kept: Mapping[tuple[str, str], Kept]

    async def enrich(self, place: int, lead_id: int, question: Question) -> None:
        """Take one lead past all providers and write what was found."""
        crew, fall, toll = self.crew, Fall(question, self.crew.outset.plan), Toll()
        position = self.batch.first + place
        while (provider := fall.next()) is not None:
            if isinstance(provider, Provider):
                fall.take(provider, provider.find(fall.question))
            else:
                answers = await self._answers(provider, fall.question, position, lead_id, toll)
                fall.take(provider, answers)
        done = Finished(
            crew.run_id,
            crew.outset.total,
            self.batch.id,
            place,
            position,
            lead_id,
            [(provider.name, answer) for provider, answer in fall.found()],
            crew.outset.outside,
            toll,
            firm_of(question),
            next(iter(fall.question.values.get("email") or ()), None),
        )
        await crew.writer.write(finish, done)

    async def _answers(
        self,
        provider: OutsideProvider,
        question: Question,
        position: int,
        lead_id: int,
        toll: Toll,
    ) -> Sequence[Answer]:
        """Return what a provider says, from the cache where that will do; asked once, not twice."""
        crew = self.crew
        told = cache.told_of(question, provider)
        at = provider.name, cache.digest_of(told, provider)
        known = self.kept.get(at)
        if known is None or not known.is_good(crew.work.db.now(), crew.outset.since):
            known = None
            if other := crew.under_way.get(at):
                known = await asyncio.shield(other)
                if known is None:
                    toll.count(provider.name, "failed")
                    return ()
        if known is not None:
            return _hit(provider, known, toll)
        ask = Ask(
            crew.run_id,
            position,
            provider,
            at[1],
            lead_id,
            crew.work.executor,
            crew.work.db.now() + dt.timedelta(seconds=provider.timeout_s) + PATIENCE,
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
                    toll.hits[grant.id] += 1
                    return grant
                done, error = await self._call(ask, grant, told)
            await self.crew.writer.write(settle, done)
            _count(toll, done)
            if done.found is not None:
                answers = tuple(done.found.answers)
                return Kept(0, answers, grant.reserved_at, done.expires_at)
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
            verdict = await self.crew.writer.write(reserve, ask)
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
        line = Line(self.lines[provider.name], secret, key, self.crew.web)
        async with self.crew.calls:
            called = await call(provider, told, line)
        days = outset.cache_days if provider.cache_days is None else provider.cache_days
        expires_at = self.crew.work.db.now() + dt.timedelta(days=days)
        return called.settlement(ask, grant, expires_at), called.error

    async def _until(self, at: dt.datetime) -> None:
        wait = (at - self.crew.work.db.now()).total_seconds()
        if wait > 0:
            await asyncio.sleep(wait)


def _hit(provider: OutsideProvider, known: Kept, toll: Toll) -> Sequence[Answer]:
    toll.count(provider.name, "cached")
    if known.id:
        toll.hits[known.id] += 1
    _expires(toll, known.expires_at)
    return known.answers


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
        _expires(toll, done.expires_at)


def _expires(toll: Toll, at: dt.datetime) -> None:
    toll.expires_at = min(at, toll.expires_at or at)


@handles(JOB)
async def enrich_batch(work: Work, data: Mapping[str, Any]) -> None:
    """Enrich a batch of a run: {"workspace", "user", "run", "batch"} are its keys."""
    crew = _join(work, data)
    crew.batches += 1
    try:
        await crew.do(data["batch"])
    finally:
        crew.batches -= 1
        if not crew.batches:
            work.shared.pop(_name(data), None)
            await crew.web.close()
            await asyncio.to_thread(crew.writer.close)


def _join(work: Work, data: Mapping[str, Any]) -> Crew:
    """Return the crew of a run in this process. All batches come on one thread: no two make it."""
    crew: Crew | None = work.shared.get(_name(data))
    if crew is None:
        workspace_id, user_id = data["workspace"], data["user"]
        with work.read(workspace_id, user_id) as tx:
            outset = load_outset(tx, work.db, runs.get_by_key(tx, data["run"]))
            setting = int(str(get_setting(tx, "max_concurrent_enrichments").value))
        writer = Writer(lambda: work.write(workspace_id, user_id))
        writer.start()
        at_once = outset.concurrency or setting
        calls = asyncio.Semaphore(at_once)
        crew = Crew(work, data["run"], workspace_id, user_id, outset, writer, at_once, calls)
        work.shared[_name(data)] = crew
    return crew


def _name(data: Mapping[str, Any]) -> str:
    return f"enrich:{data['run']}"
