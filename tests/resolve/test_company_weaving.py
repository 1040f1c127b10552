"""Companies that are surely one are woven by `resolve`, in its run; what people said stands."""

from typing import Any

import pytest
from workbench import Desk

from leadloom.resolve import firm_weaving, undo
from leadloom.resolve.entity import Entity
from leadloom.resolve.firm_weighing import held_back
from leadloom.runs import run as runs
from leadloom.storage.database import Tx

HEAD = "Name,Email,Company,Company Domain,Company Phone,Company Street,Company City,Company Zip"
KESSLER = (
    "Ida Hahn,ida@gmail.com,Kessler Maschinenbau AG,kessler.de,+49 731 4412050,Talweg 4,Ulm,89073",
    "Jon Falk,jon@gmail.com,Kesler Maschinenbau,,+49 731 4412050,Talweg 4,Ulm,89073",
    "Jo Wirt,jo@gmail.com,Kessler-Maschinenbau,kessler.com,+49 731 4412050,Talweg 4,Ulm,89073",
)
OTHERS = (
    "Kim Wolf,kim@gmail.com,Nordwind AG,nordwind.de,+49 40 7712300,Kai 1,Hamburg,20457",
    "Lea Nagy,lea@gmail.com,Berg Srl,berg.it,,Via Roma 9,Torino,10121",
)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firm_weaving, "BATCH", 1)
    monkeypatch.setattr(undo, "BATCH", 1)


@pytest.fixture
def firms(desk: Desk) -> Desk:
    desk.take_in(*KESSLER, *OTHERS, head=HEAD)
    return desk


def seen(desk: Desk) -> list[Any]:
    """All that is seen of companies but when they were changed, and whose they are."""
    found = desk.ws.companies.find(limit=500, sort="id").items
    shapes = [{k: v for k, v in one.as_json().items() if k != "updated_at"} for one in found]
    people = {str(one.id): one.company_id for one in desk.ws.leads.find(limit=500).items}
    return [shapes, people]


def names(desk: Desk) -> list[str | None]:
    found = desk.ws.companies.find(limit=500).items
    return sorted(one.name for one in found if "sler" in (one.name or ""))


def test_what_is_surely_one_is_woven_and_undone_to_the_letter(firms: Desk) -> None:
    before = seen(firms)
    report = firms.ws.resolution.run()
    assert (report.merged_companies, report.doubtful_companies) == (2, 0)
    assert len(names(firms)) == 1
    kept = firms.ws.companies.get("kessler.de")
    assert firms.ws.companies.get("kessler.com").id == kept.id
    [one, other] = report.company_examples
    assert one.reasons[0].startswith("alike in name")
    assert {one.absorbed, other.absorbed} == {"Kesler Maschinenbau", "Kessler-Maschinenbau"}
    assert firms.ws.runs.get("last:resolve").counts["companies_merged"] == 2
    firms.assert_sound()
    assert firms.ws.resolution.run(everything=True).merged_companies == 0
    assert firms.ws.runs.undo(str(report.run)).companies_changed > 0
    assert seen(firms) == before
    firms.assert_sound()


def test_a_dry_run_tells_of_it_and_changes_nothing(firms: Desk) -> None:
    before = seen(firms)
    report = firms.ws.resolution.run(dry_run=True)
    assert (report.merged_companies, len(report.company_examples)) == (2, 2)
    assert seen(firms) == before


def test_the_order_they_came_in_makes_no_difference(desk: Desk) -> None:
    desk.take_in(*reversed(OTHERS), *reversed(KESSLER), head=HEAD)
    assert desk.ws.resolution.run().merged_companies == 2
    assert len(names(desk)) == 1


def test_a_person_who_called_them_different_is_not_overruled(firms: Desk) -> None:
    firms.ws.companies.judge("kessler.de", "kessler.com", "different")
    assert firms.ws.resolution.run().merged_companies == 1
    assert firms.ws.companies.get("kessler.de").id != firms.ws.companies.get("kessler.com").id
    assert firms.ws.companies.duplicates() == []
    firms.assert_sound()


def test_nor_is_one_who_could_not_tell(firms: Desk) -> None:
    firms.ws.companies.judge("kessler.de", "kessler.com", "unsure")
    assert firms.ws.resolution.run().merged_companies == 1
    assert len(firms.ws.companies.duplicates()) == 1


def test_what_was_woven_can_be_unmerged_for_good(firms: Desk) -> None:
    run = firms.ws.resolution.run().run
    absorbed = firms.ws.companies.unmerge("kessler.com").id
    kept = firms.ws.companies.get("kessler.de").id
    assert absorbed != kept
    assert firms.ws.resolution.run(everything=True).merged_companies == 0
    firms.ws.runs.undo(str(run))
    assert firms.ws.companies.get(absorbed).id == absorbed
    assert len(names(firms)) == 3
    firms.assert_sound()


def test_it_outlives_the_undo_of_what_it_does_not_rest_on(firms: Desk) -> None:
    firms.ws.resolution.run()
    before = names(firms)
    later = firms.take_in("Eva Roth,eva@gmail.com,Kesler Maschinenbau,,,,Bern,", head=HEAD)
    firms.ws.runs.undo(str(later.run.uuid))
    assert names(firms) == before
    firms.assert_sound()


def test_it_outlives_it_where_more_is_said_than_they_are_known_by(desk: Desk) -> None:
    """Their legal forms differ in rows that others outdid since."""
    place = "+49 731 4412050,Talweg 4,Ulm,89073"
    desk.take_in(
        "Ida Hahn,ida@gmail.com,Kessler Maschinenbau AG,kessler.de,,,,",
        "Jon Falk,jon@gmail.com,Kessler Maschinenbau GmbH,kessler.com,,,,",
        head=HEAD,
    )
    desk.take_in(
        f"Ida Hahn,ida@gmail.com,Kessler Maschinenbau,kessler.de,{place}",
        f"Jon Falk,jon@gmail.com,Kessler Maschinenbau,kessler.com,{place}",
        head=HEAD,
    )
    assert desk.ws.resolution.run().merged_companies == 1
    later = desk.take_in("Eva Roth,eva@gmail.com,Kessler Maschinenbau,,,,Bern,", head=HEAD)
    desk.ws.runs.undo(str(later.run.uuid))
    assert len(names(desk)) == 1
    desk.assert_sound()


def test_it_falls_with_what_it_rests_on(desk: Desk) -> None:
    """Without the file that told the line and the street, nothing but names is alike."""
    desk.take_in(
        "Ida Hahn,ida@gmail.com,Kessler Maschinenbau AG,kessler.de,,,,",
        "Jon Falk,jon@gmail.com,Kesler Maschinenbau,kesler.com,,,,",
        *OTHERS,
        head=HEAD,
    )
    before = seen(desk)
    place = "+49 731 4412050,Talweg 4,Ulm,89073"
    told = desk.take_in(
        f"Ida Hahn,ida@gmail.com,Kessler Maschinenbau AG,kessler.de,{place}",
        f"Jon Falk,jon@gmail.com,Kesler Maschinenbau,kesler.com,{place}",
        head=HEAD,
    )
    run = desk.ws.resolution.run()
    assert run.merged_companies == 1
    desk.ws.runs.undo(str(told.run.uuid))
    assert seen(desk) == before
    desk.assert_sound()
    desk.ws.runs.undo(str(run.run))
    assert seen(desk) == before


def test_a_resolve_that_is_stopped_goes_on(firms: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before, merge = seen(firms), firm_weaving.merge

    def stopping(tx: Tx, kept: int, absorbed: int, run_id: int, entity: Entity) -> None:
        merge(tx, kept, absorbed, run_id, entity)
        runs.request_cancel(tx, runs.get_by_key(tx, run_id))

    monkeypatch.setattr(firm_weaving, "merge", stopping)
    assert firms.ws.resolution.run().status == "cancelled"
    monkeypatch.setattr(firm_weaving, "merge", merge)
    assert len(names(firms)) == 2
    firms.ws.runs.resume("last:resolve")
    assert len(names(firms)) == 1
    firms.ws.runs.undo("last:resolve")
    assert seen(firms) == before


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        ({"name": "exact", "line": "exact", "form": "different"}, "their legal forms differ"),
        ({"name": "exact", "line": "exact", "city": "abroad"}, "they are in two countries"),
        ({"name": "exact", "site": "other ending", "city": "different"}, "they are in two cities"),
        ({"name": "exact", "site": "different", "city": "exact"}, "their domains differ"),
        (
            {"name": "contained", "line": "exact", "street": "exact"},
            "only a part of the name is the same",
        ),
        ({"name": "different", "line": "exact", "street": "exact"}, "they are called differently"),
        ({"name": "exact", "profile": "different"}, "their LinkedIn pages differ"),
        ({"name": "mistyped", "city": "exact"}, "only a similar name is shared"),
        ({"name": "exact", "site": "other ending"}, "only the name is shared"),
        ({"line": "exact", "street": "exact"}, "only one of the two has a name"),
    ],
)
def test_sisters_branches_and_neighbours_are_asked_about(seen: dict[str, str], why: str) -> None:
    assert held_back(seen) == why


@pytest.mark.parametrize(
    "seen",
    [
        {"name": "mistyped", "line": "exact", "city": "different"},
        {"name": "exact", "site": "other ending", "city": "exact"},
        {"name": "exact", "site": "different", "street": "exact"},
        {"name": "exact", "postcode": "exact"},
    ],
)
def test_what_is_called_alike_and_shares_more_is_one(seen: dict[str, str]) -> None:
    assert held_back(seen) is None


def test_a_firm_and_its_subsidiary_in_one_house_stay_two(desk: Desk) -> None:
    place = "+49 731 4412050,Talweg 4,Ulm,89073"
    desk.take_in(
        f"Ida Hahn,ida@gmail.com,Kessler Maschinenbau AG,kessler.de,{place}",
        f"Jon Falk,jon@gmail.com,Kessler Maschinenbau Service GmbH,kessler-service.de,{place}",
        head=HEAD,
    )
    assert desk.ws.resolution.run().merged_companies == 0
    assert len(names(desk)) == 2
