"""The engine's one workflow: a job of any name, done by its handler. Loaded only where it runs."""

import asyncio
import logging
from typing import Any

# What the engine would print is told by `leadloom` in its own words.
logging.getLogger("dbos").addHandler(logging.NullHandler())
logging.getLogger("dbos").propagate = False

from dbos import DBOS, Serializer, StepOptions, error  # noqa: E402

from leadloom.jobs import place  # noqa: E402
from leadloom.jobs.handlers import Work, get_handler  # noqa: E402

NAME = "leadloom.job"
QUEUE = "leadloom"
# However often it was cut short, a job is taken up again: our own tables keep it from harm.
_RECOVERIES = 1_000

_works: list[Work] = []


class JsonSerializer(Serializer):
    """Keeps data as JSON."""

    def serialize(self, data: Any) -> str:
        """Return data as text."""
        return place.dump(data)

    def deserialize(self, serialized_data: str) -> Any:
        """Return what the text holds."""
        return place.load(serialized_data)

    def name(self) -> str:
        """Return what the engine calls this form."""
        return "leadloom_json"


def work_here(work: Work | None) -> None:
    """Say where the jobs of this process are done; None: nowhere any more."""
    _works[:] = [work] if work else []


@DBOS.workflow(name=NAME, max_recovery_attempts=_RECOVERIES)
async def do_job(name: str, data: dict[str, Any], terms: dict[str, Any]) -> Any:
    """Do a job in one step that a cancelling interrupts, again and again as its terms allow."""
    limit = int(terms.get("retry_limit") or 0)
    options = StepOptions(
        name=name,
        preemptible=True,
        retries_allowed=limit > 0,
        max_attempts=limit + 1,
        interval_seconds=max(float(terms.get("retry_delay_s") or 0), 0.001),
        backoff_rate=2.0 if terms.get("retry_backoff") else 1.0,
    )
    if terms.get("expire_in_s"):
        options["timeout_seconds"] = float(terms["expire_in_s"])
    try:
        return await DBOS.run_step_async(options, _attempt, str(DBOS.workflow_id), name, data)
    except error.DBOSMaxStepRetriesExceeded as failed:
        last = failed.errors[-1]
        is_told = isinstance(last, place.JobError)
        raise place.JobError(str(last) if is_told else f"{type(last).__name__}: {last}") from None


async def _attempt(workflow_id: str, name: str, data: dict[str, Any]) -> Any:
    status = DBOS.step_status
    if status and status.current_attempt:
        told = {"retry_count": status.current_attempt}
        await asyncio.to_thread(_works[0].shared["jobs"].note, workflow_id, told)
    return await get_handler(name)(_works[0], data)
