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


def test_a_worker_says_what_failed_with_it(run: Any) -> None:
    run("jobs", "add", "--retries", "0", "--", "import", "nowhere.csv")
    told = run("worker", "--until-idle")
    assert told.exit_code == 0
    assert "Did 0 jobs; 1 job failed: `leadloom jobs` says why." in told.stdout
    assert "nowhere.csv cannot be read" in run("jobs", "show", "last").stdout


def test_all_that_is_paused_is_resumed(run: Any) -> None:
    for _ in range(2):
        run("jobs", "add", "--in", "2h", "--", "resolve")
        run("jobs", "pause", "last")
    assert run("jobs", "resume").exit_code == 2
    assert run("jobs", "resume", "last", "--all").exit_code == 2
    assert "Resumed 2 jobs." in run("jobs", "resume", "--all").stdout
    found = json.loads(run("jobs", "--json").stdout)["items"]
    assert [one["state"] for one in found] == ["created", "created"]
