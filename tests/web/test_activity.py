"""The event log: it can be narrowed, leads to what it tells of, and grows while one looks."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]


def test_the_log_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/activity", "activity")


def test_what_happens_appears_by_itself(own_site: Site, desk: Page) -> None:
    desk.goto(f"{own_site.url}/activity")
    expect(desk.locator("#activity")).to_contain_text("Nothing happened here yet")
    desk.wait_for_timeout(500)  # the news are listened to
    own_site.ws.leads.add({"full_name": "Ada Lind", "email": "ada@lind.example"})
    line = desk.locator(".log li").filter(has_text="Lead created")
    expect(line).to_contain_text("Ada Lind")
    line.get_by_role("link", name="Ada Lind").click()
    expect(desk.locator("article h1")).to_have_text("Ada Lind")


def test_the_log_is_narrowed_and_paged(site: Site, visit: Visit) -> None:
    page = visit("/activity?about=run")
    for text in page.locator(".log .what > .strong").all_inner_texts():
        assert text.startswith("Run ")
    visit("/activity")
    lines = page.locator(".log li")
    expect(lines.filter(has_text="Lead created").first).to_contain_text("times")
    newest = lines.first.inner_text()
    if page.get_by_role("link", name="Older").count():
        page.get_by_role("link", name="Older").click()
        expect(lines.first).not_to_have_text(newest, use_inner_text=True)
    lead = site.ws.leads.window("Brian Drummer", limit=1)[0]
    visit(f"/activity?lead={lead.email}")
    expect(lines.filter(has_text="Lead created").first).to_be_visible()
    expect(lines.nth(20)).to_have_count(0)
    visit("/activity?lead=nobody@nowhere.example")
    expect(page.locator("#activity")).to_contain_text("No lead is known by")
