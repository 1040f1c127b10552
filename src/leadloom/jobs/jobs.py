"""The jobs of a database: send, look at, cancel, pause, resume, forget."""

import datetime as dt
import logging
from collections.abc import Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from leadloom.errors import AccessError, NotFoundError
from leadloom.jobs import place
from leadloom.jobs.job import KEEP_DAYS, Job, State, Wish, forgotten_at, job_of
from leadloom.storage.database import Database

_PAGE = 500
_MARK = "leadloom.mark"
_FOR_EVER_S = 100 * 365 * 86_400.0
_OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class Jobs:
    """The jobs of a database, whoever works on them. Use as a context manager, or call `close`."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        if self._is_open:
            self._client.destroy()
            self._is_open = False
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _engine(self) -> Any:
        return place.open_engine(self._db)

    @cached_property
    def _client(self) -> Any:
        """The engine's client, made at first use: loading it takes half a second."""
        logging.getLogger("dbos").addHandler(logging.NullHandler())
        from dbos import DBOSClient

        from leadloom.jobs import flow

        client = DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=place.SCHEMA,
            serializer=flow.JsonSerializer(),
            application_name="leadloom",
            lazy=True,
        )
        try:
            with place.making_tables(self._engine):
                client._sys_db.run_migrations()
        except sa.exc.ProgrammingError as error:
            raise AccessError(
                f"{self._db.url.username} may not make the tables of jobs in {self._db.label}: "
                f"their owner does, with `leadloom db create-role {self._db.url.username}`."
            ) from error
        self._is_open = True
        return client

    def let_in(self, role: str) -> None:
        """Make the tables of jobs, and let another role work with them; only on PostgreSQL."""
        self.list(limit=1)  # makes them
        quote = self._engine.dialect.identifier_preparer.quote_identifier
        to = f"TO {quote(role)}"
        with self._engine.begin() as conn:
            for rights in (
                f"GRANT USAGE ON SCHEMA {place.SCHEMA} {to}",
                f"GRANT ALL ON ALL TABLES IN SCHEMA {place.SCHEMA} {to}",
                f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {place.SCHEMA} {to}",
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA {place.SCHEMA} GRANT ALL ON TABLES {to}",
            ):
                conn.exec_driver_sql(rights)

    def send(self, wish: Wish, job_id: str | None = None) -> str:
        """Have a job done by whichever worker comes first; return its id.

        A job of the same `job_id`, or a waiting one of the same singleton key, is not sent twice.
        """
        from leadloom.jobs import flow

        options: dict[str, Any] = {
            "workflow_name": flow.NAME,
            "queue_name": flow.QUEUE,
            "app_version": place.VERSION,
            "priority": wish.rank(),
        }
        if job_id:
            options["workflow_id"] = job_id
        if wish.start_after_s:
            options["delay_seconds"] = wish.start_after_s
        if wish.singleton_key:
            options["deduplication_id"] = f"{wish.name}/{wish.singleton_key}"
            options["duplication_policy"] = "return-existing"
        handle = self._client.enqueue(options, wish.name, dict(wish.data), wish.terms())
        return str(handle.get_workflow_id())

    def mark(self, word: str) -> None:
        """Let the engine of this place know a word: it is in no backup and no copy.

        A place keeps it as what is to be done in a hundred years, and is no job.
        """
        from leadloom.jobs import flow

        self._client.enqueue(
            {
                "workflow_name": _MARK,
                "queue_name": flow.QUEUE,
                "app_version": place.VERSION,
                "workflow_id": word,
                "delay_seconds": _FOR_EVER_S,
            }
        )

    def known(self, words: "Sequence[str]") -> set[str]:
        """Return which words, or ids of jobs, the engine of this place knows."""
        if not words:
            return set()  # to the engine, none are all
        found = self._client.list_workflows(
            workflow_ids=list(words), load_input=False, load_output=False
        )
        return {one.workflow_id for one in found}

    def get(self, job_id: str) -> Job:
        """Return a job. Raises NotFoundError."""
        found = self._client.list_workflows(workflow_ids=[job_id])
        if not found:
            raise NotFoundError(f"There is no job {job_id!r}: it never was, or is forgotten.")
        return job_of(found[0])

    def states(self, ids: "Sequence[str]") -> "dict[str, State]":
        """Return how jobs stand, by id; of those that are not known here, nothing."""
        if not ids:
            return {}  # to the engine, none are all
        found = self._client.list_workflows(workflow_ids=list(ids), load_output=False)
        return {job.id: job.state for job in map(job_of, found)}

    def list(self, *, name: str | None = None, limit: int = 100, offset: int = 0) -> list[Job]:
        """Return jobs, newest first; of the `limit` after the first `offset` those of a name."""
        from leadloom.jobs import flow

        found = self._client.list_workflows(
            name=flow.NAME, sort_desc=True, limit=limit, offset=offset
        )
        return [job for job in map(job_of, found) if name in (None, job.name)]

    def waiting(self, name: str) -> Sequence[Job]:
        """Return the jobs of a name that nobody has begun, those that are paused among them."""
        from leadloom.jobs import flow

        status = ["ENQUEUED", "DELAYED", "CANCELLED"]
        found = self._client.list_workflows(name=flow.NAME, status=status, load_output=False)
        jobs = [job for job in map(job_of, found) if job.name == name]
        return [job for job in jobs if job.state in ("created", "paused")]

    def cancel(self, job_id: str) -> None:
        """Stop a job, at once if it runs. Raises NotFoundError."""
        self.get(job_id)
        self._client.cancel_workflow(job_id)

    def pause(self, job_id: str) -> None:
        """Stop a job until it is resumed. Raises NotFoundError."""
        self.get(job_id)
        self.note(job_id, {"paused": True})
        self._client.cancel_workflow(job_id)

    def resume(self, job_id: str) -> None:
        """Let a job that was paused, cancelled or orphaned be done after all."""
        from leadloom.jobs import flow

        self.get(job_id)
        self.note(job_id, {"paused": False})
        self._client.resume_workflow(job_id, queue_name=flow.QUEUE)

    def note(self, job_id: str, told: dict[str, Any]) -> None:
        """Keep something about a job beside it."""
        found = self._client.list_workflows(workflow_ids=[job_id], load_input=False)
        before = (found[0].attributes or {}) if found else {}
        self._client.update_workflow_attributes(job_id, {**before, **told})

    def take_from(self, executor: str) -> int:
        """Have the jobs that a dead worker was at done by others; return how many."""
        from leadloom.jobs import flow

        found = self._client.list_workflows(
            status="PENDING", executor_id=executor, load_input=False, load_output=False
        )
        ids = [one.workflow_id for one in found]
        if ids:
            self._client.resume_workflows(ids, queue_name=flow.QUEUE)
        return len(ids)

    def is_idle(self) -> bool:
        """Whether nothing waits for its turn or is being done; what is delayed does not count."""
        busy = ["ENQUEUED", "PENDING"]
        return not self._client.list_workflows(
            status=busy, limit=1, load_input=False, load_output=False
        )

    def done_by(self, executor: str) -> tuple[int, int]:
        """Return how many jobs a worker has done, and how many failed with it.

        Those that are still remembered.
        """
        done, failed = (
            self._client.list_workflows(
                status=status, executor_id=executor, load_input=False, load_output=False
            )
            for status in ("SUCCESS", "ERROR")
        )
        return len(done), len(failed)

    def declare(self, queue: str, slots: int, poll_s: float) -> None:
        """Have the queue looked at every `poll_s` seconds, with `slots` jobs at once a worker."""
        self._client.register_queue(
            queue,
            worker_concurrency=slots,
            polling_interval_sec=poll_s,
            on_conflict="always_update",
        )

    def forget_old(self, now: dt.datetime, days: int = KEEP_DAYS) -> int:
        """Delete the jobs that are over and need not be remembered longer; return how many.

        `days`: how long one is remembered that does not say so itself.
        """
        gone, kept = 0, 0
        while True:
            found = self._client.list_workflows(
                status=_OVER,
                completed_before=now.isoformat(),
                limit=_PAGE,
                offset=kept,
                load_output=False,
            )
            ids = [one.workflow_id for one in found if forgotten_at(one, days) <= now]
            if ids:
                self._client.delete_workflows(ids)
            gone += len(ids)
            kept += len(found) - len(ids)
            if len(found) < _PAGE:
                return gone
