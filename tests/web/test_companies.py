"""The grid of companies: what leads have, it has too."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]


def test_companies_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    def choose(page: Page) -> None:
        page.locator("tbody input").first.check()
        expect(page.locator(".chosen-bar")).to_contain_text("1 chosen")

    look("/companies", "companies", then=choose)


def test_companies_are_tagged_and_their_people_put_into_a_group(site: Site, visit: Visit) -> None:
    firm = site.ws.companies.window(sort="name", limit=1)[0]
    people = site.ws.leads.count(where=[f"company_id={firm.id}"])
    page = visit("/companies?sort=name&c=name,tags")
    page.locator("tbody input").first.check()
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Put on").fill("key account")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".plan")).to_contain_text("1 of 1 company")
    page.locator("dialog").get_by_role("button", name="Tag", exact=True).click()
    expect(page.locator("tbody tr").first).to_contain_text("key account")
    page.get_by_role("button", name="Group", exact=True).click()
    page.get_by_label("Group, known or new").fill("Their people")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".plan")).to_contain_text(f"{people} lead")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as loading:
        page.get_by_role("button", name="Download").click()
    assert loading.value.suggested_filename == "companies.xlsx"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr").first).not_to_contain_text("key account")
