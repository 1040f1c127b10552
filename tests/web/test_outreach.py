"""Groups, templates and campaigns: from conditions to drafts, as people go the way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]


def test_from_conditions_to_drafts(site: Site, visit: Visit) -> None:
    page = visit("/groups")
    page.get_by_role("link", name="New group").first.click()
    page.get_by_label("Name", exact=True).fill("From France")
    page.get_by_label("Field").first.select_option("country")
    page.get_by_label("Value").first.fill("FR")
    there = site.ws.leads.count(where=["country=FR"])
    expect(page.locator("#group-count")).to_have_text(f"{there} leads will be in it.")
    page.get_by_role("button", name="Make group").click()
    expect(page.locator("tbody tr")).to_have_count(there)
    page.get_by_role("button", name="Take").first.click()
    expect(page.locator("tbody tr")).to_have_count(there - 1)
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("tbody tr")).to_have_count(there)
    page.get_by_role("link", name="Write to them").click()
    page.get_by_label("Name", exact=True).fill("Bonjour")
    page.get_by_role("button", name="Make campaign").click()
    page.get_by_role("button", name="Write the drafts").click()
    expect(page.get_by_role("link", name="Review")).to_be_visible()
    waiting = site.ws.drafts.counts("Bonjour")["waiting"]
    expect(page.locator("#campaign")).to_contain_text(f"Review {waiting} drafts")
    assert waiting > 0


def test_a_template_is_previewed_with_a_real_lead_while_it_is_typed(
    site: Site, visit: Visit
) -> None:
    lead = site.ws.leads.window(where=["email!=", "company!="], limit=1)[0]
    page = visit("/templates")
    expect(page.locator(".row-cards")).not_to_contain_text("{%")  # it shows what they say
    page.get_by_role("link", name="New template").click()
    page.get_by_label("Name", exact=True).fill("short & sweet")
    page.get_by_role("button", name="Make template").click()
    expect(page).to_have_url(f"{site.url}/templates/short%20%26%20sweet")
    page.get_by_label("As it would reach").fill(lead.email or "")
    page.get_by_role("button", name="Preview").click()
    letters = page.locator("#letters")
    expect(letters).to_contain_text(f"A question about {lead.company}")
    page.locator("textarea").first.fill("Only for {{ company }}!")
    expect(letters).to_contain_text(f"Only for {lead.company}!")
    assert "Only for" not in site.ws.templates.show("short & sweet")[0].text
    page.locator("textarea").first.fill("Only {{ if")
    expect(letters).to_contain_text("line 1")
    page.locator("textarea").first.fill("Only for {{ company }}")
    page.get_by_role("button", name="Save as version 2").first.click()
    expect(page.locator(".toast")).to_contain_text("Version 2 is in use")
    page.get_by_text("2 versions").click()
    page.get_by_role("button", name="Version 1,").click()
    expect(page.locator("textarea").first).to_have_value(
        "A question about {{ company | default('your work') }}"
    )


@pytest.mark.parametrize("name", ["templates/intro", "campaigns", "groups"])
def test_the_screens_can_be_read_by_everybody(name: str, look: Callable[..., None]) -> None:
    look(f"/{name}", name.replace("/", "-"))


def test_what_cannot_be_is_said_and_nothing_is_lost(site: Site, visit: Visit) -> None:
    site.ws.campaigns.create("Hola", None, "intro")
    page = visit("/campaigns")
    page.get_by_role("link", name="New campaign").first.click()
    page.get_by_label("Name", exact=True).fill("Hola")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.locator(".toast")).to_contain_text("There is a campaign 'Hola' already")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Hola")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Hola").click()
    page.get_by_role("button", name="Delete").click()
    page.locator("dialog").get_by_role("button", name="Cancel").click()
    assert site.ws.campaigns.show("Hola")
    page.get_by_role("button", name="Delete").click()
    page.locator("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("Deleted the campaign Hola")
