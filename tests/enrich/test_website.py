"""A company's website, read from a real server on this machine: facts, each with its page."""

import asyncio
import datetime as dt
import json
import time
from typing import Any

import pytest
from asking import LOCAL, Site, answer, ask, moved, standing

from leadloom.connect.failure import TargetError
from leadloom.connect.web import Web
from leadloom.enrich.provider import Answer, Found
from leadloom.enrich.providers import website
from leadloom.enrich.providers.website import apart

HOME = """<!doctype html><html lang="de-DE"><head><title>Willkommen | Nordwerk</title>
<meta name="description" content="Anlagenbau aus Hannover: Pumpen und Maschinenbau seit 1952.">
<meta property="og:site_name" content="Nordwerk GmbH"></head><body>
<nav><a href="/ueber-uns/">Über uns</a> <a href="/kontakt.html">Kontakt</a>
<a href="/impressum">Impressum</a> <a href="/karriere">Karriere</a>
<a href="https://www.linkedin.com/company/nordwerk/?trk=x">in</a>
<a href="https://x.com/nordwerk">X</a>
<a href="https://www.facebook.com/sharer/sharer.php?u=x">share</a>
<a href="https://evil.example.net/impressum">Impressum</a></nav>
<p>Wir bauen Pumpen.</p></body></html>"""
ABOUT = """<html lang=de><body><nav>Menü</nav><main><h1>Über uns</h1><p>Nordwerk baut seit 1952
Pumpen und Anlagen für die chemische Industrie. Unser Maschinenbau beschäftigt 240 Menschen in
Hannover, und unsere Kunden sitzen in dreißig Ländern.</p></main></body></html>"""
IMPRINT = """<html><body><h1>Impressum</h1><p>Nordwerk GmbH<br>Lange Straße 12a<br>
30159 Hannover</p><p>Tel. <a href="tel:0511%2012345670">0511 12345670</a></p>
<p>info (at) nordwerk.de</p><p>agentur@other-agency.com</p></body></html>"""
CONTACT = """<html><body><a href="mailto:vertrieb@nordwerk.de?subject=x">Mail</a></body></html>"""
PAGES = {
    "/": answer(HOME),
    "/ueber-uns/": answer(ABOUT),
    "/impressum": answer(IMPRINT),
    "/kontakt.html": answer(CONTACT),
}


def read(pages: dict[str, Any], site: str = "nordwerk.de", **options: Any) -> tuple[Found, Site]:
    server = Site(dict(pages))
    provider = website.PROVIDER.fitted(options.pop("settings", {}))

    async def run() -> Found:
        async with standing(server):
            web = Web(resolver=server.resolve, allowed=LOCAL, pause_s=0.0)
            server.where.update(options)
            return await asyncio.to_thread(ask, provider, web=web, domain=site)

    return asyncio.run(run()), server


def by_field(found: Found) -> dict[str, Answer]:
    return {one.field: one for one in found.answers}


@pytest.fixture(autouse=True)
def _no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server on this machine speaks plain HTTP; what is asked for by https goes there too."""
    from leadloom.connect import web

    monkeypatch.setattr(web, "_scheme_of", lambda target: "http")


def test_a_website_tells_who_it_is_of() -> None:
    found, site = read(PAGES)
    facts = by_field(found)
    values = {name: one.value for name, one in facts.items()}
    assert values["company"] == "Nordwerk GmbH"
    assert values["website"].startswith("https://nordwerk.de")
    assert values["industry"] == "Mechanical engineering"
    assert values["company.description"].startswith("Anlagenbau aus Hannover")
    assert values["company.phone"] == "+4951112345670"
    assert values["company.linkedin_url"] == "https://www.linkedin.com/company/nordwerk"
    assert (values["company.street"], values["company.postal_code"]) == (
        "Lange Straße 12a",
        "30159",
    )
    assert (values["company.city"], values["company.country"]) == ("Hannover", "DE")
    assert set(values["custom.company_email"].split(", ")) == {
        "info@nordwerk.de",
        "vertrieb@nordwerk.de",
    }
    assert values["custom.company_profiles"] == "https://x.com/nordwerk"
    assert values["custom.language"] == "de"
    assert "Pumpen und Anlagen" in values["custom.website_text"]
    assert "Menü" not in values["custom.website_text"]
    assert "https://nordwerk.de/impressum" in facts["company.street"].evidence
    assert all("http" in one.evidence and 0 < one.confidence < 1 for one in facts.values())
    assert "nordwerk.de/karriere" not in site.asked
    assert not any("evil" in one for one in site.asked)


def test_structured_data_outranks_what_is_read_between_the_lines() -> None:
    told = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "not this"},
            {
                "@type": ["Organization", "Brand"],
                "name": "Nordwerk Pumpen GmbH",
                "foundingDate": "1952-04-01",
                "numberOfEmployees": {"@type": "QuantitativeValue", "value": 240},
                "telephone": "+49 511 9876540",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "Hafenweg 1",
                    "postalCode": "20457",
                    "addressLocality": "Hamburg",
                    "addressCountry": {"@type": "Country", "name": "Germany"},
                },
            },
        ],
    }
    block = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    broken = '<script type="application/ld+json">{"@type": "Organization", </script>'
    home = HOME.replace("</head>", block + broken + "</head>")
    facts = by_field(read({**PAGES, "/": answer(home)})[0])
    values = {name: one.value for name, one in facts.items()}
    assert values["company"] == "Nordwerk Pumpen GmbH"
    assert (values["company.founded_year"], values["company.employee_count"]) == (1952, 240)
    assert (values["company.city"], values["company.phone"]) == ("Hamburg", "+495119876540")
    assert "JSON-LD" in facts["company.city"].evidence


def test_without_deep_search_only_the_home_page_is_read() -> None:
    found, site = read(PAGES, settings={"enable_deep_search": False})
    assert [one for one in site.asked if "robots" not in one] == ["nordwerk.de/"]
    assert "company.street" not in by_field(found)
    shallow = website.PROVIDER.fitted({"enable_deep_search": False})
    assert shallow.version != website.PROVIDER.fitted({}).version  # else the cache would answer


def test_a_site_that_moved_is_believed_a_little_less() -> None:
    here = by_field(read(PAGES)[0])
    pages = {f"new-name.com{path}": reply for path, reply in PAGES.items()}
    there = by_field(read({**pages, "nordwerk.de/": moved("https://new-name.com/")})[0])
    assert there["company"].confidence < here["company"].confidence
    assert "new-name.com" in there["company"].evidence


def test_a_site_that_cannot_be_read_fails_and_one_page_that_cannot_does_not_matter() -> None:
    with pytest.raises(TargetError, match="404"):
        read({})
    with pytest.raises(TargetError, match="cannot be resolved"):
        read(PAGES, **{"nordwerk.de": [], "www.nordwerk.de": []})
    pages = {**PAGES, "/impressum": answer("", status="500 Oh")}
    facts = by_field(read(pages)[0])
    assert facts["company"].value == "Nordwerk GmbH"
    robots = {**PAGES, "/robots.txt": answer("User-agent: *\nDisallow: /")}
    with pytest.raises(TargetError, match=r"robots\.txt"):
        read(robots)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<",
        "<html>",
        "<title>" + "x" * 100_000,
        "<a href='http://[::1'>x</a>",
        "<a href='javascript:alert(1)'>Impressum</a>" * 5_000,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>",
        '<script type="application/ld+json">{"@type": 5, "address": [[]]}</script>',
        '<script type="application/ld+json">{"@type": "Store", "name": {}, "address": 3}</script>',
        "<p>" + "a@b" * 20_000 + "</p>",
        "<p>" + "(at)" * 20_000,
        "<div>" * 20_000,
    ],
)
def test_no_page_is_too_odd_to_be_read(page: str) -> None:
    began = dt.datetime.now(dt.UTC)
    found, _ = read({"/": answer(f"<html><body>{page}")})
    assert by_field(found)["website"].value.startswith("https://nordwerk.de")
    assert (dt.datetime.now(dt.UTC) - began).total_seconds() < 5


@pytest.mark.parametrize(
    "page",
    ["<div>" * 300_000, "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">"],
    ids=["nested", "attributes"],
)
def test_a_page_that_would_keep_a_parser_busy_for_ever_is_given_up(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    with monkeypatch.context() as impatient:
        impatient.setattr(apart, "LIMIT_S", 0.7)
        with pytest.raises(TargetError, match="too long to take apart"):
            read({"/": answer(page)})
    assert time.monotonic() - began < 10
    assert by_field(read(PAGES)[0])["company"].value == "Nordwerk GmbH"


def test_a_page_that_says_everything_at_length_says_a_little() -> None:
    page = f"<title>a{' - ' * 200_000}</title><meta name=description content={'x' * 400_000}>"
    began = time.monotonic()
    facts = by_field(read({"/": answer(f"{page}<p>{'b-' * 200_000}")})[0])
    assert time.monotonic() - began < 5
    assert len(facts["company.description"].value) < 10_000


def test_who_takes_pages_apart_may_die_between_them() -> None:
    for _ in range(2):
        assert by_field(read(PAGES)[0])["company"].value == "Nordwerk GmbH"
        [process] = apart._processes
        process.kill()
        process.wait()
