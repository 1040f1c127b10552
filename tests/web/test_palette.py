"""The command palette: by keyboard to places, people and deeds."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from serving import Site

Visit = Callable[[str], Page]


def test_the_palette_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    def opened(page: Page) -> None:
        page.keyboard.press("Control+k")
        page.keyboard.type("in")
        expect(page.locator("#palette li").first).to_be_visible()

    look("/leads", "palette", opened)


def test_one_goes_anywhere_by_a_few_letters(visit: Visit) -> None:
    page = visit("/leads")
    page.keyboard.press("Control+k")
    page.keyboard.type("templ")
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text("Templates")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Templates")
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    page.keyboard.type("daily spend")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Settings")
    assert page.url.endswith("/settings#setting-daily_spend_limit")


def test_a_lead_is_found_and_opened(visit: Visit) -> None:
    page = visit("/leads")
    page.keyboard.press("Control+k")
    page.keyboard.type("brian drumm")
    expect(page.locator("#palette li").first).to_contain_text("Brian Drummer")
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_have_text("Brian Drummer")


_ALL_AT_ONCE = """() => {
  const pressed = (on, key, more) =>
    on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...more }));
  pressed(document.body, "k", { ctrlKey: true });
  const input = document.querySelector("#palette input");
  input.value = "new gro";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  pressed(input, "Enter");
  pressed(input, "Enter");
}"""


def test_keys_pressed_faster_than_it_opens_are_not_lost(visit: Visit) -> None:
    page = visit("/leads")
    for _ in range(2):  # its code is loaded the first time
        page.evaluate(_ALL_AT_ONCE)
        expect(page.locator("dialog#dialog h2")).to_have_text("New group")
        expect(page.locator("dialog#palette")).not_to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.locator("dialog#dialog").evaluate("box => box.replaceChildren()")


def test_common_things_are_done(site: Site, visit: Visit) -> None:
    lead = site.ws.leads.window("Brian Drummer", limit=1)[0]
    site.ws.leads.set(lead.id, {"title": "Chair"})
    page = visit("/leads")
    page.keyboard.press("Control+k")
    page.keyboard.type("undo")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Do it").click()
    expect(page.locator(".toast")).to_contain_text("Taken back")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert site.ws.leads.get(lead.id).title == lead.title
    page.keyboard.press("Control+k")
    page.keyboard.type("new gro")
    page.keyboard.press("Enter")
    expect(page.locator("dialog#dialog h2")).to_have_text("New group")
