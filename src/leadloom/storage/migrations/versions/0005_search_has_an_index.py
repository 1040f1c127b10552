"""Search looks into an index of its own, not into a column."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from leadloom.storage.types import Json
from leadloom.values.text import fold

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SEARCHED = {
    "leads": ("full_name", "company", "title", "nickname", "domain", "city", "notes"),
    "companies": ("name", "domain", "phone", "city", "industry"),
}
_LISTS = {"leads": ("emails", "phones", "tags"), "companies": ("tags",)}
# Lists that are stored only when there is more than one; a single one has its own column.
_SINGLE = {"emails": "email", "phones": "phone"}
_BATCH = 5_000


def upgrade() -> None:
    for table in _SEARCHED:
        op.drop_column(table, "search_text")


def downgrade() -> None:
    """Put the column back, with what the version before searches in."""
    for table in _SEARCHED:
        is_sqlite = op.get_bind().dialect.name == "sqlite"
        # SQLite would copy the whole table to forbid empty values afterwards.
        given: dict[str, Any] = {"nullable": False, "server_default": ""} if is_sqlite else {}
        op.add_column(table, sa.Column("search_text", sa.Text(), **given))
        _fill(table)
        if not is_sqlite:
            op.alter_column(table, "search_text", existing_type=sa.Text(), nullable=False)


def _fill(name: str) -> None:
    conn = op.get_bind()
    names = [*_SEARCHED[name], *(_SINGLE.values() if name == "leads" else ())]
    lists = [*_LISTS[name], *(["custom"] if name == "leads" else [])]
    table = sa.table(
        name,
        sa.column("id", sa.BigInteger),
        sa.column("search_text", sa.Text),
        *[sa.column(one, sa.Text) for one in names],
        *[sa.column(one, Json) for one in lists],
    )
    last = 0
    while True:
        query = sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        rows = conn.execute(query).all()
        if not rows:
            return
        last = rows[-1].id
        change = table.update().where(table.c.id == sa.bindparam("key"))
        conn.execute(
            change.values(search_text=sa.bindparam("words")),
            [{"key": row.id, "words": _words(name, row._mapping)} for row in rows],
        )


def _words(name: str, row: Any) -> str:
    words = [row[one] for one in _SEARCHED[name] if row[one]]
    for one in _LISTS[name]:
        words += row[one] or ([row[_SINGLE[one]]] if one in _SINGLE and row[_SINGLE[one]] else [])
    if name == "leads":
        words += (row["custom"] or {}).values()
    return fold(" ".join(map(str, words)))
