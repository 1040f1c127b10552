"""Settings: saved as they are changed, wrong ones refused, keys never shown again."""

import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from serving import Site


def test_the_settings_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    look("/settings", "settings")


def test_schedules_are_shown_with_what_came_of_them(own_site: Site, desk: Page) -> None:
    own_site.ws.schedules.add("nightly", "0 6 * * 1-5", ["enrich", "--where", "status=raw"])
    desk.goto(f"{own_site.url}/settings")
    expect(desk.locator("#schedules")).to_contain_text("leadloom enrich --where status=raw")
    expect(desk.locator("#schedules")).to_contain_text("0 6 * * 1-5 · next")


def test_a_schedule_that_came_with_a_copy_is_paused_until_somebody_resumes_it(
    own_site: Site, desk: Page, tmp_path: Path
) -> None:
    for name in ("nightly", "weekly"):
        own_site.ws.schedules.add(name, "0 6 * * 1-5", ["enrich"])
    for file in tmp_path.glob("leads.db-jobs*"):
        file.unlink()  # what no copy holds
    desk.goto(f"{own_site.url}/settings")
    nightly = desk.locator("#schedules li", has_text="nightly")
    expect(nightly).to_contain_text("Paused")
    expect(nightly).to_contain_text("came with a backup or a copy")
    nightly.get_by_role("button", name="Resume").click()
    expect(nightly).to_contain_text("next")
    expect(nightly).not_to_contain_text("Paused")
    expect(desk.locator("#schedules li", has_text="weekly")).to_contain_text("Paused")
    assert {one.name: one.is_paused for one in own_site.ws.schedules.list()} == {
        "nightly": False,
        "weekly": True,
    }


def test_a_setting_is_saved_refused_and_taken_back(own_site: Site, desk: Page) -> None:
    desk.goto(f"{own_site.url}/settings")
    limit = desk.get_by_label("Daily spend limit")
    limit.fill("12.50")
    limit.press("Tab")
    row = desk.locator("#setting-daily_spend_limit")
    expect(row).to_contain_text("It was 100")
    assert str(own_site.ws.config.get("daily_spend_limit").value) == "12.50"
    limit.fill("a lot")
    limit.press("Tab")
    expect(desk.locator(".toast.bad")).to_contain_text("takes a number such as 12.50")
    assert str(own_site.ws.config.get("daily_spend_limit").value) == "12.50"
    row.get_by_role("button", name="Undo").click()
    expect(row).not_to_contain_text("It was 100.0")
    assert not own_site.ws.config.get("daily_spend_limit").is_changed


def test_a_key_is_kept_and_never_shown_again(own_site: Site, desk: Page) -> None:
    desk.goto(f"{own_site.url}/settings")
    desk.get_by_label("Name of another key").fill("crm_key")
    desk.get_by_label("Its value").fill("very-secret-1234")
    desk.locator("#providers .adding button").click()
    expect(desk.locator("#providers")).to_contain_text("crm_key")
    assert own_site.ws.secrets.get("crm_key") == "very-secret-1234"
    assert "very-secret-1234" not in desk.content()
    assert "very-secret-1234" not in httpx2.get(f"{own_site.url}/settings").text
    desk.get_by_role("button", name="Forget the key crm_key").click()
    desk.locator("dialog").get_by_role("button", name="Forget").click()
    expect(desk.locator("#providers")).not_to_contain_text("crm_key")
    assert own_site.ws.secrets.list() == []


def test_trust_decides_who_wins(own_site: Site, desk: Page, tmp_path: Path) -> None:
    for name, city in (("old.csv", "Ulm"), ("new.csv", "Bonn")):
        (tmp_path / name).write_text(f"name,email,city\nAda Lind,ada@lind.example,{city}\n")
        own_site.ws.import_files([tmp_path / name])
    assert own_site.ws.leads.get("ada@lind.example").city == "Bonn"
    desk.goto(f"{own_site.url}/settings#trust")
    desk.get_by_label("Trust of new.csv in percent").fill("10")
    desk.locator("#sources li", has_text="new.csv").get_by_role("button", name="Set").click()
    expect(desk.locator("#sources")).to_contain_text("it was 80%")
    until = time.monotonic() + 60  # it begins in a thread, a moment after the answer
    while own_site.ws.leads.get("ada@lind.example").city != "Ulm":
        assert time.monotonic() < until, "it is not folded afresh"
        desk.wait_for_timeout(100)


def test_users_and_a_backup(own_site: Site, desk: Page) -> None:
    desk.goto(f"{own_site.url}/settings")
    desk.get_by_label("E-mail address of a new user").fill("bo@example.com")
    desk.get_by_label("Role of a new user").select_option("viewer")
    desk.locator("#users .adding button").click()
    expect(desk.locator("#users")).to_contain_text("bo@example.com")
    assert own_site.ws.users.get("bo@example.com").role == "viewer"
    desk.get_by_role("button", name="Back up now").click()
    expect(desk.locator("#backup-done")).to_contain_text("MB")
    assert Path(desk.locator("#backup-done .code").inner_text()).exists()


@pytest.mark.parametrize("value", ["101", "-1", "much", ""])
def test_trust_that_is_no_percentage_is_refused(site: Site, value: str) -> None:
    before = site.ws.trust.list()
    with httpx2.Client(base_url=site.url) as client:
        page = client.get("/settings").text
        token = page.partition('name="_token" value="')[2].partition('"')[0]
        told = {"_token": token, "name": before[0].name, "trust": value}
        answer = client.post("/settings/trust", data=told, headers={"x-leadloom": "1"})
    assert answer.status_code == 400
    assert site.ws.trust.list() == before
