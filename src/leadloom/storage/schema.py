"""The schema's version: create it, bring it up, take it down, say where it stands."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from leadloom.errors import LeadloomError, SchemaError, UsageError
from leadloom.ids import new_uuid
from leadloom.storage import extensions, partitions, side_indexes, views, walls
from leadloom.storage.backups import backup
from leadloom.storage.backups.progress import UNFINISHED
from leadloom.storage.database import Database
from leadloom.storage.tables import leads, metadata, users, workspaces
from leadloom.storage.telling import telling
from leadloom.storage.upgrades import backfill, online, resuming
from leadloom.storage.upgrades.revisions import revisions

__all__ = ["BASE", "HEAD", "current", "downgrade", "ensure", "metadata", "revisions", "upgrade"]

# The newest revision in migrations/versions; a test holds them together.
HEAD = "0019"
BASE = "base"

# From this revision on, workspaces are walled off from each other where the server can.
_WALLED = "0004"

DEFAULT_WORKSPACE = 1
DEFAULT_USER = 1


def ensure(db: Database) -> None:
    """Create the schema on first use, or bring it up to this version (after a backup).

    Raises SchemaError when the database was made by a newer Leadloom, or is somebody else's.
    """
    if current(db) != HEAD or _cut_short(db):
        upgrade(db)
        return
    with db.read() as conn:
        is_owner = walls.may_change(conn)
        waits = is_owner and bool(backfill.pending(conn))
        is_ahead = not is_owner or partitions.is_ahead(conn)
        is_indexed = not is_owner or not side_indexes.lacking(conn)
    if not is_ahead:
        with db.write() as conn:
            partitions.make_ahead(conn)
    if not is_indexed:
        _index(db)
    if waits:
        backfill.run(db)


def current(db: Database) -> str | None:
    """Return the revision the database stands at; None when it has no Leadloom schema."""
    with db.read() as conn:
        return _current(conn)


def _current(conn: sa.Connection) -> str | None:
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    version: str | None = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _cut_short(db: Database) -> resuming.Cut | None:
    with db.read() as conn:
        return resuming.cut_short(conn)


def upgrade(
    db: Database,
    target: str = HEAD,
    on_progress: backfill.Progress = lambda about, rows: None,
) -> Path | None:
    """Bring the schema up to `target`; return the backup taken when there was data.

    What is stored follows in batches, of which `on_progress` hears; see `backfill`.
    """
    at = current(db)
    check_known(db.label, at)
    check_target(target)
    cut = _cut_short(db)
    resuming.refuse_half(db.label, cut)
    if at == target and not cut:
        _follow(db, target, on_progress)
        return None
    saved = _saved(db, target) if at and holds_data(db) else None
    with _needed(db, at, saved):
        online.change(db, lambda conn: _upgrade(db, conn, target))
    _follow(db, target, on_progress)
    return saved


def _saved(db: Database, target: str) -> Path:
    """Take the backup before a change; another process may be changing the schema meanwhile."""
    return online.insisting(lambda: backup.take(db, f"before-{target}"))


@contextlib.contextmanager
def _needed(db: Database, at: str | None, saved: Path | None) -> Iterator[None]:
    """Take a backup away again when the change it was taken for came to nothing.

    Else everybody who starts the product while the disk is full, or somebody keeps the database
    to himself, would leave another one behind.
    """
    try:
        yield
    except Exception:
        with contextlib.suppress(LeadloomError, OSError):
            if saved and current(db) == at and not _cut_short(db):
                saved.unlink(missing_ok=True)
        raise


def _upgrade(db: Database, conn: sa.Connection, target: str) -> None:
    at = _current(conn)
    if at == target and not resuming.cut_short(conn):
        return  # another process was quicker, and may build indexes by now: out of its way
    with resuming.resumable(conn, "upgrade", target):
        if at is None:
            _refuse_strangers(db, conn)
        views.drop(conn)
        _run_alembic(conn, "upgrade", target)
        views.create(conn, _current(conn))
        backfill.enlist(conn, _current(conn), db.now(), is_new=at is None)
        if target >= _WALLED:
            walls.build(conn)  # round what later revisions added
        _add_defaults(db, conn)


def downgrade(db: Database, target: str, *, allow_data_loss: bool = False) -> Path | None:
    """Take the schema down to `target` ("base": nothing left); return the backup taken.

    Raises UsageError when the database holds data and the loss was not allowed.
    """
    at = current(db)
    check_known(db.label, at)
    check_target(target)
    if at is None:
        raise UsageError(f"The database {db.label} has no schema to take down.")
    saved = None
    if holds_data(db):
        if not allow_data_loss:
            raise UsageError(
                f"The database {db.label} holds data that revision {target} cannot keep: "
                "add --allow-data-loss to go on (a backup is taken first)."
            )
        saved = _saved(db, target)
    with _needed(db, at, saved):
        online.change(db, lambda conn: _downgrade(db, conn, target))
    return saved


def _downgrade(db: Database, conn: sa.Connection, target: str) -> None:
    with resuming.resumable(conn, "downgrade", target):
        views.drop(conn)
        _run_alembic(conn, "downgrade", target)
        partitions.forget_gone(conn)
        views.create(conn, _current(conn))
        backfill.enlist(conn, _current(conn), db.now(), is_new=False)


def _follow(db: Database, target: str, on_progress: backfill.Progress) -> None:
    """Let what is stored follow; only the newest schema is one that every step knows."""
    if target == HEAD:
        _index(db)
        backfill.run(db, on_progress)


def _index(db: Database) -> None:
    with telling(db.label, db.file):
        side_indexes.build(db.engine)


def check_known(label: str, at: str | None) -> None:
    """Raise SchemaError for a revision this version does not know, or a copy that is not whole."""
    if at == UNFINISHED:
        raise SchemaError(
            f"The database {label} holds a copy that is not finished: finish it with the same "
            "`leadloom db copy` and --resume, or the same `leadloom db restore` again."
        )
    if at is not None and at not in revisions():
        raise SchemaError(
            f"The database {label} was made by a newer Leadloom (revision {at}; this one knows "
            f"up to {HEAD}): update Leadloom with pip install -U leadloom."
        )


def check_unmoved(conn: sa.Connection) -> None:
    """Raise SchemaError when the schema went to another version since this process began.

    What this version writes then lacks what has followed the upgrade meanwhile; see `backfill`.
    """
    at = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
    if at not in (HEAD, UNFINISHED):
        raise SchemaError(
            f"The database was brought to revision {at} meanwhile, and this Leadloom works with "
            f"{HEAD}: what was confirmed is kept; go on with `leadloom run resume last` and the "
            "Leadloom that did it."
        )


def check_target(target: str) -> None:
    """Raise UsageError when there is no such revision."""
    if target not in (*revisions(), BASE):
        raise UsageError(f"There is no revision {target!r}: choose from {', '.join(revisions())}.")


def _refuse_strangers(db: Database, conn: sa.Connection) -> None:
    found = set(sa.inspect(conn).get_table_names())
    strangers = found - {"alembic_version", resuming.MARKER} - extensions.tables(conn)
    if strangers and not resuming.is_resuming(conn):
        raise SchemaError(
            f"The database {db.label} belongs to another program (it has a table "
            f"{min(strangers)!r}): give Leadloom a database of its own."
        )


def holds_data(db: Database) -> bool:
    """Whether there is anything that a change of the schema could lose."""
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
