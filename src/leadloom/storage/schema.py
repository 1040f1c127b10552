"""The schema's version: create it, bring it up, take it down, say where it stands."""

from pathlib import Path

import sqlalchemy as sa

from leadloom.errors import SchemaError, UsageError
from leadloom.ids import new_uuid
from leadloom.storage import backup
from leadloom.storage.database import Database
from leadloom.storage.tables import leads, metadata, users, workspaces

__all__ = ["BASE", "HEAD", "current", "downgrade", "ensure", "metadata", "revisions", "upgrade"]

# The newest revision in migrations/versions; a test holds them together.
HEAD = "0001"
BASE = "base"

DEFAULT_WORKSPACE = 1
DEFAULT_USER = 1


def ensure(db: Database) -> None:
    """Create the schema on first use, or bring it up to this version (after a backup).

    Raises SchemaError when the database was made by a newer Leadloom, or is somebody else's.
    """
    if current(db) != HEAD:
        upgrade(db)


def current(db: Database) -> str | None:
    """Return the revision the database stands at; None when it has no Leadloom schema."""
    with db.read() as conn:
        if not sa.inspect(conn).has_table("alembic_version"):
            return None
        version: str | None = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


def revisions() -> list[str]:
    """Return all revisions, oldest first."""
    folder = Path(__file__).parent / "migrations" / "versions"
    return sorted(path.name.split("_")[0] for path in folder.glob("[0-9]*.py"))


def upgrade(db: Database, target: str = HEAD) -> Path | None:
    """Bring the schema up to `target`; return the backup taken when there was data."""
    at = current(db)
    _check_known(db, at)
    _check_target(target)
    if at == target:
        return None
    saved = backup.take(db, f"before-{target}") if at and _holds_data(db) else None
    with db.write() as conn:
        if at is None:
            _refuse_strangers(db, conn)
        _run_alembic(conn, "upgrade", target)
        _add_defaults(db, conn)
    return saved


def downgrade(db: Database, target: str, *, allow_data_loss: bool = False) -> Path | None:
    """Take the schema down to `target` ("base": nothing left); return the backup taken.

    Raises UsageError when the database holds data and the loss was not allowed.
    """
    at = current(db)
    _check_known(db, at)
    _check_target(target)
    if at is None:
        raise UsageError(f"The database {db.label} has no schema to take down.")
    saved = None
    if _holds_data(db):
        if not allow_data_loss:
            raise UsageError(
                f"The database {db.label} holds data that revision {target} cannot keep: "
                "add --allow-data-loss to go on (a backup is taken first)."
            )
        saved = backup.take(db, f"before-{target}")
    with db.write() as conn:
        _run_alembic(conn, "downgrade", target)
    return saved


def _check_known(db: Database, at: str | None) -> None:
    if at is not None and at not in revisions():
        raise SchemaError(
            f"The database {db.label} was made by a newer Leadloom (revision {at}; this one knows "
            f"up to {HEAD}): update Leadloom with pip install -U leadloom."
        )


def _check_target(target: str) -> None:
    if target not in (*revisions(), BASE):
        raise UsageError(f"There is no revision {target!r}: choose from {', '.join(revisions())}.")


def _refuse_strangers(db: Database, conn: sa.Connection) -> None:
    strangers = set(sa.inspect(conn).get_table_names()) - {"alembic_version"}
    if strangers:
        raise SchemaError(
            f"The database {db.label} belongs to another program (it has a table "
            f"{min(strangers)!r}): give Leadloom a database of its own."
        )


def _holds_data(db: Database) -> bool:
    with db.read() as conn:
        inspector = sa.inspect(conn)
        return inspector.has_table(leads.name) and bool(conn.scalar(sa.select(leads.c.id).limit(1)))


def _run_alembic(conn: sa.Connection, verb: str, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = conn
    getattr(command, verb)(config, target)


def _add_defaults(db: Database, conn: sa.Connection) -> None:
    """One workspace and one user exist from the first start, and nobody has to know."""
    if conn.scalar(sa.select(workspaces.c.id).limit(1)) is not None:
        return
    now = db.now()
    stamp = {"created_at": now, "updated_at": now}
    conn.execute(workspaces.insert().values(uuid=new_uuid(), name="default", **stamp))
    conn.execute(
        users.insert().values(
            uuid=new_uuid(),
            workspace_id=DEFAULT_WORKSPACE,
            name="owner",
            role="owner",
            **stamp,
        )
    )
