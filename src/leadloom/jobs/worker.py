"""A worker: does jobs in this process, gives signs of life, takes up what dead workers left."""

import contextlib
import gc
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from leadloom.errors import ConflictError, LeadloomError
from leadloom.jobs import command, heartbeat, place, retention, scheduled, schedules, waiting
from leadloom.jobs.handlers import Work, tenders
from leadloom.jobs.job import Wish
from leadloom.jobs.jobs import Jobs
from leadloom.storage.database import Database

_POLL_S = 0.05
_FORGET_EVERY_S = 86_400.0
_THRESHOLDS = (20_000, 20, 20)
_at_work = threading.Lock()
_sharing = threading.Lock()
_shared: "list[Worker]" = []  # the one that several share, once for each of them


class Worker:
    """Does jobs while it is entered; one a process.

    `slots` is how many jobs of the queue it does at once; with none it does only what it is handed
    by `do`, and others take that up if it dies.
    """

    def __init__(self, db: Database, *, slots: int = 4) -> None:
        self._db = db
        self._slots = slots
        self.executor = heartbeat.new_name()
        self.jobs = Jobs(db)
        self.work = Work(db, self.executor, {"jobs": self.jobs})
        self._children = self.work.shared["children"] = scheduled.Children()
        self._forgets_at = time.monotonic()
        # What came with a backup or a copy: somebody has to resume it.
        self.jobs_came_along = 0
        self.schedules_came_along = 0
        self._stop = threading.Event()
        self._pulse = threading.Thread(target=self._live, name="leadloom-heartbeat", daemon=True)
        self._hands = ThreadPoolExecutor(32, thread_name_prefix="leadloom-job")

    def __enter__(self) -> Self:
        if not _at_work.acquire(blocking=False):
            raise ConflictError("This process works already: one worker is enough for it.")
        try:
            heartbeat.begin(self._db, self.executor)
            # Where a loop runs already, as in a notebook, the engine would take it for its own, and
            # wait for ever for what that is to do after us.
            with ThreadPoolExecutor(1) as aside:
                aside.submit(self._launch).result()
        except BaseException:
            _at_work.release()
            raise
        self._rest_the_collector()
        self._tend()  # a worker that ends when it is idle has looked once
        self._pulse.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from dbos import DBOS

        from leadloom.jobs import flow

        self._stop.set()
        self._pulse.join()
        try:
            DBOS.destroy(workflow_completion_timeout_sec=0)
            self._hands.shutdown(wait=False, cancel_futures=True)
            self.work.close()
            flow.work_here(None)
            heartbeat.end(self._db, self.executor)
        finally:
            gc.set_threshold(*self._thresholds)
            gc.unfreeze()
            self._state.dispose()
            _at_work.release()

    def _rest_the_collector(self) -> None:
        """Look for garbage less often, and not among what was there before: each full look took
        0.1 s, and there was one for every few hundred leads.
        """
        self._thresholds = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)

    def is_for(self, db: Database) -> bool:
        """Whether this does the jobs of a database."""
        return self._db is db

    def do(self, wish: Wish, job_id: str | None = None) -> "Future[Any]":
        """Do a job here and now; the result comes when it is done."""
        from dbos import DBOS, SetWorkflowID

        from leadloom.jobs import flow

        def begin() -> Any:
            arguments = (wish.name, dict(wish.data), wish.terms())
            if job_id is None:
                return DBOS.start_workflow(flow.do_job, *arguments).get_result()
            with SetWorkflowID(job_id):
                return DBOS.start_workflow(flow.do_job, *arguments).get_result()

        return self._hands.submit(begin)

    def _launch(self) -> None:
        from leadloom.jobs import flow  # isort: skip - it silences the engine before it is loaded
        from dbos import DBOS, DBOSConfig

        self._state = place.open_engine(self._db)
        config = DBOSConfig(
            name="leadloom",
            system_database_engine=self._state,
            dbos_system_schema=place.SCHEMA,
            application_version=place.VERSION,
            executor_id=self.executor,
            serializer=flow.JsonSerializer(),
            scheduler_polling_interval_sec=5.0,
            # Nobody listens here; it is how long the end waits for it.
            notification_listener_polling_interval_sec=0.25 if self._slots else 0.05,
            enable_otlp=False,
        )
        self.jobs.list(limit=1)  # makes the tables
        self._declare_queue()
        DBOS(config=config)
        DBOS.listen_queues([flow.QUEUE] if self._slots else [])
        flow.work_here(self.work)
        DBOS.launch()

    def _declare_queue(self) -> None:
        """Before the launch: a queue that appears after it waits for the next look around."""
        from leadloom.jobs import flow

        if self._slots:
            self.jobs.declare(flow.QUEUE, self._slots, _POLL_S)

    def _live(self) -> None:
        """Give signs of life, and look after those who give none."""
        while True:
            try:
                for executor in heartbeat.claim_dead(self._db):
                    self.jobs.take_from(executor)
                heartbeat.beat(self._db, self.executor)
            except LeadloomError:
                pass  # a database that is away for a moment: the next beat tells
            if self._stop.wait(heartbeat.BEAT_S):
                return
            self._tend()

    def _tend(self) -> None:
        """Send what is due, and once a day forget what is long over; who only is handed work not.

        What goes wrong is tried again at the next beat.
        """
        if not self._slots:
            return
        with contextlib.suppress(LeadloomError, sa.exc.SQLAlchemyError):
            schedules.send_due(self._db, self.jobs, self._db.now())
            for tend in tenders:
                tend(self._db, self.jobs)
            if time.monotonic() >= self._forgets_at:
                waiting.keep_older(self._db, self.jobs, command.JOB)
                self.jobs_came_along = waiting.sweep(self._db, self.jobs)
                self.schedules_came_along = schedules.count_came_along(self._db, self.jobs)
                self.jobs.forget_old(self._db.now(), retention.keep_days(self._db))
                self._forgets_at = time.monotonic() + _FORGET_EVERY_S


@contextlib.contextmanager
def shared(db: Database) -> Iterator[Worker]:
    """The worker that does what it is handed, the same for all who want it at a time.

    Raises ConflictError when this process works already, for another database or from a queue.
    """
    with _sharing:
        worker = _shared[0] if _shared and _shared[0].is_for(db) else None
        if worker is None:
            worker = Worker(db, slots=0)
            worker.__enter__()
        _shared.append(worker)
    try:
        yield worker
    finally:
        with _sharing:
            _shared.remove(worker)
            if not _shared:
                worker.__exit__(None, None, None)
