"""The jobs of pg-boss, which Node programs keep in PostgreSQL: sent to it, and fetched from it.

Both sides read and write the same table; what is done here is what pg-boss 12 does with schema 43.
Another schema is refused, as guessing at it could lose somebody's jobs.
"""

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import sqlalchemy as sa

from leadloom.errors import NotFoundError, SchemaError, UsageError
from leadloom.jobs import place
from leadloom.jobs.job import Wish
from leadloom.storage.database import Database

SCHEMA: Final = 43
_IN: Final = "pgboss"
# Its rows are claimed in an order of their own, which only one of these policies needs.
_REFUSED_POLICY: Final = "key_strict_fifo"


@dataclass(frozen=True, slots=True)
class BossJob:
    """A job that was fetched and is now ours to do; `retry_count` tells this attempt from others.

    Within `heartbeat_s` it has to be touched, and within `expire_s` to be done.
    """

    id: uuid.UUID
    queue: str
    data: Any
    priority: int
    retry_count: int
    retry_limit: int
    expire_s: int
    heartbeat_s: int | None
    created_at: dt.datetime
    singleton_key: str | None


class PgBoss:
    """The pg-boss in a PostgreSQL database. Use as a context manager, or call `close`.

    Raises UsageError where there can be none, NotFoundError where there is none, and SchemaError
    for one of another schema.
    """

    def __init__(self, db: Database) -> None:
        if db.url.get_backend_name() != "postgresql":
            raise UsageError(
                f"pg-boss keeps its jobs in PostgreSQL, and {db.label} is none: name one with --db."
            )
        self._db = db
        try:
            self._check()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    @cached_property
    def _engine(self) -> sa.Engine:
        return place.open_engine(self._db)

    def _check(self) -> None:
        with self._engine.connect() as conn:
            if not sa.inspect(conn).has_table("version", schema=_IN):
                raise NotFoundError(
                    f"There is no pg-boss in {self._db.label}: its schema {_IN!r} is made when a "
                    "Node program calls `boss.start()`."
                )
            found = conn.scalar(sa.text("SELECT version FROM pgboss.version"))
        if found != SCHEMA:
            raise SchemaError(
                f"pg-boss has schema {found} in {self._db.label}, and Leadloom works with schema "
                f"{SCHEMA} (pg-boss 12.35): use a release of pg-boss and one of Leadloom that fit."
            )

    def send(self, queue: str, wish: Wish) -> uuid.UUID | None:
        """Send a job for whoever works on the queue; its terms are the wish's.

        Returns its id; None when one with its singleton key is there already and the queue's policy
        allows no other. Raises NotFoundError for a queue that nobody has made.
        """
        values = {
            "queue": queue,
            "data": json.dumps(dict(wish.data)),
            "priority": wish.priority,
            "start_s": wish.start_after_s,
            "key": wish.singleton_key,
            "expire_s": wish.expire_in_s and max(int(wish.expire_in_s), 1),
            "keep_s": wish.keep_for_s and max(int(wish.keep_for_s), 1),
            "limit": wish.retry_limit,
            "delay_s": int(wish.retry_delay_s),
            "backoff": wish.retry_backoff,
        }
        with self._engine.begin() as conn:
            self._policy_of(conn, queue)
            found: uuid.UUID | None = conn.scalar(sa.text(_SEND), values)
            return found

    def fetch(self, queue: str) -> BossJob | None:
        """Take the next job of a queue: the one of highest priority, the oldest of those.

        Nobody else gets it. Raises NotFoundError for a queue that nobody has made, and UsageError
        for one whose jobs wait for each other in a way that only pg-boss itself knows.
        """
        try:
            with self._engine.begin() as conn:
                self._check_policy(conn, queue)
                row = conn.execute(sa.text(_FETCH), {"queue": queue}).first()
        except sa.exc.IntegrityError:
            return None  # its policy lets only so many be done at once, and they are
        return BossJob(*row) if row else None

    def check_queue(self, queue: str) -> None:
        """Raise what `fetch` raises of a queue."""
        with self._engine.connect() as conn:
            self._check_policy(conn, queue)

    def touch(self, job: BossJob) -> bool:
        """Say that a job is still being done; whether it is still ours."""
        return self._settle(_TOUCH, job)

    def complete(self, job: BossJob, output: Mapping[str, Any]) -> bool:
        """Say that a job is done, and what came of it; False: it is not ours any more."""
        return self._settle(_COMPLETE, job, output)

    def fail(self, job: BossJob, output: Mapping[str, Any]) -> bool:
        """Say that a job failed: it is tried again, or goes to the queue of the dead.

        False: it is not ours any more.
        """
        return self._settle(_FAIL, job, output)

    def _settle(
        self, statement: str, job: BossJob, output: Mapping[str, Any] | None = None
    ) -> bool:
        values: dict[str, Any] = {"queue": job.queue, "id": job.id, "attempt": job.retry_count}
        if output is not None:
            values["output"] = json.dumps(dict(output))
        with self._engine.begin() as conn:
            return conn.execute(sa.text(statement), values).first() is not None

    def _check_policy(self, conn: sa.Connection, queue: str) -> None:
        if self._policy_of(conn, queue) == _REFUSED_POLICY:
            raise UsageError(
                f"The queue {queue!r} has the policy {_REFUSED_POLICY}, which only pg-boss itself "
                "can keep: name a queue of another policy."
            )

    @staticmethod
    def _policy_of(conn: sa.Connection, queue: str) -> str:
        query = sa.text("SELECT policy FROM pgboss.queue WHERE name = :queue")
        found: str | None = conn.scalar(query, {"queue": queue})
        if found is None:
            known = conn.scalars(sa.text("SELECT name FROM pgboss.queue ORDER BY name")).all()
            raise NotFoundError(
                f"pg-boss has no queue {queue!r}: there are {', '.join(known) or 'none'}. A Node "
                f"program makes it with `boss.createQueue({json.dumps(queue)})`."
            )
        return found


_SEND = """
INSERT INTO pgboss.job (name, data, priority, start_after, created_on, singleton_key,
    expire_seconds, deletion_seconds, keep_until, retry_limit, retry_delay, retry_backoff,
    retry_delay_max, policy, dead_letter, heartbeat_seconds)
SELECT q.name, CAST(:data AS jsonb), :priority,
    pgboss.job_now() + CAST(:start_s AS float) * interval '1s', pgboss.job_now(),
    CAST(:key AS text),
    COALESCE(CAST(:expire_s AS int), q.expire_seconds),
    COALESCE(CAST(:keep_s AS int), q.deletion_seconds),
    pgboss.job_now() + (CAST(:start_s AS float) + q.retention_seconds) * interval '1s',
    :limit, :delay_s, :backoff, q.retry_delay_max, q.policy, q.dead_letter, q.heartbeat_seconds
FROM pgboss.queue q WHERE q.name = :queue
ON CONFLICT DO NOTHING
RETURNING id
"""

_FETCH = """
WITH next AS (
    SELECT j.id FROM pgboss.job j
    WHERE j.name = :queue AND j.state < 'active' AND NOT j.blocked
        AND j.start_after <= pgboss.job_now()
    ORDER BY j.priority DESC, j.created_on LIMIT 1
    FOR UPDATE OF j SKIP LOCKED
)
UPDATE pgboss.job j SET state = 'active', started_on = pgboss.job_now(),
    heartbeat_on = pgboss.job_now(),
    retry_count = CASE WHEN started_on IS NOT NULL THEN retry_count + 1 ELSE retry_count END
FROM next WHERE j.name = :queue AND j.id = next.id
RETURNING j.id, j.name, j.data, j.priority, j.retry_count, j.retry_limit, j.expire_seconds,
    j.heartbeat_seconds, j.created_on, j.singleton_key
"""

# A job that was taken for dead and given to another is not ours: its attempt has another number.
_TOUCH = """
UPDATE pgboss.job SET heartbeat_on = pgboss.job_now()
WHERE name = :queue AND id = :id AND state = 'active' AND retry_count = :attempt RETURNING id
"""

_COMPLETE = """
UPDATE pgboss.job SET state = 'completed', completed_on = pgboss.job_now(),
    output = CAST(:output AS jsonb)
WHERE name = :queue AND id = :id AND state = 'active' AND retry_count = :attempt
    RETURNING id
"""

_FAIL = """
WITH failed AS (
    UPDATE pgboss.job SET
        state = CASE WHEN retry_count < retry_limit THEN 'retry' ELSE 'failed'
            END::pgboss.job_state,
        completed_on = CASE WHEN retry_count < retry_limit THEN NULL ELSE pgboss.job_now() END,
        start_after = CASE WHEN retry_count >= retry_limit THEN start_after
            WHEN NOT retry_backoff THEN pgboss.job_now() + retry_delay * interval '1s'
            ELSE pgboss.job_now() + LEAST(retry_delay_max, GREATEST(retry_delay, 1) * (
                2 ^ LEAST(16, retry_count + 1) / 2 * (1 + random()))) * interval '1s' END,
        heartbeat_on = NULL, output = CAST(:output AS jsonb)
    WHERE name = :queue AND id = :id AND state = 'active' AND retry_count = :attempt
    RETURNING *
), dead AS (
    INSERT INTO pgboss.job (name, priority, data, retry_limit, retry_backoff, retry_delay,
        start_after, created_on, keep_until, deletion_seconds, expire_seconds, singleton_key,
        group_id, group_tier, heartbeat_seconds, source_name, source_id, source_created_on,
        source_retry_count, source_output, source_root_id)
    SELECT f.dead_letter, f.priority, f.data, q.retry_limit, q.retry_backoff, q.retry_delay,
        pgboss.job_now(), pgboss.job_now(),
        pgboss.job_now() + q.retention_seconds * interval '1s', q.deletion_seconds,
        q.expire_seconds, f.singleton_key, f.group_id, f.group_tier, q.heartbeat_seconds,
        f.name, f.id, f.created_on, f.retry_count, f.output, COALESCE(f.source_root_id, f.id)
    FROM failed f JOIN pgboss.queue q ON q.name = f.dead_letter WHERE f.state = 'failed'
)
SELECT id FROM failed
"""
