"""The cache: what a provider answered to a question, "nothing" included, until it expires."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from leadloom.connect.reading import Marks
from leadloom.enrich.provider import Answer, OutsideProvider, Question
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, among_words, chunks, insert_new, update_rows
from leadloom.storage.tables import lookups
from leadloom.storage.types import dump_json
from leadloom.values.text import fold, tidy

# Kept beside the answers, as the last of them.
_MARKS: Final = "marks"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was kept; no `answers`: there is nothing to be found.

    `marks` are those of the pages it was read from, where each page bore one.
    """

    id: int
    answers: tuple[Answer, ...]
    fetched_at: dt.datetime
    expires_at: dt.datetime
    marks: Marks = field(default_factory=dict)

    def is_good(self, now: dt.datetime, since: dt.datetime | None) -> bool:
        """Whether it may be used now, if it must have been fetched `since` then."""
        return now < self.expires_at and (since is None or self.fetched_at >= since)


@dataclass(frozen=True, slots=True)
class CacheStats:
    """How much is kept, how much of it is "nothing" or expired, how often it was of use, and what
    asking had cost.
    """

    entries: int
    nothing: int
    expired: int
    hits: int
    cost_micro_usd: int


def told_of(question: Question, provider: OutsideProvider) -> Question:
    """Return of a question what this provider is told, and nothing else."""
    names = [*provider.needs, *provider.uses]
    values = {name: question.values[name] for name in names if question.values.get(name)}
    return Question(values, {}, ())


def digest_of(question: Question, provider: OutsideProvider) -> str:
    """Return what makes two questions to a provider the same, however they are written."""
    values = {name: _plain(value) for name, value in sorted(question.values.items())}
    text = dump_json([provider.version, values])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return fold(tidy(value))
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def find(tx: Tx, questions: Collection[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
    """Return what is kept of questions (provider, digest), expired or not."""
    found: dict[tuple[str, str], Kept] = {}
    providers = {provider for provider, _ in questions}  # without, all of the workspace are read
    for some in chunks(sorted({digest for _, digest in questions}), 500):
        query = sa.select(
            lookups.c.provider,
            lookups.c.digest,
            lookups.c.id,
            lookups.c.answers,
            lookups.c.fetched_at,
            lookups.c.expires_at,
        ).where(
            lookups.c.workspace_id == tx.workspace_id,
            lookups.c.provider.in_(providers),
            among_words(tx.conn, lookups.c.digest, some),
        )
        for provider, digest, key, answers, fetched_at, expires_at in tx.conn.execute(query):
            told = tuple(Answer(**one) for one in answers if _MARKS not in one)
            marks = _marks_in(answers)
            found[provider, digest] = Kept(key, told, fetched_at, expires_at, marks)
    return found


def _marks_in(answers: Sequence[Mapping[str, Any]]) -> Marks:
    told = answers[-1].get(_MARKS, {}) if answers else {}
    return {url: (etag, modified) for url, (etag, modified) in told.items()}


@dataclass(frozen=True, slots=True)
class Fresh:
    """An answer that has just come in; `before` is the key of the one it takes the place of."""

    provider: str
    digest: str
    lead_id: int | None
    answers: Sequence[Answer]
    cost_micro_usd: int
    expires_at: dt.datetime
    before: int | None = None
    marks: Marks = field(default_factory=dict)


def keep(tx: Tx, fresh: Sequence[Fresh]) -> None:
    """Keep answers, each in place of the one before to the same question."""
    newest = {(one.provider, one.digest): one for one in fresh}.values()
    new = [_new(tx, _row(tx, one)) for one in newest if one.before is None]
    insert_new(tx.conn, lookups, new)
    old = [{"key": one.before, **_row(tx, one)} for one in newest if one.before is not None]
    update_rows(tx.conn, lookups, old)


def _row(tx: Tx, one: Fresh) -> dict[str, Any]:
    sure = [answer.confidence for answer in one.answers]
    return {
        "provider": one.provider,
        "digest": one.digest,
        "lead_id": one.lead_id,
        "answers": [_plain_of(answer) for answer in one.answers]
        + ([{_MARKS: one.marks}] if one.marks else []),
        "confidence": max(sure, default=None),
        "cost_micro_usd": one.cost_micro_usd,
        "fetched_at": tx.now,
        "expires_at": one.expires_at,
        **tx.touch(),
    }


def _plain_of(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in Answer.__dataclass_fields__}


def _new(tx: Tx, row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **tx.stamp(), "workspace_id": tx.workspace_id, "hits": 0}


def count_hits(tx: Tx, hits: Mapping[int, int]) -> None:
    """Remember that kept answers were of use, so many times each."""
    for times in set(hits.values()):
        ids = [key for key, number in hits.items() if number == times]
        for some in chunks(ids, 500):
            tx.conn.execute(
                lookups.update()
                .where(among(tx.conn, lookups.c.id, some))
                .values(hits=lookups.c.hits + times, last_hit_at=tx.now)
            )


def stats(tx: Tx) -> CacheStats:
    """Return how much is kept in this workspace."""
    nothing = sa.case((lookups.c.confidence.is_(None), 1), else_=0)
    expired = sa.case((lookups.c.expires_at <= tx.now, 1), else_=0)
    columns = (sa.func.count(), *map(sa.func.sum, (nothing, expired, lookups.c.hits)))
    query = sa.select(*columns, sa.func.sum(lookups.c.cost_micro_usd)).where(
        lookups.c.workspace_id == tx.workspace_id
    )
    return CacheStats(*(int(number or 0) for number in tx.conn.execute(query).one()))


def clear(tx: Tx, *, provider: str | None = None, expired_only: bool = False) -> int:
    """Forget what is kept, of one provider or all; return how many answers that were."""
    gone = lookups.delete().where(lookups.c.workspace_id == tx.workspace_id)
    if provider:
        gone = gone.where(lookups.c.provider == provider)
    if expired_only:
        gone = gone.where(lookups.c.expires_at <= tx.now)
    return tx.conn.execute(gone).rowcount
