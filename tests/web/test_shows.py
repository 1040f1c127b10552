"""Shows: from their imports to a campaign, as people go the way."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]


def test_a_show_is_made_filled_and_written_to(site: Site, visit: Visit) -> None:
    page = visit("/shows")
    page.get_by_role("link", name="New show").first.click()
    page.get_by_label("Name", exact=True).fill("Spring Fair")
    page.get_by_label("Place", exact=True).fill("Ulm")
    page.get_by_label("First day").fill("2026-05-12")
    page.get_by_role("button", name="Make show").click()
    expect(page.locator("#show")).to_contain_text("Ulm · 12 May 2026")
    expect(page.locator(".empty")).to_contain_text("Nobody yet")
    imported = page.locator("label[for=run-1]")
    expect(imported).to_contain_text("hannover-fair-2026.xlsx, Connections.csv")
    expect(imported).not_to_contain_text("/")  # names, not where they lie on the server
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Add", exact=True).click()
    there = site.ws.leads.count()
    expect(page.locator("#show")).to_contain_text(f"{there} leads")
    page.get_by_role("button", name="Take the import of").click()
    expect(page.locator(".empty")).to_contain_text("Nobody yet")
    with page.expect_response(lambda one: "/part" in one.url):
        pass  # the news of that come, and the page is as it was: it can still be taken back
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("#show")).to_contain_text(f"{there} leads")
    page.get_by_role("button", name="Write to them").click()
    expect(page.locator("#campaign")).to_contain_text("Event name")
    assert site.ws.campaigns.show("Spring Fair").campaign.group == "Spring Fair"


def test_a_show_can_be_read_by_everybody_changed_and_deleted(
    site: Site, visit: Visit, look: Callable[..., None]
) -> None:
    show = site.ws.shows.create("Autumn Fair", place="Bonn")
    site.ws.shows.add_runs("Autumn Fair", ["last:import"])
    look(f"/shows/{show.id}", "show")
    page = visit(f"/shows/{show.id}")
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Last day").fill("2026-10-02")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#show")).to_contain_text("2 October 2026")
    page.get_by_role("button", name="Delete").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("Deleted the show")
    assert "Autumn Fair" not in {one.name for one in site.ws.shows.list()}
