"""Packed text comes back as it was, takes less room, and text from before is still read."""

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.packing import pack, unpack
from leadloom.storage.tables import records
from leadloom.storage.types import dump_json
from leadloom.workspace import Workspace

_OF_OLD = (
    "012035450100f87b416461204c696e223a5b22616461406c696e642e6578616d706c65225d7d020054a4b0c461ae"
)
_JSON = st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=20).map(dump_json)


@given(st.one_of(_JSON, st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_what_is_packed_comes_back(text: str) -> None:
    assert unpack(pack(text)) == text


def test_a_row_takes_little_more_than_half_its_room() -> None:
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
    assert len(pack(row)) < len(row) * 0.6


def test_packed_long_ago_is_read_today() -> None:
    # Frozen: these bytes are in people's databases.
    assert unpack(bytes.fromhex(_OF_OLD)) == '{"full_name":"Ada Lind","email":["ada@lind.example"]}'


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


def _sizes(conn: sa.Connection) -> int:
    """The bytes that all records take."""
    as_stored = [
        sa.type_coerce(one, sa.types.NULLTYPE) for one in (records.c.original, records.c.facts)
    ]
    texts = [text for row in conn.execute(sa.select(*as_stored)) for text in row if text]
    return sum(len(text.encode() if isinstance(text, str) else text) for text in texts)
