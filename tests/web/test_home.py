"""The dashboard: every figure is measured, and leads to the rows it counts."""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from pathlib import Path

import httpx2
from playwright.sync_api import Page, expect
from serving import Site

import leadloom
from leadloom.web import charts

Visit = Callable[[str], Page]


def text(site: Site, path: str) -> str:
    answer = httpx2.get(site.url + path)
    assert answer.status_code == 200, answer.text
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))


def test_the_dashboard_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/home", "home", lambda page: expect(page.locator("#home-outreach h2")).to_have_count(2))


def test_a_figure_leads_to_its_rows(site: Site, visit: Visit) -> None:
    page = visit("/")
    expect(page).to_have_url(re.compile("/home$"))
    row = page.locator("#home-leads .bars li").filter(has_text="DE").first
    shown = row.locator(".num").inner_text()
    row.click()
    expect(page.locator("[data-total]")).to_have_text(shown)
    assert site.ws.leads.count(where=["country=DE"]) == int(shown)


def test_what_is_not_measured_is_not_shown(own_site: Site) -> None:
    assert "No leads yet" in text(own_site, "/home/leads")
    assert "nothing that costs money was asked" in text(own_site, "/home/work")
    assert "No data yet: nobody was written to" in text(own_site, "/home/outreach")


def test_every_source_and_week_leads_to_as_many_leads_as_it_says(site: Site) -> None:
    html = httpx2.get(f"{site.url}/home/leads").text
    found = re.findall(r'<li><a href="(/leads\?f=[^"]+)".*?"num">([\d,]+)<', html, re.DOTALL)
    assert len(found) > 5
    for url, count in found:
        answer = httpx2.get(site.url + unescape(url).replace("/leads?", "/leads/count?"))
        assert answer.json()["count"] == int(count.replace(",", "")), url


def test_the_time_to_a_draft_and_the_templates_are_measured(own_site: Site) -> None:
    own_site.ws.leads.add({"full_name": "Ada Lind", "email": "ada@lind.example", "company": "Lind"})
    own_site.ws.draft(template="intro")
    told = text(own_site, "/home/outreach")
    assert "from upload to draft, for half of 1 leads" in told
    assert "Within a minute 1" in told
    assert "intro 1" in told
    (draft,) = own_site.ws.messages().items
    own_site.ws.mark([str(draft.id)], "replied")
    assert "100%" in text(own_site, "/home/outreach")


def test_money_is_summed_by_day_and_provider(tmp_path: Path) -> None:
    shape = charts.columns({"a": [1.0, 0.0], "b": [1.0, 4.0]}, limit=5.0)
    assert [round(one.height) for one in shape.blocks] == [24, 24, 96]
    assert shape.limit_y == 0
    assert charts.columns({"a": [0.1]}, limit=100.0).limit_y is None
    with leadloom.open(f"sqlite:///{tmp_path / 'leads.db'}") as ws:
        assert ws.figures.spending().total_usd == Decimal(0)
