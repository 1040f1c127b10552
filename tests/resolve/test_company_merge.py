"""Companies merged, parted and judged by a person: exact, whatever comes in between."""

from typing import Any

import pytest
import sqlalchemy as sa
from workbench import Desk

from leadloom.enrich.provider import Question
from leadloom.enrich.questions import enrichment_sources, questions
from leadloom.errors import ConflictError, UsageError
from leadloom.resolve.keys import domain_key
from leadloom.resolve.shelf import load_leads
from leadloom.storage.tables import companies, company_keys

HEAD = "Name,Email,Company,Company Domain,Company City,Company Phone"
ROWS = (
    "Ada Lind,ada@gmail.com,Acme GmbH,acme.com,Kiel,",
    "Bo Stern,bo@gmail.com,Acme Werke,acme.de,Ulm,",
    "Cleo Voss,cleo@gmail.com,Acme Holding,acme.org,,+49 30 23125001",
)


@pytest.fixture
def firms(desk: Desk) -> Desk:
    desk.take_in(*ROWS, head=HEAD)
    return desk


def seen(desk: Desk) -> list[Any]:
    """All that is seen of companies but when they were changed, and whose they are."""
    hidden = {"updated_at"}
    found = desk.ws.companies.find(limit=500, sort="id").items
    shapes = [{k: v for k, v in one.as_json().items() if k not in hidden} for one in found]
    people = {str(one.id): one.company_id for one in desk.ws.leads.find(limit=500).items}
    return [shapes, people]


def told(desk: Desk) -> list[str]:
    """The same without ids: for what begins anew."""
    names = {one.id: f"{one.name}/{one.domain}" for one in desk.ws.companies.find(limit=500).items}
    people = [(one.email, names.get(one.company_id)) for one in desk.ws.leads.find(limit=500).items]
    firms = [
        {k: v for k, v in one.as_json().items() if k not in ("id", "updated_at", "created_at")}
        for one in desk.ws.companies.find(limit=500).items
    ]
    return sorted(map(repr, [*people, *firms]))


def firm_of(desk: Desk, address: str) -> Any:
    return desk.ws.leads.get(address).company_id


def test_one_speaks_for_both(firms: Desk) -> None:
    absorbed = firms.ws.companies.get("acme.org").id
    kept = firms.ws.companies.merge("acme.com", "acme.org")
    assert (kept.name, kept.domain, kept.phone) == ("Acme Holding", "acme.org", "+493023125001")
    assert (kept.city, firms.ws.companies.get(absorbed).id) == ("Kiel", kept.id)
    assert firm_of(firms, "cleo@gmail.com") == firm_of(firms, "ada@gmail.com") == kept.id
    view = firms.ws.companies.show(kept.id)
    assert {lead.email for lead in view.leads} == {"ada@gmail.com", "cleo@gmail.com"}
    assert [one.id for one in view.absorbed] == [absorbed]
    assert {"company.merged", "company.absorbed"} <= {event.type for event in view.history}
    assert absorbed not in [one.id for one in firms.ws.companies.find().items]
    assert firms.ws.companies.count() == len(firms.ws.companies.find().items)
    assert firms.ws.companies.find("Holding").items[0].id == kept.id
    works_there = firms.ws.leads.find(where=[f"company_id={kept.id}"]).items
    assert {lead.email for lead in works_there} == {"ada@gmail.com", "cleo@gmail.com"}
    firms.assert_sound()


def test_later_rows_that_name_the_merged_one_arrive_at_the_survivor(firms: Desk) -> None:
    kept = firms.ws.companies.merge("acme.com", "acme.de")
    firms.take_in(
        "Eva Roth,eva@gmail.com,Acme Werke,,,",
        "Fay Lund,fay@gmail.com,,acme.de,,",
        "Gus Holm,gus@gmail.com,Acme GmbH,acme.net,,",
        head=HEAD,
    )
    assert firm_of(firms, "eva@gmail.com") == firm_of(firms, "fay@gmail.com") == kept.id
    assert firm_of(firms, "gus@gmail.com") not in (None, kept.id)
    firms.assert_sound()


def test_parting_restores_exactly(firms: Desk) -> None:
    before = seen(firms)
    absorbed = firms.ws.companies.get("acme.de").id
    firms.ws.companies.merge("acme.com", "acme.de")
    assert seen(firms) != before
    returned = firms.ws.companies.unmerge(absorbed)
    assert returned.id == absorbed
    assert seen(firms) == before
    assert {"company.unmerged", "company.merged"} <= {
        event.type for event in firms.ws.companies.history("acme.com")
    }
    firms.assert_sound()


def test_what_came_meanwhile_is_shared_out(firms: Desk) -> None:
    absorbed = firms.ws.companies.get("acme.de").id
    kept = firms.ws.companies.merge("acme.com", "acme.de")
    firms.ws.companies.set(kept.id, {"city": "Bonn"})
    firms.take_in(
        "Eva Roth,eva@gmail.com,Acme Werke,,,",
        "Fay Lund,fay@gmail.com,,acme.com,,",
        head=HEAD,
    )
    assert firms.ws.companies.unmerge("acme.de").city == "Ulm"
    assert firms.ws.companies.get(kept.id).city == "Bonn"
    assert firm_of(firms, "eva@gmail.com") == absorbed
    assert firm_of(firms, "fay@gmail.com") == kept.id
    firms.assert_sound()


def test_a_chain_comes_apart_link_by_link(firms: Desk) -> None:
    before = seen(firms)
    names = [firms.ws.companies.get(one).id for one in ("acme.com", "acme.de", "acme.org")]
    firms.ws.companies.merge(names[1], names[2])
    middle = seen(firms)
    firms.ws.companies.merge(names[0], names[1])
    assert firms.ws.companies.get(names[2]).id == names[0]
    firms.assert_sound()
    firms.ws.companies.unmerge(names[0])
    assert seen(firms) == middle
    firms.ws.companies.unmerge(names[2])
    assert seen(firms) == before
    firms.assert_sound()


def test_a_merge_taken_back_leaves_what_would_be_without_it(firms: Desk) -> None:
    run = firms.ws.companies.merge("acme.com", "acme.de") and firms.ws.runs.get("last:edit")
    later = (
        "Eva Roth,eva@gmail.com,Acme Werke,,,",
        "Fay Lund,fay@gmail.com,Acme GmbH,,Bern,",
        "Gus Holm,gus@gmail.com,Acme Werke,acme.net,,",
    )
    firms.take_in(*later, head=HEAD)
    undone = firms.ws.runs.undo(str(run.id))
    assert undone.companies_changed > 0
    left = told(firms)
    firms.ws.runs.undo("last:import")
    firms.take_in(*later, head=HEAD)
    assert told(firms) == left
    assert firm_of(firms, "eva@gmail.com") == firms.ws.companies.get("acme.de").id
    firms.assert_sound()


def test_a_parting_taken_back_makes_them_one_again(firms: Desk) -> None:
    firms.ws.companies.merge("acme.com", "acme.de")
    firms.take_in("Eva Roth,eva@gmail.com,Acme Werke,,Bern,", head=HEAD)
    before = seen(firms)
    firms.ws.companies.unmerge("acme.de")
    assert seen(firms) != before
    firms.ws.runs.undo("last:edit")
    assert seen(firms) == before
    firms.assert_sound()


def test_a_merge_outlives_the_undo_of_an_import(firms: Desk) -> None:
    firms.ws.companies.merge("acme.com", "acme.de")
    before = told(firms)
    firms.take_in("Eva Roth,eva@gmail.com,Acme Werke,,Bern,", head=HEAD)
    firms.ws.runs.undo("last:import")
    assert told(firms) == before
    firms.assert_sound()


def test_when_the_merged_one_loses_its_rows_nothing_of_it_stays(desk: Desk) -> None:
    desk.take_in(ROWS[0], head=HEAD)
    before = told(desk)
    run = desk.take_in(ROWS[1], head=HEAD).run
    for kept, absorbed in (("acme.com", "acme.de"), ("acme.de", "acme.com")):
        desk.ws.companies.merge(kept, absorbed)
        desk.ws.companies.unmerge(absorbed)
    desk.ws.companies.merge("acme.de", "acme.com")
    desk.ws.runs.undo(str(run.uuid))
    assert told(desk) == before
    desk.assert_sound()


def test_different_is_not_overruled_when_all_is_decided_again(firms: Desk) -> None:
    firms.take_in("Eva Roth,eva@gmail.com,Acme GmbH,acme.net,,", head=HEAD)
    firms.take_in("Fay Lund,fay@gmail.com,Acme GmbH,,,", head=HEAD)
    bare = firm_of(firms, "fay@gmail.com")
    net = firms.ws.companies.get("acme.net").id
    firms.ws.companies.judge("acme.com", bare, "different")
    # Without acme.net there is one namesake left, and a row by name alone would go there.
    firms.ws.runs.undo(str(firms.ws.runs.list(kind="import").items[1].id))
    assert net not in [one.id for one in firms.ws.companies.find().items]
    assert firm_of(firms, "fay@gmail.com") == bare
    firms.assert_sound()
    firms.ws.runs.undo("last:edit")
    assert firm_of(firms, "fay@gmail.com") == firms.ws.companies.get("acme.com").id
    firms.assert_sound()


def test_what_makes_no_sense_is_refused(firms: Desk) -> None:
    before = seen(firms)
    with pytest.raises(ConflictError, match="Nothing was merged into this company"):
        firms.ws.companies.unmerge("acme.de")
    with pytest.raises(ConflictError, match="These two are one company already"):
        firms.ws.companies.merge("acme.de", "acme.de")
    with pytest.raises(UsageError, match="one company already"):
        firms.ws.companies.judge("acme.de", "acme.de", "different")
    with pytest.raises(UsageError, match="A verdict is one of"):
        firms.ws.companies.judge("acme.de", "acme.com", "perhaps")
    assert seen(firms) == before


def test_what_is_amiss_with_a_merged_company_is_found(firms: Desk) -> None:
    kept = firms.ws.companies.merge("acme.com", "acme.de")
    firms.assert_sound()
    with firms.ws.db.write() as conn:
        conn.execute(sa.update(companies).where(companies.c.uuid == kept.id).values(city="Rom"))
        conn.execute(sa.delete(company_keys).where(company_keys.c.hash == domain_key("acme.de")))
    found = {(one.field, one.id) for one in firms.ws.verify().differences}
    assert found == {("city", kept.id), ("keys", kept.id)}


def test_a_company_keeps_what_it_was_told_in_turn(firms: Desk) -> None:
    """Facts of both are folded as those of one: the newer of two wins, and an edit all."""
    kept = firms.ws.companies.merge("acme.com", "acme.de")
    assert kept.city == "Ulm"
    firms.ws.companies.set(kept.id, {"city": "Bonn"})
    firms.take_in("Bo Stern,bo@gmail.com,Acme Werke,acme.de,Wien,", head=HEAD)
    assert firms.ws.companies.get("acme.de").city == "Bonn"
    shown = {one.field: one for one in firms.ws.companies.show(kept.id).fields}
    assert {"Ulm", "Kiel", "Wien"} <= {other.value for other in shown["city"].others}
    firms.ws.runs.undo("last:edit")
    assert firms.ws.companies.get(kept.id).city == "Wien"
    firms.assert_sound()


def test_rows_that_repeat_others_and_forgetting_leave_a_merged_company_whole(firms: Desk) -> None:
    firms.ws.companies.merge("acme.com", "acme.de")
    run = firms.take_in(*ROWS, head=HEAD).run
    before = told(firms)
    firms.ws.runs.undo(str(run.uuid))
    assert told(firms) == before
    firms.ws.privacy.forget(["bo@gmail.com"])
    assert firms.ws.companies.get("acme.com").city == "Ulm"
    firms.assert_sound()


def test_who_works_at_the_merged_one_is_a_colleague(firms: Desk) -> None:
    firms.take_in(
        "Eva Roth,eva.roth@acme.com,Acme GmbH,acme.com,,",
        "Hal Kern,,Acme Werke,acme.de,,",
        head=HEAD,
    )

    def asked() -> Question:
        [hal] = firms.ws.leads.find("Hal").items
        with firms.ws._session.read() as tx:
            return dict(questions(tx, load_leads(tx, [hal.key]), enrichment_sources(tx)))[hal.key]

    assert [one[0] for one in asked().colleagues] == ["Bo"]
    firms.ws.companies.merge("acme.com", "acme.de")
    assert {one[0] for one in asked().colleagues} == {"Ada", "Bo", "Eva"}
    assert asked().company["domain"] == firms.ws.companies.get("acme.com").domain


def test_a_name_of_too_many_finds_nobody_in_a_file_nor_when_all_is_decided_again(
    firms: Desk,
) -> None:
    many = [f"P{n} Q{n},p{n}@gmail.com,Smith Ltd,smith{n}.com,," for n in range(15)]
    firms.take_in(*many, head=HEAD)
    alone = ("Eva Roth,eva@gmail.com,Smith,,,", "Fay Lund,fay@gmail.com,Smith,,,")
    firms.take_in(*alone, head=HEAD)
    assert firm_of(firms, "eva@gmail.com") != firm_of(firms, "fay@gmail.com")
    before = seen(firms)
    firms.ws.companies.merge("smith1.com", "smith2.com")
    firms.ws.runs.undo("last:edit")
    assert seen(firms) == before
    firms.assert_sound()
