"""Jobs, as they are typed."""

import json
from typing import Any


def test_a_job_is_typed_listed_and_stopped(run: Any) -> None:
    assert "No job yet" in run("jobs").stdout
    words = ("--in", "2h", "--key", "care", "--priority", "3", "--json", "--", "resolve", "--all")
    job = json.loads(run("jobs", "add", *words).stdout)
    page = json.loads(run("jobs", "--json").stdout)
    assert [one["id"] for one in page["items"]] == [job["id"]]
    assert page["next"] is None
    assert (job["data"]["command"], job["priority"]) == (["resolve", "--all"], 3)
    assert "resolve --all" in run("jobs").stdout
    shown = run("jobs", "show", job["id"][-6:])
    assert "singleton key  care" in shown.stdout
    assert run("jobs", "cancel", job["id"][-6:]).stdout.strip().endswith("is cancelled.")
    again = run("jobs", "pause", job["id"])
    assert (again.exit_code, again.stderr.count("\n")) == (3, 1)


def test_a_span_of_time_that_is_none_is_refused(run: Any) -> None:
    refused = run("jobs", "add", "--in", "soon", "--", "resolve")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "is no span of time" in refused.stderr
