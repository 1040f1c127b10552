"""What a database does with values, keys and turns is the same on every kind of database."""

import datetime as dt
import threading
import time
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from emptied import empty
from hypothesis import given
from hypothesis import strategies as st

from leadloom.errors import IntegrityError, UsageError
from leadloom.storage import mariadb
from leadloom.storage.database import Database, parse_url
from leadloom.storage.dialect import among, insert_new, insert_rows, reserve_ids
from leadloom.storage.tables import lead_keys, settings, sources

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, dt.UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def _source(name: str, **more: Any) -> dict[str, Any]:
    stamp = {"created_at": NOW, "updated_at": NOW, "created_by": 1, "updated_by": 1}
    made = {"uuid": uuid.uuid4(), "workspace_id": 1, "name": name, "kind": "file", "trust": 0.1}
    return made | stamp | more


def _names(conn: sa.Connection, query: Any) -> list[str]:
    return list(conn.scalars(query))


@given(names=st.lists(TEXTS, min_size=1, max_size=20, unique=True))
def test_any_text_comes_back_as_it_went_in_and_sorts_by_its_letters_numbers(
    db: Database, names: list[str]
) -> None:
    with db.rehearse() as conn:
        insert_rows(conn, sources, [_source(name) for name in names])
        found = _names(conn, sa.select(sources.c.name).order_by(sources.c.name))
    assert found == sorted(names)


def test_values_come_back_exactly(db: Database) -> None:
    trust = 0.1234567890123456
    with db.rehearse() as conn:
        insert_rows(conn, sources, [_source('back\\slash \'n %s 50% "q"', trust=trust)])
        row = conn.execute(sa.select(sources)).one()
    assert row.created_at == NOW
    assert row.trust == trust
    assert row.name == 'back\\slash \'n %s 50% "q"'


def test_a_text_may_be_as_long_as_it_likes(db: Database) -> None:
    value = "é" * 200_000
    with db.rehearse() as conn:
        stamp = {"created_at": NOW, "updated_at": NOW}
        insert_rows(conn, settings, [{"workspace_id": 1, "key": "x", "value": [value]} | stamp])
        assert conn.scalar(sa.select(settings.c.value)) == [value]


def test_equal_means_equal(db: Database) -> None:
    """Case, accents and spaces at the end count; in an index, too."""
    names = ["Café", "Cafe", "cafe", "cafe ", "CAFÉ"]
    with db.rehearse() as conn:
        insert_rows(conn, sources, [_source(name) for name in names])
        for name in names:
            assert _names(conn, sa.select(sources.c.name).where(sources.c.name == name)) == [name]


def test_lower_knows_the_same_letters(db: Database) -> None:
    letters = [chr(n) for n in range(0x20, 0x30000) if not 0xD800 <= n < 0xE000]
    upper = "".join(letter for letter in letters if letter.lower() != letter)
    with db.rehearse() as conn:
        insert_rows(conn, settings, [_setting("x", upper)])
        text = settings.c.value[0].as_string()
        low = conn.scalar(sa.select(sa.func.lower(text)))
        assert low == conn.scalar(sa.select(sa.func.lower(sa.literal(upper))))
    assert low == "".join("i" if one == "\u0130" else one.lower() for one in upper)


def _setting(key: str, value: str) -> dict[str, Any]:
    return {"workspace_id": 1, "key": key, "value": [value], "created_at": NOW, "updated_at": NOW}


def test_keys_are_given_once_whatever_happens_to_their_rows(db: Database) -> None:
    with db.write() as conn:
        first = [*reserve_ids(conn, sources, 3), *reserve_ids(conn, sources, 2)]
        insert_rows(conn, sources, [_source(f"s{key}", id=key) for key in first])
    with db.write() as conn:
        conn.execute(sources.delete())
        later = list(reserve_ids(conn, sources, 4))
        insert_rows(conn, sources, [_source(f"s{key}", id=key) for key in later])
        conn.execute(sources.insert().values(_source("unnumbered")))
        [own] = conn.scalars(sa.select(sources.c.id).where(sources.c.name == "unnumbered"))
    given = [*first, *later, own]
    assert given == list(range(first[0], first[0] + len(given)))


def test_new_rows_go_in_and_known_ones_stay(db: Database) -> None:
    rows = [{"workspace_id": 1, "hash": n, "lead_id": n} for n in range(-3, 3)]
    with db.rehearse() as conn:
        insert_new(conn, lead_keys, rows[:2])
        insert_new(conn, lead_keys, rows)
        assert conn.scalar(sa.select(sa.func.count()).select_from(lead_keys)) == 6


@pytest.mark.parametrize("ids", [[], [7], [*range(20_000)]])
def test_among_takes_any_number(db: Database, ids: list[int]) -> None:
    rows = [{"workspace_id": 1, "hash": n, "lead_id": n} for n in range(5, 10)]
    with db.rehearse() as conn:
        insert_rows(conn, lead_keys, rows)
        found = conn.scalars(sa.select(lead_keys.c.hash).where(among(conn, lead_keys.c.hash, ids)))
        assert sorted(found) == sorted({*range(5, 10)} & set(ids))


def test_a_name_given_twice_is_refused_and_said(db: Database) -> None:
    with pytest.raises(IntegrityError, match="nothing was changed"), db.write() as conn:
        insert_rows(conn, sources, [_source("twice"), _source("twice")])
    with db.read() as conn:
        assert _names(conn, sa.select(sources.c.name)) == []


def test_a_reader_sees_one_moment(db: Database) -> None:
    with db.read() as reader:
        before = reader.scalar(sa.select(sa.func.count()).select_from(sources))
        with db.write() as conn:
            conn.execute(sources.insert().values(_source("meanwhile")))
        assert reader.scalar(sa.select(sa.func.count()).select_from(sources)) == before
    empty(db)


def test_writers_wait_for_each_other_and_see_what_came_before(db: Database) -> None:
    """Each adds one to a number it has read: none is lost."""

    def add() -> None:
        for _ in range(5):
            with db.write() as conn:
                count = conn.scalar(sa.select(sa.func.count()).select_from(sources))
                time.sleep(0.002)
                conn.execute(sources.insert().values(_source(str(count))))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with db.read() as conn:
        assert sorted(map(int, _names(conn, sa.select(sources.c.name)))) == list(range(20))
    empty(db)


def test_a_writer_that_failed_lets_the_next_one_write(db: Database) -> None:
    with pytest.raises(IntegrityError), db.write() as conn:
        conn.execute(sources.insert(), [_source("lost"), _source("lost")])
    other = Database(db.url.render_as_string(hide_password=False))
    began = time.monotonic()
    with other.write() as conn:
        assert _names(conn, sa.select(sources.c.name)) == []
    assert time.monotonic() - began < 25
    other.close()


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql", "mariadb+mysqldb"])
def test_every_way_to_name_mariadb_is_understood(scheme: str) -> None:
    url = parse_url(f"{scheme}://me:secret@host:3307/leads?charset=latin1")
    assert (url.drivername, url.host, url.port, url.database) == (
        "mysql+pymysql",
        "host",
        3307,
        "leads",
    )
    assert not url.query


def test_an_address_without_a_database_is_told_so_without_its_password() -> None:
    with pytest.raises(UsageError, match="names no database") as caught:
        parse_url("mariadb://me:hunter2@host")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "NULL"),
        (True, "1"),
        (-5, "-5"),
        (0.1, "0.1"),
        (b"\x00'\\", "x'00275c'"),
        ("a'b\\c", "'a''b\\\\c'"),
        (dt.date(2026, 1, 2), "'2026-01-02'"),
    ],
)
def test_values_are_written_so_that_none_can_end_its_own_quotes(value: Any, written: str) -> None:
    assert mariadb.literal(value) == written
