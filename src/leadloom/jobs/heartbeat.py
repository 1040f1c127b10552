"""Who works: signs of life, and the work of those who give none any more."""

import contextlib
import datetime as dt
import os
import socket
import threading
import uuid
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from leadloom.errors import LeadloomError
from leadloom.storage.database import Database
from leadloom.storage.tables import workers

BEAT_S = 5.0
# Long enough for a stopped laptop's lid; what it was at is safe from being done twice all the same.
SILENCE = dt.timedelta(seconds=45)


def begin(db: Database, executor: str) -> None:
    """Say that a worker is there."""
    with db.write() as conn:
        now = db.now()
        conn.execute(
            workers.insert().values(
                executor=executor,
                host=socket.gethostname(),
                process=os.getpid(),
                started_at=now,
                heartbeat_at=now,
            )
        )


def beat(db: Database, executor: str) -> None:
    """Say that a worker is still there."""
    with db.write() as conn:
        mine = workers.c.executor == executor
        conn.execute(workers.update().where(mine).values(heartbeat_at=db.now()))


def end(db: Database, executor: str) -> None:
    """Say that a worker has gone; what it left is for others."""
    with db.write() as conn:
        mine = workers.c.executor == executor
        conn.execute(workers.update().where(mine).values(stopped_at=db.now()))


@contextlib.contextmanager
def living(db: Database) -> Iterator[str]:
    """Give signs of life while something is done here, by the name that is given."""
    executor = new_name()
    stop = threading.Event()

    def live() -> None:
        while not stop.wait(BEAT_S):
            with contextlib.suppress(LeadloomError):  # away for a moment: the next beat tells
                beat(db, executor)

    begin(db, executor)
    pulse = threading.Thread(target=live, name="leadloom-heartbeat", daemon=True)
    pulse.start()
    try:
        yield executor
    finally:
        stop.set()
        pulse.join()
        end(db, executor)


def new_name() -> str:
    """Return a name for this process: two of one name would do each other's work."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def find_gone(conn: sa.Connection, names: Collection[str | None], now: dt.datetime) -> set[str]:
    """Return which of these are gone: they ended, died, or have given no sign for too long."""
    known = {one for one in names if one}
    if not known:
        return set()
    found = conn.execute(sa.select(workers).where(workers.c.executor.in_(known)))
    return known - {
        row.executor for row in found if row.reaped_at is None and not _is_gone(row, now)
    }


def claim_dead(db: Database) -> list[str]:
    """Return the workers that are gone, each to whoever asks first and to nobody else."""
    with db.read() as conn:
        if not any(_is_gone(row, db.now()) for row in conn.execute(_left())):
            return []
    with db.write() as conn:
        now = db.now()
        gone = [row.executor for row in conn.execute(_left()) if _is_gone(row, now)]
        mine = workers.c.executor.in_(gone)
        conn.execute(workers.update().where(mine).values(reaped_at=now))
        return gone


def _left() -> sa.Select[tuple[object, ...]]:
    return sa.select(workers).where(workers.c.reaped_at.is_(None))


def _is_gone(row: sa.Row[tuple[object, ...]], now: dt.datetime) -> bool:
    if row.stopped_at is not None or now - row.heartbeat_at > SILENCE:
        return True
    return row.host == socket.gethostname() and not _is_alive(row.process)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
