"""Packed text comes back as it was, takes less room, and text from before is still read."""

from importlib import resources

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from leadloom.storage import schema
from leadloom.storage.copy import copy
from leadloom.storage.database import Database
from leadloom.storage.packing import pack, pack_as_before, unpack
from leadloom.storage.packing_words import WORDS_2
from leadloom.storage.tables import records
from leadloom.storage.types import dump_json
from leadloom.workspace import Workspace

_WITH_WORDS_1 = (
    "012035450100f87b416461204c696e223a5b22616461406c696e642e6578616d706c65225d7d020054a4b0c461ae"
)
_WITH_WORDS_2 = "022035150100a3c1042514fa6388f42f7e0aaf1d2d1ebad54c0f2fa403fc6611b4814d4b54dd5817"
_JSON = st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=20).map(dump_json)


@given(st.one_of(_JSON, st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_what_is_packed_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text


def test_a_row_takes_less_than_half_its_room() -> None:
    row = dump_json(
        {
            "First Name": "Donna",
            "Last Name": "Wallace",
            "Email": "donna.wallace@hazelside-water.com",
            "Phone": "214.533.7586",
            "Company": "Hazelside Water LLC",
            "Website": "https://www.hazelside-water.com",
            "LinkedIn URL": "",
            "Company Size": "51-200",
            "Lead Owner": "Unassigned",
        }
    )
    assert len(pack(row)) < len(row) * 0.45
    assert len(pack(row)) < len(pack_as_before(row))


@pytest.mark.parametrize("packed", [_WITH_WORDS_1, _WITH_WORDS_2])
def test_packed_long_ago_is_read_today(packed: str) -> None:
    # Frozen: these bytes are in people's databases.
    assert unpack(bytes.fromhex(packed)) == '{"full_name":"Ada Lind","email":["ada@lind.example"]}'


def test_the_second_words_are_those_we_wrote_and_no_others() -> None:
    file = resources.files("leadloom.storage") / "packing_words_2.zdict"
    learned, words, rest = file.read_bytes().partition(WORDS_2.encode())
    assert words
    assert not rest
    assert len(learned) < 500


def test_text_from_before_is_read_and_new_text_is_packed(db: Database) -> None:
    ws = Workspace(db.url.render_as_string(hide_password=False))
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@lind.example", "title": "Head of Sales"})
    with db.write() as conn:
        plain = conn.scalar(sa.select(records.c.facts))
        assert plain is not None
        raw = conn.scalar(sa.select(sa.type_coerce(records.c.facts, sa.LargeBinary)))
        assert raw is not None
        assert len(raw) < len(plain)
        conn.execute(sa.update(records).values(facts=plain.encode()))
    with db.read() as conn:
        assert conn.scalar(sa.select(records.c.facts)) == plain
    ws.close()


def test_an_upgrade_packs_what_was_there(db: Database) -> None:
    ws = Workspace(db.url.render_as_string(hide_password=False))
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@lind.example", "title": "Head of Sales"})
    ws.close()
    with db.read() as conn:
        as_packed = _sizes(conn)
    schema.downgrade(db, "0001", allow_data_loss=True)
    schema.upgrade(db, "0002")
    with db.read() as conn:
        assert _sizes(conn) > as_packed
    schema.upgrade(db)
    with db.read() as conn:
        assert _sizes(conn) == as_packed


def test_what_is_packed_anew_is_readable_for_the_version_one_goes_down_to(
    db: Database, lite: Database
) -> None:
    ws = Workspace(db.url.render_as_string(hide_password=False))
    ws.leads.add({"full_name": "Ada Lind", "email": "ada@lind.example", "title": "Head of Sales"})
    ws.close()
    with db.read() as conn:
        before = conn.execute(sa.select(records.c.original, records.c.facts)).all()
        assert b"\x02" in _marks(conn)
    schema.downgrade(db, "0014", allow_data_loss=True)
    with db.read() as conn:
        assert _marks(conn) == {b"\x01"}
        assert conn.execute(sa.select(records.c.original, records.c.facts)).all() == before
    copy(db, lite, force=True)
    with lite.read() as conn:
        assert _marks(conn) == {b"\x01"}
    schema.upgrade(db)


def _marks(conn: sa.Connection) -> set[bytes]:
    """The first bytes of what all records hold packed."""
    stored = [sa.type_coerce(one, sa.types.NULLTYPE) for one in (records.c.facts,)]
    return {bytes(row[0])[:1] for row in conn.execute(sa.select(*stored)) if row[0]}


def _sizes(conn: sa.Connection) -> int:
    """The bytes that all records take."""
    as_stored = [
        sa.type_coerce(one, sa.types.NULLTYPE) for one in (records.c.original, records.c.facts)
    ]
    texts = [text for row in conn.execute(sa.select(*as_stored)) for text in row if text]
    return sum(len(text.encode() if isinstance(text, str) else text) for text in texts)
