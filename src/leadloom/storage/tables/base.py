"""What every table has: a key, its workspace, and who touched it when."""

from typing import Any

import sqlalchemy as sa

from leadloom.storage.types import Key, UtcTime, Uuid16

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> sa.Column[int]:
    """The integer key inside; ids once given are never given again (AUTOINCREMENT on SQLite)."""
    return sa.Column("id", Key, sa.Identity(), primary_key=True)


def public_id() -> sa.Column[Any]:
    """The UUIDv7 that the outside knows the row by."""
    return sa.Column("uuid", Uuid16, nullable=False, unique=True)


def workspace(primary_key: bool = False) -> sa.Column[int]:
    """Who owns the row."""
    return sa.Column("workspace_id", sa.Integer, primary_key=primary_key, nullable=False)


def refers(name: str, target: str, **options: Any) -> sa.Column[int]:
    """A column that holds the key of a row in `target` ("runs.id")."""
    nullable = options.pop("nullable", True)
    index = options.pop("index", False)
    return sa.Column(name, Key, sa.ForeignKey(target, **options), nullable=nullable, index=index)


def audit() -> list[sa.Column[Any]]:
    """When the row was made and last changed, and by which user."""
    return [
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.Column("created_by", sa.Integer),
        sa.Column("updated_by", sa.Integer),
    ]


def deletion() -> list[sa.Column[Any]]:
    """Set when a person deleted the row; it can be restored until it is purged."""
    return [sa.Column("deleted_at", UtcTime), sa.Column("deleted_by", sa.Integer)]


def table(name: str, *items: Any, **options: Any) -> sa.Table:
    """A table of the product; SQLite's keys are never reused."""
    return sa.Table(name, metadata, *items, sqlite_autoincrement=True, **options)
