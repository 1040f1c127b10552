"""Which backups stay when new ones come, and how one is taken every day."""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from leadloom.errors import DatabaseError
from leadloom.storage.backups import backup
from leadloom.storage.database import Database

DAYS, WEEKS, MONTHS = 7, 4, 12


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup that Leadloom named itself, and when it was taken."""

    path: Path
    taken_at: dt.datetime


def taken(db: Database) -> list[Kept]:
    """Return the backups of `db` in its folder, newest first.

    Those that somebody named, or that were taken before a change of the schema, are not among them.
    """
    ours = re.compile(
        rf"{re.escape(backup.stem(db))}-(\d{{8}}-\d{{6}}-\d{{6}}){re.escape(backup.SUFFIX)}"
    )
    found = []
    for path in backup.folder(db).glob(f"*{backup.SUFFIX}"):
        named = ours.fullmatch(path.name)
        if named:
            time = dt.datetime.strptime(named[1], "%Y%m%d-%H%M%S-%f").replace(tzinfo=dt.UTC)
            found.append(Kept(path, time))
    return sorted(found, key=lambda one: one.taken_at, reverse=True)


def todays(db: Database, now: dt.datetime) -> Path | None:
    """Return today's backup (the day of whoever asks), or None when there is none yet."""
    today = now.astimezone().date()
    newest = next(iter(taken(db)), None)
    is_todays = newest is not None and newest.taken_at.astimezone().date() == today
    return newest.path if newest and is_todays else None


def thin_out(db: Database, keep: int | None = None) -> list[Path]:
    """Delete backups of `db` that need not be kept; return them.

    `keep` says how many of the newest stay. Without it the newest of each of the last 7 days, 4
    weeks and 12 months stay. The newest of all always does.
    """
    found = taken(db)
    staying = found[: max(keep, 1)] if keep is not None else _spread(found)
    gone = [one.path for one in found if one not in staying]
    for path in gone:
        with contextlib.suppress(FileNotFoundError):
            _delete(path)
    return gone


def _spread(found: Sequence[Kept]) -> list[Kept]:
    """Return the newest of each day, week and month, as far back as each is kept."""
    periods: tuple[tuple[int, Callable[[dt.date], Hashable]], ...] = (
        (DAYS, lambda day: day),
        (WEEKS, lambda day: day.isocalendar()[:2]),
        (MONTHS, lambda day: (day.year, day.month)),
    )
    staying: list[Kept] = []
    for count, period_of in periods:
        seen: dict[Hashable, Kept] = {}
        for one in found:
            seen.setdefault(period_of(one.taken_at.astimezone().date()), one)
        staying += list(seen.values())[:count]
    return staying


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise DatabaseError(
            f"The old backup {path} could not be deleted ({error.strerror}): the new one is there; "
            "delete the old one by hand."
        ) from error
