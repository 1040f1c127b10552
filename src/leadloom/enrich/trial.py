"""Trying a provider with one question, in the ledger and within the day's limit like any other."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from leadloom.connect import http
from leadloom.connect.money import usd
from leadloom.connect.web import Web
from leadloom.enrich import cache, pace
from leadloom.enrich.calling import Called, call
from leadloom.enrich.ledger import Ask, Grant, Refused
from leadloom.enrich.outset import fitted, secret_of, why_off
from leadloom.enrich.provider import Answer, AnyProvider, Line, OutsideProvider, Provider, Question
from leadloom.enrich.settle import book
from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.runs import run as runs
from leadloom.secrets.secret import list_secrets
from leadloom.storage.database import Database, Tx

KIND = "trial"

OpenTx = Callable[[], AbstractContextManager[Tx]]


@dataclass(frozen=True, slots=True)
class Trial:
    """What one question to a provider came to; `error` says why there is no answer."""

    provider: str
    asked: Mapping[str, Any]
    answers: Sequence[Answer]
    cost_usd: Decimal
    duration_ms: int
    error: str | None = None


def try_out(db: Database, open_tx: OpenTx, name: str, values: Mapping[str, str]) -> Trial:
    """Ask a provider about `values`, or about its own example when there are none.

    Raises NotFoundError, UsageError when something that it needs is missing, and ConflictError when
    the day's limit is used up.
    """
    with open_tx() as tx:
        provider = _provider(tx, name)
        question = _question(provider, values)
        if isinstance(provider, Provider):
            return _found_here(provider, question)
        told = cache.told_of(question, provider)
        run = runs.start(tx, KIND, options={"provider": name}, agent="enricher")
        ask = _ask(tx, run.id, provider, cache.digest_of(told, provider))
        secret = secret_of(tx, db, provider) if provider.secret else None
        _wake(tx, name)
        grant = book(tx, [ask])[0]
        if not isinstance(grant, Grant):
            reason = grant.reason if isinstance(grant, Refused) else "somebody asks the same now"
            raise ConflictError(f"The provider {name} was not asked: {reason}.")
    called = asyncio.run(_call(provider, told, secret, ask.digest))
    done = called.settlement(ask, grant, db.now() + dt.timedelta(days=provider.cache_days or 1))
    with open_tx() as tx:
        book(tx, [done])
        runs.finish(tx, run.id, "failed" if done.error else "completed", error=done.error)
    answers = called.found.answers if called.found else ()
    return Trial(name, told.values, answers, usd(done.cost), called.duration_ms, done.error)


def _found_here(provider: Provider, question: Question) -> Trial:
    found: Sequence[Answer] = ()
    error = None
    try:
        found = provider.find(question)
    except Exception as fault:  # somebody else's code
        error = f"its code failed ({type(fault).__name__})"
    return Trial(provider.name, question.values, found, Decimal(0), 0, error)


def _provider(tx: Tx, name: str) -> AnyProvider:
    there = fitted(tx)
    if name not in there:
        raise NotFoundError(f"There is no provider {name!r}: choose from {', '.join(there)}.")
    kept = {secret.name for secret in list_secrets(tx)}
    if off := why_off(there[name], kept):
        raise UsageError(f"The provider {name} cannot be asked: {off}.")
    return there[name]


def _question(provider: AnyProvider, values: Mapping[str, str]) -> Question:
    known: dict[str, Any] = dict(values) or dict(provider.example)
    for field in ("email", "phone"):
        if isinstance(known.get(field), str):
            known[field] = [known[field]]
    if missing := [need for need in provider.needs if not known.get(need)]:
        raise UsageError(
            f"The provider {provider.name} needs to know {' and '.join(missing)}: add "
            f"{missing[0]}=…"
        )
    firm = {key.removeprefix("company."): one for key, one in known.items() if "company." in key}
    return Question(known, firm, ())


def _ask(tx: Tx, run_id: int, provider: OutsideProvider, digest: str) -> Ask:
    return Ask(run_id, 1, provider, digest, None, KIND, tx.now, since=tx.now)


def _wake(tx: Tx, name: str) -> None:
    """Whoever tries it out has mended what was wrong, or wants to see it."""
    there = pace.load(tx, [name])
    there[name].succeed()
    pace.save(tx, there.values())


async def _call(
    provider: OutsideProvider, told: Question, secret: str | None, digest: str
) -> Called:
    async with http.client(provider.timeout_s) as line, Web() as web:
        return await call(provider, told, Line(line, secret, digest, web))
