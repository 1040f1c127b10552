"""Grouping everybody again: no order of arrival in it, and nothing of it is left when undone."""

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from emptied import empty
from hypothesis import given
from hypothesis import strategies as st

from laws.people import World, differences, files, world
from leadloom.imports import importer
from leadloom.resolve import resolver, undo
from leadloom.resolve.resolver import resolve
from leadloom.resolve.versions import TRAINED, in_force, put_in_force
from leadloom.storage.database import Database
from leadloom.storage.tables import leads, records


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hangs together must not depend on falling into one batch."""
    for part in (importer, undo, resolver):
        monkeypatch.setattr(part, "BATCH", 2)


@pytest.fixture
def fresh(db: Database, tmp_path: Path):
    """Make an empty world, as often as asked for."""

    def make() -> World:
        empty(db)
        return world(db, tmp_path)

    return make


def group(one: World, *, everything: bool = True) -> None:
    resolve(one.ws._session.write, everything=everything)
    assert one.ws.verify().differences == []


def groups(one: World) -> Counter[tuple[str, ...]]:
    """Which rows are one person's, told by what they say; repeated rows speak once."""
    query = (
        sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id), records.c.facts)
        .join(leads, leads.c.id == records.c.lead_id)
        .where(records.c.facts.is_not(None), records.c.withdrawn_at.is_(None))
    )
    found: dict[int, list[str]] = {}
    with one.ws._session.read() as tx:
        for lead, facts in tx.conn.execute(query):
            found.setdefault(lead, []).append(facts)
    return Counter(tuple(sorted(set(facts))) for facts in found.values())


@given(content=files, shuffled=st.randoms(use_true_random=False), everything=st.booleans())
def test_groups_do_not_depend_on_the_order_of_arrival(fresh, content, shuffled, everything) -> None:
    one = fresh()
    one.take_in(content, "a.csv")
    group(one, everything=everything)
    wanted = groups(one)

    other_order = list(content)
    shuffled.shuffle(other_order)
    one = fresh()
    one.take_in(other_order, "a.csv")
    group(one, everything=everything)
    assert groups(one) == wanted


@given(before=files, after=files)
def test_an_undone_resolve_leaves_what_was_there(fresh, before, after) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    one.take_in(after, "b.csv")
    wanted = one.seen()
    group(one)
    one.ws.runs.undo("last")
    assert differences(one.seen(), wanted) == {}
    assert one.ws.verify().differences == []


@given(before=files, undone=files, after=files)
def test_what_is_undone_after_a_resolve_leaves_what_would_be_without_it(
    fresh, before, undone, after
) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    group(one)
    one.take_in(after, "c.csv")
    wanted = one.state()

    one = fresh()
    one.take_in(before, "a.csv")
    run = one.take_in(undone, "b.csv").run
    group(one)
    one.take_in(after, "c.csv")
    one.ws.runs.undo(str(run.uuid))
    assert one.state() == wanted
    assert one.ws.verify().differences == []


@given(content=files, again=st.booleans())
def test_a_second_resolve_finds_nothing_more(fresh, content, again) -> None:
    one = fresh()
    one.take_in(content, "a.csv")
    group(one)
    before = one.seen()
    found = resolve(one.ws._session.write, everything=again)
    assert (found.counts["merged"], found.counts["parted"]) == (0, 0)
    assert differences(one.seen(), before) == {}


@given(content=files, later=files, pair=st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_a_persons_word_outranks_a_resolve(fresh, content, later, pair) -> None:
    one = fresh()
    one.take_in(content, "a.csv")
    found = one.ws.leads.find(limit=500, sort="id").items
    ends = [found[place % len(found)].id for place in pair] if found else []
    if len(set(ends)) < 2:
        return
    one.ws.leads.judge(*ends, "different")
    one.take_in(later, "b.csv")
    group(one)
    assert one.ws.leads.get(ends[0]).id != one.ws.leads.get(ends[1]).id
    one.ws.leads.merge(*ends)
    group(one)
    assert one.ws.leads.get(ends[0]).id == one.ws.leads.get(ends[1]).id


def be_stricter(one: World) -> None:
    """Put a model in force that joins hardly anybody."""
    with one.ws._session.write() as tx:
        version = in_force(tx)
        model = version.matcher.model.changed(same_at=0.9999, unsure_at=0.99)
        put_in_force(tx, model, version.matcher.census, origin=TRAINED)


@given(before=files, undone=files, after=files)
def test_an_undo_decides_by_the_models_that_were_in_force(fresh, before, undone, after) -> None:
    one = fresh()
    one.take_in(before, "a.csv")
    be_stricter(one)
    one.take_in(after, "c.csv")
    wanted = one.state()

    one = fresh()
    one.take_in(before, "a.csv")
    run = one.take_in(undone, "b.csv").run
    be_stricter(one)
    one.take_in(after, "c.csv")
    one.ws.runs.undo(str(run.uuid))
    assert one.state() == wanted
    assert one.ws.verify().differences == []
