"""Shows: their leads are those of their imports, and letters to them know the event."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from leadloom.errors import NotFoundError, UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace


@pytest.fixture
def ws(db: Database, tmp_path: Path) -> Iterator[Workspace]:
    rows = ("Ada Lind,ada@lind.example", "Bo Berg,bo@berg.example", "Ada Lind,ada@lind.example")
    with Workspace(db.url.render_as_string(hide_password=False)) as ws:
        for name, some in (("fair.csv", rows[:2]), ("again.csv", rows[2:])):
            (tmp_path / name).write_text("\n".join(("name,email", *some)))
            ws.import_files([tmp_path / name])
        yield ws


def test_a_show_has_the_leads_of_its_imports(ws: Workspace) -> None:
    again, fair = (str(run.id) for run in ws.runs.list(kind="import").items)
    show = ws.shows.create(
        "Spring  Fair", place="Ulm", starts_on="2026-05-12", ends_on="2026-05-14"
    )
    assert (show.name, show.leads) == ("Spring Fair", 0)
    assert show.when == "12 May 2026 to 14 May 2026"
    assert ws.shows.add_runs("Spring Fair", [fair, again]) == 2
    assert ws.shows.add_runs("Spring Fair", [fair]) == 0
    assert {lead.full_name for lead in ws.shows.leads("Spring Fair").items} == {
        "Ada Lind",
        "Bo Berg",
    }
    view = ws.shows.show(str(show.id))
    assert [(name, count) for _, name, count in view.runs] == [("fair.csv", 2), ("again.csv", 1)]
    assert view.show.leads == 2
    ws.leads.delete("bo@berg.example")
    assert ws.shows.list()[0].leads == 1
    ws.runs.undo(again)
    assert ws.shows.list()[0].leads == 1
    assert ws.shows.remove_runs("Spring Fair", [fair]) == 1
    assert ws.shows.list()[0].leads == 0


def test_letters_to_a_show_know_it(ws: Workspace) -> None:
    ws.shows.create("Spring Fair", place="Ulm", starts_on="2026-05-12")
    ws.shows.add_runs("Spring Fair", ["last:import"])
    campaign = ws.shows.write("Spring Fair", "trade-show")
    assert (campaign.group, campaign.context["event_date"]) == ("Spring Fair", "12 May 2026")
    ws.campaigns.generate("Spring Fair")
    (draft,) = ws.messages(campaign="Spring Fair").items
    assert "Spring Fair" in draft.subject + draft.body
    assert list(ws.shows.show("Spring Fair").campaigns.values()) == ["Spring Fair"]
    ws.campaigns.delete("Spring Fair")
    assert ws.shows.show("Spring Fair").campaigns == {}


def test_a_show_is_changed_and_deleted(ws: Workspace) -> None:
    ws.shows.create("A", industry="Tools")
    ws.shows.create("B")
    ws.shows.add_runs("A", ["last:import"])
    changed = ws.shows.set("A", {"name": "C", "industry": ""})
    assert (changed.name, changed.industry) == ("C", None)
    for wrong in ({"name": "B"}, {"starts_on": "soon"}, {"size": "1"}, {"name": ""}):
        with pytest.raises(UsageError):
            ws.shows.set("C", wrong)
    with pytest.raises(UsageError, match="check the days"):
        ws.shows.set("C", {"starts_on": "2026-05-12", "ends_on": "2026-05-11"})
    ws.shows.delete("C")
    with pytest.raises(NotFoundError, match="There is no show 'C'"):
        ws.shows.show("C")
    assert ws.leads.count() == 2
    types = [one.type for one in ws.events.list(types=["show.*"]).items]
    assert types == ["show.created"] * 2 + ["show.runs_added", "show.updated", "show.deleted"]
