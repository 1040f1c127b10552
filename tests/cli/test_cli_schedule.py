"""Schedules, as they are typed."""

import json
from typing import Any

import pytest


def test_a_schedule_is_typed_listed_run_and_taken_out(run: Any) -> None:
    made = run("schedule", "add", "care", "--cron", "0 6 * * 1-5", "--", "resolve", "--all")
    assert (made.exit_code, "care runs next on" in made.stdout) == (0, True), made.stderr
    [one] = json.loads(run("schedule", "list", "--json").stdout)["items"]
    assert (one["name"], one["command"], one["outcome"]) == ("care", ["resolve", "--all"], None)
    done = run("schedule", "run", "care")
    assert (done.exit_code, done.stdout.startswith("care: done. 0 records")) == (0, True)
    assert "0 6 * * 1-5" in run("schedule", "list").stdout
    assert run("schedule", "remove", "care").exit_code == 0
    assert "Nothing is scheduled" in run("schedule", "list").stdout


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("enrich --wher x", "No such option"),
        ("enrich --where nofield=1", "no field"),
        ("enrich --providers nobody", "no provider"),
        ("enrich --budget much", "number of US dollars"),
        ("enrich --dry-run", "only rehearses"),
        ("import", "Missing argument"),
        ("import a.csv --map x", "COLUMN=FIELD"),
        ("db purge", "cannot do 'db purge'"),
        ("resolve train", "`resolve` alone"),
    ],
)
def test_what_could_not_be_done_is_refused_when_it_is_added(
    run: Any, command: str, why: str
) -> None:
    found = run("schedule", "add", "x", "--cron", "@daily", "--", *command.split())
    assert (found.exit_code, why in found.stderr, found.stderr.count("\n")) == (2, True, 1)
    assert json.loads(run("schedule", "list", "--json").stdout)["items"] == []
