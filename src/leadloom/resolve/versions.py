"""The models of a workspace, by version: each as it was when it came into force, never changed."""

import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from leadloom.ids import new_uuid
from leadloom.resolve.match import counting, defaults, person, stored
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.columns import gather
from leadloom.resolve.match.matcher import OF_PEOPLE, Matcher
from leadloom.resolve.match.model import Model
from leadloom.resolve.weighing import BY_KEYS, Rule, Weighing
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_new, reserve_ids
from leadloom.storage.tables import models, records
from leadloom.storage.types import dump_json, load_json
from leadloom.undisturbed import undisturbed

BUILT_IN, LEARNED, TRAINED = "built-in", "learned", "trained"
"""Where a model comes from: with the release, from the table by itself, or because asked for."""

GROWTH = 4
"""A table that has grown so many times since its census was taken needs another."""

FEWEST = 500
"""Records; a smaller table has no census of its own."""

_SAMPLE = 20_000
_REMEMBERED = 16


@dataclass(frozen=True, slots=True)
class Version:
    """A model with its census, by number; `records` is how many there were when it was made."""

    number: int
    origin: str
    records: int
    matcher: Matcher

    @property
    def rule(self) -> Weighing:
        """The rule that judges by it."""
        return Weighing(self.matcher)


# Versions never change: one read is remembered for good, by its public id.
_read: OrderedDict[uuid.UUID, Version] = OrderedDict()


class Due(NamedTuple):
    """A version that has to come into force, and the number of the one it follows, if any."""

    after: int | None
    model: Model
    census: Census
    origin: str
    run_id: int | None = None


def in_force(tx: Tx) -> Version:
    """Return the version that places what comes in now."""
    return _newest(tx) or put(tx, _with_built_in(tx, None))


def is_outgrown(tx: Tx) -> bool:
    """Whether the table has outgrown the version in force, or the built-in model is another by now.

    Asked after so many rows, and not after so much time: the same files give the same on a slow
    machine as on a fast one.
    """
    found = in_force(tx)
    if found.origin == BUILT_IN and _plain(found.matcher.model) != _built_in():
        return True
    return _last(tx) >= _outgrown_at(found) and _count(tx) >= _outgrown_at(found)


def due(tx: Tx) -> Due:
    """Return what must come into force where one is outgrown.

    It reads a sample of the table and writes nothing: who writes need not wait for it.
    """
    found = newest(tx)
    return (_with_built_in if found.origin == BUILT_IN else _counted_anew)(tx, found)


def put(tx: Tx, wanted: Due) -> Version:
    """Put in force what is due, unless somebody was quicker; return what is in force then."""
    found = _newest(tx)
    if found and found.number != wanted.after:
        return found
    _, model, census, origin, run_id = wanted
    return put_in_force(tx, model, census, origin=origin, run_id=run_id)


def newest(tx: Tx) -> Version:
    """Return the version in force; the built-in one, put nowhere, before anything came in."""
    return _newest(tx) or Version(0, BUILT_IN, 0, Matcher(defaults.people(), Census()))


def version_of(tx: Tx, number: int) -> Version:
    """Return a version by its number; the one in force when there is none of that number."""
    return _get(tx, _NUMBERED, number=number) or in_force(tx)


def put_in_force(
    tx: Tx, model: Model, census: Census, *, origin: str, run_id: int | None = None
) -> Version:
    """Keep a model with its census as the next version: it places what comes in from now on."""
    newest = tx.conn.scalar(
        sa.select(sa.func.max(models.c.version)).where(models.c.workspace_id == tx.workspace_id)
    )
    number = (newest or 0) + 1
    row = {
        "id": reserve_ids(tx.conn, models, 1)[0],
        "uuid": new_uuid(),
        "workspace_id": tx.workspace_id,
        "version": number,
        "origin": origin,
        "run_id": run_id,
        "records": model.records,
        "model": dump_json(stored.frozen(model.changed(version=number))),
        "census": dump_json(stored.frozen_census(census)),
        **tx.stamp(),
    }
    insert_new(tx.conn, models, [row])  # who comes second finds the first one's
    return version_of(tx, number)


def retire(tx: Tx, run_id: int) -> int:
    """Take what a run put in force out of it; return how many versions those were."""
    mine = sa.and_(models.c.run_id == run_id, models.c.retired_at.is_(None))
    retiring = models.update().where(mine).values(retired_at=tx.now, **tx.touch())
    return int(tx.conn.execute(retiring).rowcount)


class Rules:
    """The rules by which records were placed, by the number of the version."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._known: dict[int | None, Rule] = {None: BY_KEYS}

    def of(self, number: int | None) -> Rule:
        """Return the rule of a version; of none, that from before there were versions."""
        if number not in self._known:
            assert number is not None
            self._known[number] = version_of(self._tx, number).rule
        return self._known[number]


def census_of(facts: Iterable[Mapping[str, Any]], records_in_all: int) -> Census:
    """Count how common values are among people of a sample, as if it were the whole table."""
    with undisturbed():
        columns = gather(facts, person.terms_of, lambda terms: (), len(OF_PEOPLE))
        if not len(columns):
            return Census()
        census = counting.of_people(columns)
    scale = records_in_all / len(columns)
    if scale <= 1:
        return census.common()
    counts = {
        kind: {value: round(seen * scale) for value, seen in values.items() if seen > 1}
        for kind, values in census.counts.items()
    }
    return Census(records_in_all, counts)


def _newest(tx: Tx) -> Version | None:
    return _get(tx, _NEWEST)


_HERE = sa.select(models.c.uuid, models.c.id).where(
    models.c.workspace_id == sa.bindparam("workspace")
)
_NEWEST = _HERE.where(models.c.retired_at.is_(None)).order_by(models.c.version.desc()).limit(1)
_NUMBERED = _HERE.where(models.c.version == sa.bindparam("number"))


def _get(tx: Tx, query: sa.Select[Any], **given: Any) -> Version | None:
    if (found := tx.conn.execute(query, {"workspace": tx.workspace_id, **given}).first()) is None:
        return None
    if found.uuid not in _read:
        row = tx.conn.execute(sa.select(models).where(models.c.id == found.id)).one()
        while len(_read) >= _REMEMBERED:
            _read.popitem(last=False)
        _read[found.uuid] = _thaw(row)
    return _read[found.uuid]


def _thaw(row: Any) -> Version:
    model = stored.thawed(load_json(row.model))
    census = stored.thawed_census(load_json(row.census))
    usual = defaults.people()
    if [(one.name, one.levels) for one in model.fields] != [
        (one.name, one.levels) for one in usual.fields
    ]:  # made for comparisons that this release has no more
        model = usual.changed(records=model.records, version=row.version)
    return Version(row.version, row.origin, row.records, Matcher(model, census))


def _with_built_in(tx: Tx, before: Version | None) -> Due:
    count = _count(tx)
    if count < FEWEST:
        census = Census()
    elif before is not None and count < _outgrown_at(before):
        census, count = before.matcher.census, before.records
    else:
        census = census_of(_sample(tx), count)
    after = before.number if before else None
    return Due(after, defaults.people().with_records(count), census, BUILT_IN)


def _counted_anew(tx: Tx, before: Version) -> Due:
    """Return the model that was learned for the table as it is now; it is undone with it."""
    count = _count(tx)
    mine = sa.and_(models.c.workspace_id == tx.workspace_id, models.c.version == before.number)
    run_id = tx.conn.scalar(sa.select(models.c.run_id).where(mine))
    model = before.matcher.model.with_records(count)
    return Due(before.number, model, census_of(_sample(tx), count), before.origin, run_id)


def _outgrown_at(version: Version) -> int:
    return GROWTH * max(version.records, FEWEST)


_SPEAKS_OF_PEOPLE = sa.and_(
    records.c.facts.is_not(None), records.c.withdrawn_at.is_(None), records.c.lead_id.is_not(None)
)


def _last(tx: Tx) -> int:
    return tx.conn.scalar(sa.select(sa.func.max(records.c.id))) or 0


def _count(tx: Tx) -> int:
    query = sa.select(sa.func.count()).where(
        records.c.workspace_id == tx.workspace_id, _SPEAKS_OF_PEOPLE
    )
    return tx.conn.scalar(query) or 0


def _sample(tx: Tx) -> Iterable[Mapping[str, Any]]:
    """Yield what some records say: any of them, since digests are as good as drawn by lot."""
    query = (
        sa.select(records.c.facts)
        .where(
            records.c.workspace_id == tx.workspace_id,
            records.c.digest.is_not(None),
            _SPEAKS_OF_PEOPLE,
        )
        .order_by(records.c.digest)
        .limit(_SAMPLE)
    )
    return (load_json(text) for text in tx.conn.scalars(query))


def _plain(model: Model) -> str:
    return dump_json(stored.frozen(model.changed(records=0, version=0)))


@cache
def _built_in() -> str:
    return _plain(defaults.people())
