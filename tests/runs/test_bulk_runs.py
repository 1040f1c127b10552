"""What is done with many, at once or where it was stopped: one run, and whom it was for."""

import contextlib
from collections.abc import Iterator

import pytest

import leadloom
from leadloom.errors import ConflictError, UsageError
from leadloom.outreach import drafting
from leadloom.runs import run as runs
from leadloom.storage.database import Database
from leadloom.workspace import Workspace, bulk_run
from leadloom.workspace.bulk import Chosen

PEOPLE = 5


@pytest.fixture
def ws(db: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(bulk_run, "_BATCH", 2)
    with leadloom.open(db.url.render_as_string(hide_password=False)) as opened:
        for number in range(PEOPLE):
            firm = "Initech" if number < 3 else "Acme"
            opened.leads.add(
                {"full_name": f"Anna {chr(65 + number)}x", "company": firm, "title": "Buyer"}
            )
        yield opened


class Killed(BaseException):
    """As the process is: nothing is tidied up."""


def kill_after(some: int) -> bulk_run.Progress:
    def look(done: int, counts: dict[str, int]) -> None:
        if done >= some:
            raise Killed

    return look


def tagged(ws: Workspace, tag: str) -> int:
    return ws.leads.count(where=[f"tags={tag}"])


def test_a_run_over_many_goes_on_after_its_process_died(
    ws: Workspace, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with contextlib.suppress(Killed):
        ws.bulk.tag(Chosen(where=["tags!=vip"]), add=["vip"], on_progress=kill_after(2))
    assert tagged(ws, "vip") == 2
    assert ws.bulk.stopped() == [], "it is worked on still, by this process"
    monkeypatch.setattr(runs, "_is_alive", lambda process: False)
    stopped = ws.bulk.stopped()
    assert [one.processed for one in stopped] == [2]
    ws.leads.add({"full_name": "Late Comer", "company": "Initech"})
    assert ws.runs.resume(str(stopped[0].id)).counts == {"updated": PEOPLE}
    assert tagged(ws, "vip") == PEOPLE, "those who were chosen, and nobody who came later"
    assert ws.bulk.stopped() == []
    ws.runs.undo(str(stopped[0].id))
    assert tagged(ws, "vip") == 0


def test_what_a_person_stopped_waits_for_them_and_what_the_end_stopped_does_not(
    ws: Workspace,
) -> None:
    def pause(done: int, counts: dict[str, int]) -> None:
        ws.runs.cancel("last:edit")

    run = ws.bulk.delete(Chosen(), on_progress=pause)
    assert (run.status, run.processed) == ("cancelled", 2)
    assert ws.bulk.stopped() == []
    assert ws.runs.resume(str(run.id)).counts == {"deleted": PEOPLE}
    ws.runs.undo(str(run.id))
    run = ws.bulk.delete(Chosen(), on_progress=lambda done, counts: ws.runs.halt() and None)
    assert [one.id for one in ws.bulk.stopped()] == [run.id]
    assert "keys" not in run.options
    ws.runs.resume(str(run.id))
    assert (ws.leads.count(), ws.bulk.stopped()) == (0, [])


def test_companies_are_tagged_in_one_run_and_their_people_put_into_a_group(ws: Workspace) -> None:
    initech = Chosen(where=["name=Initech"], of="companies")
    assert ws.bulk.plan_tags(initech, add=["key"]).examples[0].name == "Initech"
    run = ws.bulk.tag(initech, add=["key", "old"])
    assert run.counts == {"updated": 1}
    assert ws.bulk.tag(initech, remove=["OLD"]).counts == {"updated": 1}
    assert [one.tags for one in ws.companies.window(where=["tags=key"])] == [["key"]]
    firm = ws.companies.window(where=["name=Acme"])[0]
    assert ws.bulk.group(Chosen(ids=[str(firm.id)], of="companies"), "Acme") == 2
    ws.runs.undo("last:edit")
    ws.runs.undo(str(run.id))
    assert ws.companies.count(where=["tags=key"]) == 0
    with pytest.raises(UsageError, match="cannot be deleted"):
        ws.bulk.delete(initech)


@pytest.mark.parametrize(
    ("add", "remove"), [(["vip"], []), ([], ["VIP"]), (["vip", "new"], ["old"]), (["new"], ["vip"])]
)
def test_a_plan_says_the_same_of_a_list_as_of_its_rows(
    ws: Workspace, add: list[str], remove: list[str]
) -> None:
    ws.bulk.tag(Chosen(where=["company=Acme"]), add=["vip", "old"])
    ids = [str(lead.id) for lead in ws.leads.window()]
    one_by_one = ws.bulk.plan_tags(Chosen(ids=ids), add, remove)
    for chosen in (Chosen(), Chosen(text="anna")):
        plan = ws.bulk.plan_tags(chosen, add, remove)
        assert (plan.rows, plan.changing) == (PEOPLE, one_by_one.changing)
        assert {one.id for one in plan.examples} == {one.id for one in one_by_one.examples}
    plan = ws.bulk.plan_tags(Chosen(besides=ids[:1]), add, remove)
    assert (plan.rows, plan.changing) == (
        PEOPLE - 1,
        ws.bulk.plan_tags(Chosen(ids=ids[1:]), add, remove).changing,
    )
    assert ws.bulk.plan_deletion(Chosen()).changing == PEOPLE


def test_drafting_that_the_end_stopped_goes_on_with_whom_it_was_for(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafting, "BATCH", 1)
    for lead in ws.leads.find(limit=PEOPLE).items:
        ws.leads.set(lead.id, {"email": f"{lead.id}@firm.example"})
    keys = ws.bulk.people(Chosen())[:3]
    stopped = ws.draft(lead_keys=keys, on_progress=lambda done, counts: ws.runs.halt() and None).run
    assert stopped is not None
    assert stopped.status == "cancelled"
    assert stopped.processed < len(keys)
    [run] = ws.bulk.stopped()
    assert run.id == stopped.uuid
    assert "keys" not in run.options
    done = ws.runs.resume(str(run.id))
    assert (done.status, done.processed, "asked" in done.options) == ("completed", 3, False)
    assert ws.bulk.stopped() == []
    again = ws.draft(lead_keys=keys, on_progress=lambda done, counts: _cancel(ws)).run
    assert again is not None
    assert (again.status, ws.bulk.stopped()) == ("cancelled", []), "a person stopped that one"


def _cancel(ws: Workspace) -> None:
    with contextlib.suppress(ConflictError):
        ws.runs.cancel("last")
