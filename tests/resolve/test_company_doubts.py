"""Pairs of companies that may be one: looked for by `resolve`, judged by a person."""

from typing import Any

import pytest
import sqlalchemy as sa
from workbench import Desk

from leadloom.errors import UsageError
from leadloom.storage.tables import judgements

HEAD = "Name,Email,Company,Company Domain,Company Phone,Company Street,Company City,Company Zip"
SAME = (
    "Ida Hahn,ida@gmail.com,Kessler Maschinenbau AG,kessler.de,+49 731 4412050,Talweg 4,Ulm,89073",
    "Jon Falk,jon@gmail.com,Kesler Maschinenbau KG,,+49 731 4412050,Talweg 4,Ulm,89073",
)
OTHERS = (
    "Kim Wolf,kim@gmail.com,Nordwind AG,nordwind.de,+49 40 7712300,Kai 1,Hamburg,20457",
    "Lea Nagy,lea@gmail.com,Berg Srl,berg.it,,Via Roma 9,Torino,10121",
)

MORE = (
    ("Tannhof Sensorik", "tannhof.de", "+49 30 8812001", "Hof 3,Berlin,10115"),
    ("Brunnacker Optik", "brunnacker.de", "+49 421 330550", "Deich 8,Bremen,28195"),
    ("Zinnwald Textil", "zinnwald.de", "+49 351 770880", "Gasse 5,Dresden,01067"),
)


@pytest.fixture
def firms(desk: Desk) -> Desk:
    desk.take_in(*SAME, *OTHERS, head=HEAD)
    return desk


def pairs(desk: Desk) -> list[Any]:
    found = desk.ws.companies.duplicates()
    assert len(found) == desk.ws.companies.count_duplicates()
    return [({one.a_name, one.b_name}, one.score, one.reasons) for one in found]


def test_two_legal_forms_are_offered_with_score_and_reasons_and_not_woven(firms: Desk) -> None:
    count = firms.ws.companies.count()
    assert pairs(firms) == []
    report = firms.ws.resolution.run()
    assert report.doubtful_companies == 1
    [(names, score, reasons)] = pairs(firms)
    assert names == {"Kessler Maschinenbau AG", "Kesler Maschinenbau KG"}
    assert 0.45 < score < 0.5
    assert reasons[0].startswith("alike in name")
    assert reasons[0].endswith(", but their legal forms differ")
    assert any(reason.startswith("line: exact (+") for reason in reasons[1:])
    assert firms.ws.companies.count() == count
    assert firms.ws.leads.duplicates() == []


def test_two_can_be_explained_as_a_resolve_would_put_it(firms: Desk) -> None:
    firms.ws.resolution.run()
    [asked] = firms.ws.companies.duplicates()
    told = firms.ws.resolution.explain_companies(asked.a, asked.b)
    assert (told.verdict, told.reason) == ("unsure", asked.reasons[0])
    assert told.score == pytest.approx(asked.score)
    assert {one.field for one in told.fields} >= {"name", "line", "city"}
    other = firms.ws.resolution.explain_companies("kessler.de", "nordwind.de")
    assert other.verdict == "different"
    assert other.score < 0.01
    firms.ws.companies.merge(asked.a, asked.b)
    with pytest.raises(UsageError, match="same company"):
        firms.ws.resolution.explain_companies(asked.a, asked.b)


def test_of_older_sets_of_pairs_only_some_are_kept(
    firms: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloom.resolve.firm_doubts.KEPT", 2)
    firms.ws.resolution.run()
    for name, site, phone, place in MORE:
        firms.take_in(
            f"Max Kern,max@{site},{name} AG,{site},{phone},{place}",
            f"Eva Kern,eva.{site}@gmail.com,{name.replace('nn', 'n')} KG,,{phone},{place}",
            head=HEAD,
        )
        firms.ws.resolution.run()
    assert len(pairs(firms)) == 4
    query = sa.select(sa.func.count(sa.distinct(judgements.c.run_id))).where(
        judgements.c.entity == "company", judgements.c.verdict == "unsure"
    )
    with firms.ws._session.read() as tx:
        assert tx.conn.scalar(query) == 2
    firms.ws.runs.undo("last:resolve")
    assert len(pairs(firms)) == 3


def test_a_dry_run_counts_them_and_leaves_none(firms: Desk) -> None:
    assert firms.ws.resolution.run(dry_run=True).doubtful_companies == 1
    assert pairs(firms) == []


def test_a_verdict_is_not_asked_again(firms: Desk) -> None:
    firms.ws.resolution.run()
    [found] = firms.ws.companies.duplicates()
    firms.ws.companies.judge(found.a, found.b, "different")
    assert pairs(firms) == []
    firms.ws.resolution.run(everything=True)
    assert pairs(firms) == []
    firms.ws.runs.undo("last:edit")
    assert len(pairs(firms)) == 1
    firms.ws.companies.judge(found.a, found.b, "unsure")
    assert [one.score for one in firms.ws.companies.duplicates()] == [found.score]
    firms.ws.companies.judge(found.a, found.b, "same")
    assert pairs(firms) == []
    assert firms.ws.companies.get(found.b).id == found.a
    firms.ws.resolution.run(everything=True)
    assert pairs(firms) == []
    firms.assert_sound()


def test_each_resolve_leaves_a_set_of_its_own_that_is_taken_back(firms: Desk) -> None:
    firms.ws.resolution.run()
    before = pairs(firms)
    firms.ws.resolution.run()  # finds the same
    firms.take_in(
        "Eva Roth,eva@gmail.com,Nordwint KG,,+49 40 7712300,Kai 1,Hamburg,20457", head=HEAD
    )
    later = firms.ws.resolution.run()
    assert later.doubtful_companies == len(pairs(firms)) == 2
    firms.ws.runs.undo("last:import")
    assert pairs(firms) == before
    firms.ws.runs.undo(str(later.run))
    assert pairs(firms) == before
    for run in firms.ws.runs.list(kind="resolve").items:
        if run.undone_at is None:
            firms.ws.runs.undo(str(run.id))
    assert pairs(firms) == []


def test_pairs_of_companies_are_no_pairs_of_leads(firms: Desk) -> None:
    """Companies and leads are numbered alike: what is said of the one is not of the other."""
    firms.ws.resolution.run()
    people = firms.ws.leads.find(limit=500, sort="id").items
    before = pairs(firms)
    firms.ws.leads.merge(people[0].id, people[1].id)
    firms.ws.leads.unmerge(people[1].id)
    firms.ws.runs.undo("last:edit")
    firms.ws.privacy.forget([people[-1].id])
    assert pairs(firms) == before
    assert firms.ws.leads.duplicates() == []


def test_of_one_company_its_own_pairs(firms: Desk) -> None:
    firms.ws.resolution.run()
    assert len(firms.ws.companies.duplicates(of="kessler.de")) == 1
    assert firms.ws.companies.duplicates(of="nordwind.de") == []
