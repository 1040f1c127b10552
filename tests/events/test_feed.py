"""The feed: every event once, in the order of commits, on every database."""

import json
import random
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from leadloom.errors import ConflictError, UsageError
from leadloom.events.event import change, record, record_many
from leadloom.runs import run as runs
from leadloom.storage.bell import CHANNEL
from leadloom.storage.database import Database
from leadloom.storage.tables import events
from leadloom.workspace import Workspace


@pytest.fixture
def ws(db: Database) -> Iterator[Workspace]:
    opened = Workspace(db.url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def write(ws: Workspace, *types: str) -> None:
    with ws._session.write() as tx:
        record_many(tx, [(type, None, None) for type in types])


def test_pages_go_forward_from_any_event(ws: Workspace) -> None:
    write(ws, *(f"lead.number_{n}" for n in range(7)))
    first = ws.events.list(0, limit=3)
    assert [one.type[-1] for one in first.items] == ["0", "1", "2"]
    second = ws.events.list(int(first.next or 0), limit=4)
    assert [one.type[-1] for one in second.items] == ["3", "4", "5", "6"]
    assert second.next is None
    assert [one.type[-1] for one in ws.events.list(limit=2).items] == ["5", "6"]


def test_what_one_run_did_is_a_line_for_each_kind(ws: Workspace) -> None:
    write(ws, "lead.created", "lead.created")  # by hand: a line each
    with ws._session.write() as tx:
        run = runs.start(tx, "import", options={})
        for _ in range(3):  # batch by batch
            record_many(tx, [("lead.created", None, None)] * 40, run_id=run.id)
            record_many(tx, [("company.created", None, None)] * 20, run_id=run.id)
    whole, older = ws.events.digest()
    of_run = [(one.type, count) for one, count in whole if count > 1]
    assert of_run == [("company.created", 60), ("lead.created", 120)]
    assert (len(whole), older) == (5, None)
    told, before = 0, None
    for _ in range(9):  # pages cut lines, and lose nothing
        some, before = ws.events.digest(before=before, limit=1)
        told += sum(count for _, count in some)
        if before is None:
            break
    assert told == sum(count for _, count in whole)
    narrow, _ = ws.events.digest(types=["company.*"])
    assert [count for _, count in narrow] == [60]


def test_types_and_things_are_chosen(ws: Workspace) -> None:
    write(ws, "lead.merged", "lead.created", "leader.merged", "run.started")
    kinds = [
        [one.type for one in ws.events.list(0, types=types, entity=entity).items]
        for types, entity in ((["lead.*"], None), (["lead.merged", "run.*"], None), ([], "run"))
    ]
    assert kinds == [
        ["lead.merged", "lead.created"],
        ["lead.merged", "run.started"],
        ["run.started"],
    ]


@pytest.mark.parametrize("type", ["lead", "*", "*.created", "lead.", ".created", "le*d.x"])
def test_a_type_that_is_none_is_told_so(ws: Workspace, type: str) -> None:
    with pytest.raises(UsageError, match=r"lead\.created"):
        ws.events.listen(types=[type])


def test_a_listener_hears_what_comes_and_nothing_before(ws: Workspace) -> None:
    write(ws, "lead.before")
    heard = ws.events.listen(timeout_s=10)
    write(ws, "lead.after", "run.after")
    assert [next(heard).type, next(heard).type] == ["lead.after", "run.after"]


def test_a_listener_of_some_passes_over_the_others(ws: Workspace) -> None:
    write(ws, *["run.started"] * 1_200, "lead.merged", "run.started")
    heard = list(ws.events.listen(0, types=["lead.*"], timeout_s=0.3))
    assert [one.type for one in heard] == ["lead.merged"]


def test_what_was_only_rehearsed_is_not_heard(ws: Workspace) -> None:
    heard = ws.events.listen(timeout_s=0.5)
    with ws._session.rehearsal() as rehearsal, rehearsal.write() as tx:
        record(tx, "lead.rehearsed", None)
    assert list(heard) == []


def test_a_transaction_cannot_listen(ws: Workspace) -> None:
    with ws.transaction() as inside, pytest.raises(ConflictError):
        inside.events.listen()


def test_news_arrive_soon(ws: Workspace) -> None:
    heard = ws.events.listen(timeout_s=10)
    waits = []
    for number in range(5):
        written: list[float] = []
        threading.Timer(
            0.05,
            lambda n=number, at=written: (at.append(time.monotonic()), write(ws, f"lead.n{n}")),
        ).start()
        assert next(heard).type == f"lead.n{number}"
        waits.append(time.monotonic() - written[0])
    assert sorted(waits)[2] < 0.6


def test_no_event_is_missed_or_repeated_while_many_write(ws: Workspace) -> None:
    """Four writers with databases of their own, some of whose transactions come to nothing."""
    url = ws.db.url.render_as_string(hide_password=False)
    heard: list[int] = []
    following = ws.events.listen(0, timeout_s=4)
    listener = threading.Thread(target=lambda: heard.extend(one.id for one in following))
    listener.start()
    writers = [threading.Thread(target=write_much, args=(url, seed)) for seed in range(4)]
    for one in writers:
        one.start()
    for one in (*writers, listener):
        one.join(60)
    with ws.db.read() as conn:
        written = list(conn.scalars(sa.select(events.c.id).order_by(events.c.id)))
    assert len(written) > 100
    assert heard == written


def write_much(url: str, seed: int) -> None:
    dice = random.Random(seed)
    with Workspace(url) as ws:
        for _ in range(25):
            try:
                with ws._session.write() as tx:
                    for _ in range(dice.randint(1, 3)):
                        record_many(tx, [("lead.written", seed, None)] * dice.randint(1, 4))
                        time.sleep(dice.random() / 200)
                    if dice.random() < 0.25:
                        raise LookupError
            except LookupError:
                continue


def test_data_say_which_fields_changed_but_not_to_what() -> None:
    assert change({"title": ["Buyer", "Head"], "status": ["raw", "enriched"]}) == {
        "changed": ["title", "status"],
        "old": {"status": "raw"},
        "new": {"status": "enriched"},
    }


def listening(db: Database) -> psycopg.Connection[tuple[object, ...]]:
    args, options = db.engine.dialect.create_connect_args(db.url)
    connection = psycopg.connect(*args, **options, autocommit=True)
    connection.execute(f"LISTEN {CHANNEL}")
    return connection


def test_a_bulk_write_notifies_once_for_each_type(ws: Workspace) -> None:
    if ws.db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL notifies")
    with listening(ws.db) as connection:
        write(ws, *["lead.created"] * 3_000, "lead.merged")
        told = [json.loads(one.payload) for one in connection.notifies(timeout=0.5)]
    ids = {one.type: one.id for one in ws.events.list(limit=2).items}
    assert [(one["type"], one["entity"], one["count"]) for one in told] == [
        ("lead.created", "lead", 3_000),
        ("lead.merged", "lead", 1),
    ]
    assert {one["type"]: one["id"] for one in told} == ids


def test_a_listener_whose_connection_is_cut_goes_on(ws: Workspace) -> None:
    if ws.db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL listens on a connection of its own")
    heard = ws.events.listen(timeout_s=10)
    write(ws, "lead.one")
    assert next(heard).type == "lead.one"
    with ws.db.engine.connect() as conn:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
        assert conn.execute(sa.text(cut)).all()
    write(ws, "lead.two", "lead.three")
    assert [next(heard).type, next(heard).type] == ["lead.two", "lead.three"]
