"""The page of a lead, and of a company: looking up, editing, taking back."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]


def lead_url(site: Site, name: str) -> str:
    return f"/leads/{site.ws.leads.find(name).items[0].id}"


def test_a_lead_can_be_read_by_everybody(site: Site, look: Callable[..., None]) -> None:
    look(lead_url(site, "Brian Drummer"), "lead")


def test_a_company_can_be_read_by_everybody(site: Site, look: Callable[..., None]) -> None:
    look(f"/companies/{site.ws.companies.find('Pinewhistle').items[0].id}", "company")


def test_the_companies_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/companies", "companies")


def test_a_field_says_where_it_comes_from_and_is_changed_in_place(site: Site, visit: Visit) -> None:
    page = visit(lead_url(site, "Brian Drummer"))
    title = page.locator(".fact", has=page.locator("#label-title"))
    expect(title).to_contain_text("Chief Executive Officer")
    expect(title).to_contain_text(".")  # the file it is from
    title.get_by_label("Change title").click()
    title.get_by_role("textbox").fill("Chair")
    title.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    expect(title).to_contain_text("Chair")
    expect(title).to_contain_text("you")
    title.get_by_text("other").click()
    expect(title.locator(".others")).to_contain_text("Chief Executive Officer")
    page.get_by_role("button", name="Undo").click()
    expect(title).to_contain_text("Chief Executive Officer")
    expect(title).not_to_contain_text("Chair")


def test_what_cannot_be_read_is_said_and_nothing_is_changed(site: Site, visit: Visit) -> None:
    page = visit(lead_url(site, "Brian Drummer"))
    email = page.locator(".fact", has=page.locator("#label-email"))
    email.get_by_label("Change email").click()
    email.get_by_role("textbox").fill("no address")
    email.get_by_role("button", name="Save").click()
    expect(page.locator(".toast.bad")).to_contain_text("no address")
    assert (
        site.ws.leads.find("Brian Drummer").items[0].email == "brian.drummer@pinewhistle-labs.com"
    )


def test_a_lead_is_deleted_and_brought_back(site: Site, visit: Visit) -> None:
    page = visit(lead_url(site, "Brian Drummer"))
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("Deleted Brian Drummer")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    assert site.ws.leads.find("Brian Drummer").items[0].deleted_at is None


def test_what_is_done_with_many_is_done_with_one(site: Site, visit: Visit) -> None:
    page = visit(lead_url(site, "Brian Drummer"))
    page.get_by_role("button", name="Draft").click()
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".plan")).to_contain_text("1 draft will be written")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tag").click()  # the dialog before is over
    page.get_by_label("Put on").fill("vip")
    page.get_by_role("button", name="Show the plan").click()
    page.locator("dialog").get_by_role("button", name="Tag", exact=True).click()
    expect(page.locator("article")).to_contain_text("vip")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    assert site.ws.leads.find("Brian Drummer").items[0].tags == []


def test_a_company_is_changed_in_place(site: Site, visit: Visit) -> None:
    firm = site.ws.companies.find("Pinewhistle").items[0]
    page = visit(f"/companies/{firm.id}")
    page.locator("summary", has_text="Nothing known").first.click()
    industry = page.locator(".fact", has=page.locator("#label-type"))
    industry.get_by_label("Change type").click()
    industry.get_by_role("textbox").fill("private")
    industry.get_by_role("button", name="Save").click()
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert site.ws.companies.get(firm.id).type == "private"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
