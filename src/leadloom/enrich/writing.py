"""What is written for a run of enrichment: here, or in a process of its own where there is much.

Providers and their plan hold code and stay where they are: between the two they go by their names.
"""

import dataclasses
import gc
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from leadloom.enrich.cache import Kept
from leadloom.enrich.finish import Finished, Toll, finish
from leadloom.enrich.ledger import Ask, Grant
from leadloom.enrich.outset import load_outset
from leadloom.enrich.plan import Plan
from leadloom.enrich.provider import (
    Answer,
    AnyProvider,
    Found,
    OutsideProvider,
    Provider,
    Question,
)
from leadloom.enrich.settle import Settlement, book
from leadloom.jobs.far_writer import FarWriter, Reduce, Spare
from leadloom.jobs.handlers import Work
from leadloom.jobs.writer import Handler, Writer
from leadloom.runs import run as runs
from leadloom.storage.database import Database

# What there is many of on the way.
_TRAVELLERS: tuple[type[Any], ...] = (
    Answer,
    Ask,
    Finished,
    Found,
    Grant,
    Kept,
    Question,
    Settlement,
    Toll,
)

_THRESHOLDS = (20_000, 20, 20)
_PROCESS = "leadloom.enrich.writing_process"

# The plans of the runs that are worked on in this process, by their keys.
_plans: dict[str, Plan] = {}


@dataclass(frozen=True, slots=True)
class Hello:
    """What the process has to know: the database's address, whose workspace, which run."""

    url: str
    workspace_id: int
    user_id: int
    run_id: int


HANDLERS: Mapping[str, Handler[Any, Any]] = {one.__name__: one for one in (book, finish)}
"""All there is to write, by name."""


def load_spare() -> Spare:
    """Start a process that can write for any run. Raises OSError."""
    return Spare(_PROCESS)


async def start_far(
    work: Work, workspace_id: int, user_id: int, run: int, plan: Plan, spare: Spare
) -> FarWriter:
    """Let a process write for a run. Raises DatabaseError."""
    db = work.db
    url = f"sqlite:///{db.file}" if db.file else db.url.render_as_string(hide_password=False)
    hello = Hello(url, workspace_id, user_id, run)
    return await FarWriter.start(spare, hello, travelling(run, plan))


def travelling(run_id: int, plan: Plan) -> Reduce:
    """Return how providers and the plan of a run travel."""
    key = str(run_id)
    _plans[key] = plan

    def by_name(one: AnyProvider) -> tuple[Any, ...]:
        return _provider, (key, one.name)

    by_parts: Reduce = {one: _parts_of(one) for one in _TRAVELLERS}
    by_names: Reduce = {
        OutsideProvider: by_name,
        Provider: by_name,
        Plan: lambda _: (_plan, (key,)),
    }
    return {**by_parts, **by_names}


def _parts_of(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Return how an object travels as the arguments that make it: by itself it takes longer."""
    parts = operator.attrgetter(*(one.name for one in dataclasses.fields(kind)))
    return lambda one: (kind, parts(one))


def _plan(key: str) -> Plan:
    return _plans[key]


def _provider(key: str, name: str) -> AnyProvider:
    return next(one for one in _plans[key].order if one.name == name)


def start(hello: Hello) -> tuple[Writer, Mapping[str, Handler[Any, Any]], Reduce]:
    """Make the writer of a run, in the process that is for it."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    db = Database(hello.url)
    work = Work(db, "")
    with work.read(hello.workspace_id, hello.user_id) as tx:
        outset = load_outset(tx, db, runs.get_by_key(tx, hello.run_id))
    writer = Writer(partial(work.write, hello.workspace_id, hello.user_id))
    return writer, HANDLERS, travelling(hello.run_id, outset.plan)
