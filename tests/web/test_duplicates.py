"""Deciding who is one person: side by side, by keyboard, and taken back."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from serving import Site, served

import leadloom
from leadloom.web.duplicates_compare import Side, compared
from leadloom.workspace.views import FieldView

ROWS = """\
First Name,Last Name,Email,Title,Company,Country
Stefan,Ahlbeck,stefan@quellbrunn.example,Managing Director,Quellbrunn GmbH,DE
Franziska,Vollrath,franziska@ferrotal.example,Head of Sales,Ferrotal Works,DE
"""
MORE = """\
First Name,Last Name,LinkedIn,Title,Company
Stefan,Ahlbeck,https://www.linkedin.com/in/stefan-ahlbeck-1,Sales Engineer,Ferrotal Works
Franzi,Vollrath,,Head of Sale,Ferrotal Works Ltd
"""


@pytest.fixture
def doubted(tmp_path: Path) -> Iterator[Site]:
    """A site where two pairs wait for somebody."""
    for name, text in (("rows.csv", ROWS), ("more.csv", MORE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with leadloom.open(f"sqlite:///{tmp_path / 'leads.db'}") as ws:
        ws.import_files([tmp_path / "rows.csv", tmp_path / "more.csv"])
        assert len(ws.leads.duplicates()) == 2
        with served(ws) as site:
            yield site


def names(page: Page) -> list[str]:
    return page.locator(".facing thead .link").all_inner_texts()


def test_the_pairs_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/duplicates", "duplicates")


def test_a_pair_is_shown_side_by_side_with_what_differs_marked(doubted: Site, desk: Page) -> None:
    desk.goto(f"{doubted.url}/duplicates")
    first, second = doubted.ws.leads.duplicates()
    assert names(desk) == [first.a_name, first.b_name]
    titles = desk.locator("tr.differs", has_text="Title")
    expect(titles.locator("mark").first).to_be_visible()
    expect(desk.locator("tr.only", has_text="Email")).to_contain_text("rows.csv, row 2")
    expect(desk.locator(".reasons .for", has_text="Surname")).to_contain_text("the same")
    why = doubted.ws.resolution.explain(first.a, first.b)
    story = why.story.partition(" against ")[0]
    expect(desk.locator(".reasons .for").first).to_contain_text(f"for {story}")
    desk.keyboard.press("j")
    expect(desk.locator(".facing thead")).to_contain_text(second.b_name or "")
    assert desk.url.endswith("?at=1")
    desk.keyboard.press("ArrowUp")
    expect(desk.locator(".facing thead")).to_contain_text(first.b_name or "")


def test_verdicts_are_given_by_keyboard_and_taken_back(doubted: Site, desk: Page) -> None:
    ws = doubted.ws
    desk.goto(f"{doubted.url}/duplicates")
    pair = ws.leads.duplicates()[0]
    desk.keyboard.press("d")
    expect(desk.locator(".toast")).to_contain_text("Two people")
    expect(desk.locator(".queue li")).to_have_count(1)
    assert {pair.a, pair.b}.isdisjoint({one.a for one in ws.leads.duplicates()})
    desk.keyboard.press("s")
    expect(desk.locator(".empty")).to_contain_text("Nobody is in doubt")
    assert ws.leads.count() == 3
    desk.keyboard.press("z")
    expect(desk.locator(".queue li")).to_have_count(1)
    assert ws.leads.count() == 4
    desk.get_by_role("button", name="Same").click()
    expect(desk.locator(".toast", has_text="One person now")).to_be_visible()
    desk.get_by_role("button", name="Undo", exact=True).click()
    expect(desk.locator(".queue li")).to_have_count(1)
    assert ws.leads.count() == 4


@pytest.mark.parametrize(
    ("a", "b", "told"),
    [
        ("Purchasing Manager", "Account Manager", ("[Purchasing] Manager", "[Account] Manager")),
        ("Franziska Vollrath", "Franzi Vollrath", ("Franzi[ska] Vollrath", "Franzi Vollrath")),
        ("Ferrotal Works", "FERROTAL Works Ltd", ("Ferrotal Works", "FERROTAL Works[ Ltd]")),
        ("Gießerei", "Giesserei", ("Gießerei", "Giesserei")),
        (["a@x.de", "b@x.de"], ["b@x.de"], ("[a@x.de], b@x.de", "b@x.de")),
        ("501-1000", "1-10", ("[501]-[1000]", "[1]-[10]")),
    ],
)
def test_what_differs_is_marked(a: object, b: object, told: tuple[str, str]) -> None:
    def as_text(side: Side | None) -> str:
        assert side
        return "".join(f"[{text}]" if is_marked else text for text, is_marked in side.parts)

    (row,) = compared([fact(a)], [fact(b)])
    assert (as_text(row.a), as_text(row.b)) == told
    assert row.kind == ("differs" if "[" in "".join(told) else "same")


def fact(value: object) -> FieldView:
    when = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return FieldView("title", value, "a.csv", "file", uuid.uuid4(), 1, when, 1.0, [])


def test_the_pairs_of_one_lead(doubted: Site) -> None:
    pair = doubted.ws.leads.duplicates()[1]
    answer = httpx2.get(f"{doubted.url}/duplicates?lead={pair.a}")
    assert "1 pair waits" in " ".join(answer.text.split())
    assert (pair.b_name or "?") in answer.text
    gone = "0190a000-0000-7000-8000-000000000000"
    assert "2 pairs wait" in httpx2.get(f"{doubted.url}/duplicates?lead={gone}").text


def test_without_pairs_the_page_says_where_they_come_from(own_site: Site) -> None:
    assert "No duplicates yet" in httpx2.get(f"{own_site.url}/duplicates").text


FIRMS = """\
Name,Email,Company,Company Domain,Company Phone,Company City
Ida Hahn,ida@gmail.com,Kessler Maschinenbau GmbH,kessler.example,+49 731 4412050,Ulm
Jon Falk,jon@gmail.com,Kesler Maschinenbau AG,,+49 731 4412050,Ulm
"""


def test_companies_are_decided_by_the_same_keys(own_site: Site, desk: Page, tmp_path: Path) -> None:
    ws = own_site.ws
    (tmp_path / "firms.csv").write_text(FIRMS, encoding="utf-8")
    ws.import_files([tmp_path / "firms.csv"])
    assert "No company is in doubt" in httpx2.get(f"{own_site.url}/duplicates/companies").text
    ws.resolution.run()
    [pair] = ws.companies.duplicates()
    desk.goto(f"{own_site.url}/duplicates")
    desk.get_by_role("link", name="1 pair of companies").click()
    expect(desk.locator(".reasons .for", has_text="Line")).to_contain_text("the same")
    # What speaks neither for it nor against is not told.
    expect(desk.locator('.reasons [title$="0.0 bits"]')).to_have_count(0)
    expect(desk.locator('aside a[href="/duplicates"], nav a[href="/duplicates"]')).to_contain_text(
        "1"
    )
    assert names(desk) == [pair.a_name, pair.b_name]
    desk.keyboard.press("s")
    expect(desk.locator(".toast", has_text="One company now")).to_be_visible()
    assert ws.companies.count() == 1
    desk.keyboard.press("z")
    expect(desk.locator(".queue li")).to_have_count(1)
    assert ws.companies.count() == 2
    desk.keyboard.press("s")
    expect(desk.locator(".toast", has_text="One company now")).to_be_visible()
    desk.goto(f"{own_site.url}/companies/{pair.a}")
    desk.get_by_role("button", name="Part").click()
    expect(desk.locator(".toast")).to_contain_text("a company of its own again")
    assert ws.companies.count() == 2
