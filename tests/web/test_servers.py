"""The site over PostgreSQL and MariaDB: what people do most, and what is told when it is gone."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect
from servers import fresh
from serving import Site, served

import leadloom

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(params=["postgres", "mariadb"])
def remote(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site over a server's database, with some people in it."""
    url = fresh(sa.make_url(request.getfixturevalue(request.param)), f"web_{os.getpid()}")
    with leadloom.open(url) as ws:
        ws.import_files([EXAMPLES / "Connections.csv"])
        with served(ws) as opened:
            yield opened


def test_people_are_found_changed_and_tagged_on_a_servers_database(
    remote: Site, desk: Page
) -> None:
    lead = remote.ws.leads.window(sort="full_name", limit=1)[0]
    desk.goto(f"{remote.url}/leads?sort=full_name&c=full_name,city,tags")
    desk.keyboard.press("/")
    desk.keyboard.type(str(lead.full_name))
    # The answer to the last letter: a later list would forget what is chosen in this one.
    asked = f"""() => [...document.querySelectorAll("[data-query]")].some(
        one => new URLSearchParams(one.dataset.query).get("q") === {str(lead.full_name)!r})"""
    desk.wait_for_function(asked)
    row = desk.locator("tbody tr").first
    expect(row).to_contain_text(str(lead.full_name))
    expect(row).to_have_attribute("data-id", str(lead.id))
    row.locator("td").nth(2).dblclick()
    desk.keyboard.type("Ulm")
    desk.keyboard.press("Enter")
    expect(desk.locator(".toast", has_text="Saved")).to_be_visible()
    row.locator("input").check()
    desk.get_by_role("button", name="Tag", exact=True).click()
    desk.get_by_label("Put on").fill("vip")
    desk.get_by_role("button", name="Show the plan").click()
    desk.locator("dialog").get_by_role("button", name="Tag", exact=True).click()
    expect(row).to_contain_text("vip")
    now = remote.ws.leads.get(lead.id)
    assert (now.city, now.tags) == ("Ulm", ["vip"])
    url = sa.make_url(remote.ws.db.url)
    server = url.set(database={"postgresql": "postgres"}.get(url.get_backend_name()))
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    by_force = " WITH (FORCE)" if url.get_backend_name() == "postgresql" else ""
    with engine.connect() as conn:
        conn.execute(sa.text(f"DROP DATABASE {url.database}{by_force}"))
    engine.dispose()
    told = httpx2.get(f"{remote.url}/leads/count", headers={"x-leadloom": "1"})
    assert told.status_code in (500, 503)
    said = told.json()["error"]
    assert "The database" in said
    assert "leadloom doctor" in said
    for secret in (url.database, url.username, url.host, str(url.port), url.password):
        assert not secret or secret not in said, said
