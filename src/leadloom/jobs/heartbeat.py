"""Who works: signs of life, and the work of those who give none any more."""

import datetime as dt
import os
import socket

import sqlalchemy as sa

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
