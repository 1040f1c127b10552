"""Two people at the same field: the second is told before anything of the first is lost."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]
WHO = "/leads?q=Brian+Drummer"


def test_who_types_into_a_cell_that_has_changed_is_asked(site: Site, visit: Visit) -> None:
    page = visit(WHO)
    lead = site.ws.leads.find("Brian Drummer").items[0]
    title = page.locator("tbody tr").first.locator("td").nth(2)
    expect(title).to_have_text("Chief Executive Officer")

    def type_(text: str) -> None:
        title.dblclick()
        page.locator(".typed").fill(text)
        page.keyboard.press("Enter")

    site.ws.leads.set(lead.id, {"title": "Director"})
    type_("Chair")
    question = page.locator("dialog#dialog h2")
    expect(question).to_have_text(
        "Meanwhile somebody changed title from “Chief Executive Officer” to “Director”. "
        "Keep yours, “Chair”?"
    )
    page.get_by_role("button", name="Take theirs").click()
    expect(title).to_have_text("Director")
    assert site.ws.leads.get(lead.id).title == "Director"

    site.ws.leads.set(lead.id, {"city": "Ulm"})
    type_("Boss")  # another field of the same lead is nobody's concern
    expect(page.locator(".toast", has_text="Saved")).to_be_visible()
    site.ws.leads.set(lead.id, {"title": "President"})
    type_("Chair")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.locator(".toast", has_text="Saved")).to_have_count(2)
    assert site.ws.leads.get(lead.id).title == "Chair"
    while site.ws.leads.get(lead.id).title != "Chief Executive Officer":
        site.ws.runs.undo("last:edit")


def test_who_saves_a_field_of_a_page_that_has_changed_is_asked(site: Site, visit: Visit) -> None:
    firm = site.ws.companies.window(sort="name", limit=1)[0]
    page = visit(f"/companies/{firm.id}")
    theirs = site.ws.companies.set(firm.id, {"city": "Ulm"})
    for closed in page.locator(".missing").all():
        closed.evaluate("it => { it.open = true }")
    page.get_by_label("Change city").click()
    page.get_by_label("City", exact=True).fill("Bonn")
    page.keyboard.press("Enter")
    expect(page.locator("dialog#dialog h2")).to_contain_text("city from nothing to “Ulm”")
    page.get_by_role("button", name="Take theirs").click()
    expect(page.locator("#company")).to_contain_text("Ulm")
    site.ws.runs.undo(str(theirs.run))
