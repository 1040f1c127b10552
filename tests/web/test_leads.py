"""The grid of leads, as people use it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect
from serving import Site

Visit = Callable[[str], Page]


def test_the_leads_are_there_and_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/leads", "leads")


def test_a_search_narrows_the_list_while_it_is_typed(visit: Visit) -> None:
    page = visit("/leads")
    expect(page.locator("[data-total]")).to_have_text("158")
    page.keyboard.press("/")
    page.keyboard.type("lindqvst")  # sic
    expect(page.locator("[data-total]")).to_have_text("5")
    expect(page.locator("tbody tr").first).to_contain_text("Lindqvist")
    assert page.url.endswith("/leads?q=lindqvst")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("[data-total]")).to_have_text("158")


def test_a_cell_is_typed_in_and_taken_back(site: Site, visit: Visit) -> None:
    page = visit("/leads?q=Brian+Drummer")
    title = page.locator("tbody tr").first.locator("td").nth(2)
    expect(title).to_have_text("Chief Executive Officer")
    title.click()
    page.keyboard.type("Chair")
    page.keyboard.press("Enter")
    expect(title).to_have_text("Chair")
    expect(page.locator(".toast")).to_contain_text("Saved")
    assert site.ws.leads.find("Brian Drummer").items[0].title == "Chair"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    expect(title).to_have_text("Chief Executive Officer")


def test_the_keyboard_goes_everywhere(visit: Visit) -> None:
    page = visit("/leads?sort=full_name")
    expect(page.locator("[data-total]")).to_have_text("158")
    page.keyboard.press("/")
    page.keyboard.press("Enter")  # from the search into the list
    here = page.locator("#cell-at")
    page.keyboard.press("ArrowDown")
    expect(here.locator("..")).to_have_attribute("aria-rowindex", "3")
    page.keyboard.press("Control+End")
    expect(here.locator("..")).to_have_attribute("aria-rowindex", "159")
    expect(here).to_be_in_viewport()
    page.keyboard.press("PageUp")
    page.keyboard.press("Control+Home")
    expect(here.locator("..")).to_have_attribute("aria-rowindex", "2")
    expect(here).to_be_in_viewport()
    name = here.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_contain_text(name.split("\n")[-1].split()[-1])


def test_cells_go_to_a_spreadsheet_and_come_back(site: Site, visit: Visit) -> None:
    page = visit("/leads?sort=full_name&c=full_name,city,country,notes")
    rows = page.locator("tbody tr")
    expect(rows.first).to_be_visible()
    rows.nth(0).locator("td").nth(1).click(position={"x": 200, "y": 20})
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    expect(page.locator(".toast")).to_contain_text("Copied 2 × 2 cells")
    first, second = site.ws.leads.window(sort="full_name", limit=2)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        copied == f"{first.full_name}\t{first.city or ''}\n{second.full_name}\t{second.city or ''}"
    )
    page.evaluate("navigator.clipboard.writeText('Ulm\\tGermany\\n\"Bad\\nTölz\"\\tDE\\n')")
    rows.nth(0).locator("td").nth(2).click()
    page.keyboard.press("Control+v")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator(".toast").last).to_contain_text("Changed 4 cells")
    expect(rows.nth(0).locator("td").nth(3)).to_have_text("DE")
    now = site.ws.leads.window(sort="full_name", limit=2)
    assert [one.city for one in now] == ["Ulm", "Bad Tölz"]
    page.get_by_role("button", name="Undo").last.click()
    expect(page.locator(".toast", has_text="Taken back")).to_be_visible()
    assert site.ws.leads.window(sort="full_name", limit=2)[0].city == first.city


def test_what_cannot_be_read_stays_as_it_was(site: Site, visit: Visit) -> None:
    page = visit("/leads?q=Brian+Drummer")
    email = page.locator("tbody tr").first.locator("td").nth(4)
    email.dblclick()
    page.keyboard.type("nonsense")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.bad")).to_contain_text("nonsense")
    expect(email).to_contain_text("brian.drummer@")


def test_conditions_build_up_as_chips_and_the_address_keeps_them(site: Site, visit: Visit) -> None:
    page = visit("/leads")
    page.get_by_text("Country", exact=True).first.click()
    page.locator("details[open] a", has_text="DE").first.click()
    expect(page.locator(".chip.on")).to_contain_text("Country is DE")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Field").select_option("title")
    page.get_by_label("How").select_option("~")
    page.get_by_label("Value").fill("head")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".chip.on")).to_have_count(2)
    narrow = str(site.ws.leads.count(where=["country=DE", "title~head"]))
    expect(page.locator("[data-total]")).to_have_text(narrow)
    page.reload()
    expect(page.locator(".chip.on")).to_have_count(2)
    expect(page.locator("[data-total]")).to_have_text(narrow)
    page.locator(".chip.on").first.click()
    expect(page.locator(".chip.on")).to_have_count(1)
    page.go_back()
    expect(page.locator(".chip.on")).to_have_count(2)


def test_a_chip_takes_several_values_and_lets_them_go(site: Site, visit: Visit) -> None:
    page = visit("/leads")
    page.get_by_text("Country", exact=True).first.click()
    for country in ("DE", "FR"):  # it stays open, with the keyboard where it was
        page.locator("details[open] a", has_text=country).first.click()
        expect(page.locator(".chip.on")).to_contain_text(country)
        chosen = page.locator("details[open] a[aria-current]", has_text=country)
        expect(chosen).to_be_focused()
    expect(page.locator(".chip.on")).to_have_text("Country is DE or FR")
    wanted = site.ws.leads.count(where=["country=DE|FR"])
    expect(page.locator("[data-total]")).to_have_text(str(wanted))
    page.locator("details[open] a[aria-current]", has_text="DE").click()
    expect(page.locator(".chip.on")).to_have_text("Country is FR")
    page.keyboard.press("Escape")
    expect(page.locator("details[open]")).to_have_count(0)


def test_a_heading_sorts_up_and_down(site: Site, visit: Visit) -> None:
    page = visit("/leads")
    page.get_by_role("link", name="Name").click()
    first = site.ws.leads.window(sort="full_name", limit=1)[0].full_name
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Name")  # it was first before
    expect(page.locator("tbody tr").first).to_contain_text(str(first))
    page.get_by_role("link", name="Name").click()
    last = site.ws.leads.window(sort="-full_name", limit=1)[0].full_name
    expect(page.locator("tbody tr").first).to_contain_text(str(last))
    assert "sort=-full_name" in page.url


def test_all_that_match_are_tagged_after_a_plan_and_untagged_again(
    site: Site, visit: Visit
) -> None:
    page = visit("/leads?f=country%3DDE")
    wanted = site.ws.leads.count(where=["country=DE"])
    page.get_by_label("Choose all").check()
    expect(page.locator(".chosen-bar")).to_contain_text(f"{wanted} chosen")
    page.locator("tbody input").first.uncheck()
    expect(page.locator(".chosen-bar")).to_contain_text(f"{wanted - 1} chosen")
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_label("Put on").fill("vip")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".plan")).to_contain_text(f"{wanted - 1} of {wanted - 1} leads")
    assert site.ws.leads.count(where=["tags=vip"]) == 0
    page.locator("#bulk").get_by_role("button", name="Tag").click()
    expect(page.locator(".toast")).to_contain_text("done")
    assert site.ws.leads.count(where=["tags=vip"]) == wanted - 1
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    assert site.ws.leads.count(where=["tags=vip"]) == 0


def test_some_are_chosen_by_keys_deleted_and_brought_back(site: Site, visit: Visit) -> None:
    page = visit("/leads?sort=full_name")
    before = site.ws.leads.count()
    page.keyboard.press("/")
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ ")
    expect(page.locator(".chosen-bar")).to_contain_text("3 chosen")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".plan")).to_contain_text("3 of 3 leads will be deleted")
    page.locator("#bulk").get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("done")
    assert site.ws.leads.count() == before - 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    assert site.ws.leads.count() == before


def test_what_is_chosen_goes_to_a_group_to_drafts_and_to_a_file(site: Site, visit: Visit) -> None:
    page = visit("/leads?q=Brian+Drummer")
    page.locator("tbody input").first.check()
    page.get_by_role("button", name="Group", exact=True).click()
    page.get_by_label("Group, known or new").fill("Friends")
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_role("button", name="Put into the group").click()
    expect(page.locator(".toast")).to_contain_text("1 new in the group Friends")
    page.get_by_role("button", name="Draft", exact=True).click()
    page.get_by_label("Template").select_option("intro")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".plan")).to_contain_text("1 draft will be written")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Enrich", exact=True).click()
    expect(page.locator(".plan")).to_contain_text("new facts")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Export", exact=True).click()
    page.get_by_label("As").select_option("csv")
    with page.expect_download() as loading:
        page.get_by_role("button", name="Download").click()
    assert "Brian" in loading.value.path().read_text("utf-8-sig")
    site.ws.groups.delete("Friends")


def test_columns_are_chosen_put_in_order_and_widened(visit: Visit) -> None:
    page = visit("/leads")
    page.get_by_role("link", name="Columns").click()
    page.get_by_label("City", exact=True).check()
    page.get_by_label("Score", exact=True).uncheck()
    page.get_by_role("button", name="Title up").click()
    page.get_by_role("button", name="Show these").click()
    headings = page.locator("thead th")
    expect(headings.first).to_contain_text("Title")
    expect(headings.last).to_contain_text("City")
    page.locator("[data-grip=title]").hover()
    grip = page.locator("[data-grip=title]").bounding_box()
    assert grip is not None
    page.mouse.down()
    page.mouse.move(grip["x"] + 84, grip["y"] + 10)
    page.mouse.up()
    expect(page).to_have_url(re.compile("title%3A260"))
    page.reload()
    expect(page.locator("col[data-name=title]")).to_have_attribute("width", "260")
    page.get_by_role("link", name="Columns").click()
    page.get_by_role("button", name="As usual").click()
    expect(headings.last).to_contain_text("Score")


def test_a_view_is_kept_found_again_and_forgotten(visit: Visit) -> None:
    page = visit("/leads?f=country%3DDE&sort=-lead_score&c=full_name,city")
    page.get_by_text("Views", exact=True).click()
    page.get_by_label("Name of this view").fill("Best of Germany")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".toast")).to_contain_text("Kept the view")
    visit("/leads").get_by_text("Views", exact=True).click()
    page.get_by_role("link", name="Best of Germany").click()
    expect(page.locator(".chip.on")).to_contain_text("Country is DE")
    expect(page.locator("thead th")).to_have_count(2)
    page.get_by_text("Views", exact=True).click()
    page.get_by_label("Forget the view Best of Germany").click()
    expect(page.locator(".toast")).to_contain_text("Forgot")
    expect(page.get_by_role("link", name="Best of Germany")).to_have_count(0)


def test_a_list_too_tall_for_a_browser_is_scrolled_to_scale(site: Site, desk: Page) -> None:
    """As over 200,000 rows: here the tallest a list may be is so small that 158 are too many."""

    def smaller(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("TALLEST = 8e6", "TALLEST = 3e3"))

    desk.route("**/grid.js", smaller)
    desk.goto(f"{site.url}/leads?sort=full_name")
    expect(desk.locator("[data-total]")).to_have_text("158")
    names = [lead.full_name for lead in site.ws.leads.window(sort="full_name", limit=158)]
    grid = desk.locator(".grid")
    assert grid.evaluate("box => box.scrollHeight") < 3_200
    grid.evaluate("box => { box.scrollTop = 1e9 }")
    last = desk.locator("tbody tr[aria-rowindex='159']")
    expect(last).to_contain_text(str(names[-1]))
    expect(last).to_be_in_viewport()
    grid.evaluate("box => { box.scrollTop = 1100 }")
    expect(last).to_have_count(0)
    expect(desk.locator("tbody tr.blank")).to_have_count(0)
    # number and name at once: it may still be scrolling
    said = "row => [+row.getAttribute('aria-rowindex'), row.textContent]"
    seen = desk.locator("tbody tr[data-id]").first
    at, text = seen.evaluate(said)
    assert 42 < at < 102
    assert str(names[at - 2]) in text
    expect(seen).to_be_in_viewport()
    desk.keyboard.press("/")
    desk.keyboard.press("Enter")
    for keys, row in (("Control+End", 159), ("Control+Home", 2), ("PageDown", None)):
        desk.keyboard.press(keys)
        here = desk.locator("#cell-at")
        expect(here).to_be_in_viewport()
        if row:
            expect(here.locator("..")).to_have_attribute("aria-rowindex", str(row))
    desk.mouse.move(700, 500)
    for _ in range(4):
        desk.mouse.wheel(0, 100)
    expect(desk.locator("tbody tr.blank")).to_have_count(0)
    at, text = desk.locator("tbody tr[data-id]").first.evaluate(said)
    assert str(names[at - 2]) in text
