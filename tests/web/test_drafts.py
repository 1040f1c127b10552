"""Drafts on the desk: decided by keyboard, taken back, exported."""

import csv
import io
import re
from collections.abc import Callable

import httpx2
import pytest
from playwright.sync_api import Page, expect
from serving import Site

from leadloom.workspace import Workspace


@pytest.fixture(scope="module")
def letters(site: Site) -> Workspace:
    """The sample people, with letters to the Germans among them."""
    ws = site.ws
    ws.groups.create("Germans", where=["country=DE", "email!="])
    ws.campaigns.create("Spring fair", "Germans", "trade-show", 1)
    ws.campaigns.generate("Spring fair")
    return ws


def test_the_desk_can_be_read_by_everybody(letters: Workspace, look: Callable[..., None]) -> None:
    look("/drafts", "drafts")


def test_drafts_are_decided_by_keyboard_and_taken_back(
    letters: Workspace, site: Site, desk: Page
) -> None:
    first, second, third = letters.drafts.list(limit=3).items
    desk.goto(f"{site.url}/drafts?campaign=Spring+fair")
    who = desk.locator(".letter header .strong")
    expect(who).to_have_text(first.lead_name or "")
    desk.keyboard.press("a")
    expect(who).to_have_text(second.lead_name or "")
    desk.keyboard.press("s")
    expect(who).to_have_text(third.lead_name or "")
    assert letters.drafts.get(str(first.id)).review == "accepted"
    assert letters.drafts.get(str(second.id)).review == "skipped"
    desk.keyboard.press("u")
    expect(who).to_have_text(second.lead_name or "")
    assert letters.drafts.get(str(second.id)).review is None
    desk.keyboard.press("u")
    expect(who).to_have_text(first.lead_name or "")
    assert letters.drafts.counts()["accepted"] == 0
    desk.keyboard.press("j")
    expect(who).to_have_text(second.lead_name or "")


def test_a_text_is_changed_by_keyboard_and_taken_back(
    letters: Workspace, site: Site, desk: Page
) -> None:
    (first,) = letters.drafts.list(limit=1).items
    desk.goto(f"{site.url}/drafts")
    desk.keyboard.press("e")
    expect(desk.locator("#body")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator(".letter .body")).to_be_visible()
    desk.keyboard.press("e")
    desk.locator("#subject").fill("See you <b>soon</b>")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".letter h2")).to_have_text("See you <b>soon</b>")
    expect(desk.locator(".letter header")).to_contain_text("Edited")
    assert letters.drafts.get(str(first.id)).subject == "See you <b>soon</b>"
    desk.keyboard.press("u")
    expect(desk.locator(".letter h2")).to_have_text(first.subject)
    assert letters.drafts.get(str(first.id)).edited_at is None


def test_a_draft_shows_the_facts_and_the_quality(
    letters: Workspace, site: Site, desk: Page
) -> None:
    draft = letters.drafts.list(limit=1).items[0]
    desk.goto(f"{site.url}/drafts?at={draft.id}")
    why = desk.locator(".why")
    for fact in draft.personalization["facts"]:
        expect(why).to_contain_text(f"{fact['why']} · from {fact['source']}")
    expect(why).to_contain_text(f"Quality {draft.quality_score:.0f}")


def test_the_drafts_are_exported_without_the_skipped_ones(
    letters: Workspace, site: Site, desk: Page
) -> None:
    first, second, *_ = letters.drafts.list(limit=200).items
    letters.drafts.skip(str(first.id))
    letters.drafts.accept(str(second.id))
    desk.goto(f"{site.url}/campaigns/{letters.campaigns.show('Spring fair').campaign.id}")

    def rows(button: str) -> list[dict[str, str]]:
        with desk.expect_download() as caught:
            desk.get_by_role("button", name=re.compile(button)).click()
        assert caught.value.suggested_filename == "Spring-fair.csv"
        text = caught.value.path().read_text("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    assert [row["message_id"] for row in rows("accepted")] == [str(second.id)]
    everything = rows("All drafts")
    assert len(everything) == sum(letters.drafts.counts("Spring fair").values()) - 1
    assert str(first.id) not in {row["message_id"] for row in everything}
    for one in (first, second):
        letters.drafts.take_back(str(one.id))


def test_where_nothing_is_to_be_decided_that_is_said(letters: Workspace, site: Site) -> None:
    told = httpx2.get(f"{site.url}/drafts?standing=skipped").text
    assert "No message is skipped" in told
    assert httpx2.get(f"{site.url}/drafts?campaign=nothing").status_code == 404
