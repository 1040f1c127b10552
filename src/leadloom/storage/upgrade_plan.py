"""What bringing a schema up would do, said without doing it."""

from dataclasses import dataclass
from pathlib import Path

from leadloom.storage import schema
from leadloom.storage.database import Database
from leadloom.storage.upgrades import backfill


@dataclass(frozen=True, slots=True)
class Step:
    """One revision, and what it is about."""

    revision: str
    about: str


@dataclass(frozen=True, slots=True)
class UpgradePlan:
    """The revisions to come, what is stored that follows them, and whether a backup goes before."""

    database: str
    current: str | None
    target: str
    revisions: list[Step]
    following: list[str]
    takes_backup: bool


def plan_upgrade(db: Database, target: str | None = None) -> UpgradePlan:
    """Say what `schema.upgrade` would do; nothing is made, changed or locked.

    Raises SchemaError when the database is of a newer version, and UsageError when there is no
    such revision.
    """
    target = target or schema.HEAD
    is_there = db.file is None or db.file.exists()
    at = schema.current(db) if is_there else None
    schema.check_known(db.label, at)
    schema.check_target(target)
    steps = [one for one in _steps() if (at or "") < one.revision <= target]
    waiting = _waiting(db) if at == target == schema.HEAD else []
    coming = backfill.following([one.revision for one in steps]) if at and steps else []
    return UpgradePlan(
        db.label,
        at,
        target,
        steps,
        [one.about for one in backfill.BACKFILLS if one in coming or one.name in waiting],
        bool(at and steps and schema.holds_data(db)),
    )


def _waiting(db: Database) -> list[str]:
    with db.read() as conn:
        return backfill.pending(conn)


def _steps() -> list[Step]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(Path(__file__).parent / "migrations"))
    found = scripts.walk_revisions()
    return sorted(
        (Step(one.revision, (one.doc or "").rstrip(".")) for one in found),
        key=lambda step: step.revision,
    )
