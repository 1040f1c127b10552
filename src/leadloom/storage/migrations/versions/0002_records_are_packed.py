"""Records take half of their room: what they say is packed.

Rows from before stay as they are and are read as before; new ones are packed.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from leadloom.storage.packing import Packed

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("records", "original", True),
    ("records", "facts", True),
    ("companies", "winners", False),
)
_AT_A_TIME = 5_000


def upgrade() -> None:
    for table, column, nullable in _COLUMNS:
        _retype(table, column, nullable, "BYTEA", mysql.LONGBLOB(), "convert_to")


def downgrade() -> None:
    for table, column, nullable in _COLUMNS:
        _unpack(table, column)
        _retype(table, column, nullable, "TEXT", mysql.LONGTEXT(), "convert_from")


def _retype(
    table: str,
    column: str,
    nullable: bool,
    postgres: str,
    maria: sa.types.TypeEngine[Any],
    via: str,
) -> None:
    """SQLite needs nothing: its columns hold bytes and text alike."""
    name = op.get_bind().dialect.name
    if name == "postgresql":
        op.execute(
            f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {postgres} "
            f"USING {via}({column}, 'UTF8')"
        )
    elif name in ("mysql", "mariadb"):
        op.alter_column(table, column, type_=maria, existing_nullable=nullable)


def _unpack(table: str, column: str) -> None:
    """Write every value as plain text again, still as bytes where the column wants them."""
    conn = op.get_bind()
    packed = sa.table(table, sa.column("id", sa.BigInteger), sa.column(column, Packed))
    plain = sa.table(table, sa.column("id", sa.BigInteger), sa.column(column, _plain_type(conn)))
    where = plain.c.id == sa.bindparam("key")
    update = plain.update().where(where).values({column: sa.bindparam("text")})
    last = -1
    while rows := conn.execute(
        sa.select(packed.c.id, packed.c[column])
        .where(packed.c.id > last)
        .order_by(packed.c.id)
        .limit(_AT_A_TIME)
    ).all():
        last = rows[-1][0]
        texts = [
            {"key": key, "text": text if conn.dialect.name == "sqlite" else text.encode()}
            for key, text in rows
            if text is not None
        ]
        if texts:
            conn.execute(update, texts)


def _plain_type(conn: sa.Connection) -> sa.types.TypeEngine[Any]:
    return sa.Text() if conn.dialect.name == "sqlite" else sa.LargeBinary()
