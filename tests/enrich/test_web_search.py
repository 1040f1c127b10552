"""What is made of search engines' answers; a fake plays the engines."""

from typing import Any

import pytest
from asking import ask

from leadloom.connect.failure import RetryError
from leadloom.enrich.providers import web_search
from leadloom.enrich.providers.web_search import Hit

asked: list[str] = []


def engine(*hits: Hit) -> Any:
    async def search(query: str, most: int) -> list[Hit]:
        asked.append(query)
        return list(hits)[:most]

    return search


def values(found: Any) -> dict[str, Any]:
    return {one.field: one.value for one in found.answers}


def test_a_companys_website_is_the_first_that_is_like_its_name() -> None:
    hits = (
        Hit("https://www.northdata.com/Nordwerk", "Nordwerk GmbH", ""),
        Hit("https://www.linkedin.com/company/nordwerk/", "Nordwerk GmbH | LinkedIn", ""),
        Hit("https://www.other.com/nordwerk", "Nordwerk news", ""),
        Hit("https://www.nordwerk.de/impressum", "Nordwerk", ""),
        Hit("https://nordwerk-shop.com/", "Nordwerk shop", ""),
    )
    provider = web_search.companies(engine(*hits))
    found = ask(provider, company="Nordwerk GmbH", city="Hannover")
    assert values(found) == {
        "company.linkedin_url": "https://www.linkedin.com/company/nordwerk",
        "domain": "nordwerk.de",
        "website": "https://nordwerk.de",
    }
    assert asked[-1] == '"Nordwerk GmbH" Hannover'
    assert {one.confidence for one in found.answers} == {0.6}
    assert ask(web_search.companies(engine(hits[0], hits[2])), company="Nordwerk").answers == ()


def test_a_profile_has_to_bear_the_name_and_speak_of_the_company() -> None:
    page = "https://de.linkedin.com/in/jane-doe-1a2b"
    right = Hit(page, "Jane Doe – Head of Sales – Nordwerk", "")
    known = {"full_name": "Jane Doe", "company": "Nordwerk"}
    found = ask(web_search.profiles(engine(right)), **known)
    assert values(found) == {"linkedin_url": "https://www.linkedin.com/in/jane-doe-1a2b"}
    for wrong in (
        Hit(page, "Jane Miller – Nordwerk", "Doe"),
        Hit(page, "Jane Doe – Bolt Ltd", "London"),
        Hit("https://www.linkedin.com/company/nordwerk", "Jane Doe – Nordwerk", ""),
        Hit("https://blog.example.com/jane", "Jane Doe – Nordwerk", ""),
    ):
        assert ask(web_search.profiles(engine(wrong)), **known).answers == ()


def test_engines_that_were_asked_too_much_are_left_alone() -> None:
    async def refuse(query: str, most: int) -> list[Hit]:
        raise RetryError("the search engines were asked too much", after_s=60)

    with pytest.raises(RetryError, match="too much"):
        ask(web_search.companies(refuse), company="Nordwerk")


def test_the_library_is_asked_as_it_wants_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """`ddgs` itself, with the part of it that goes out replaced."""
    pytest.importorskip("ddgs")
    from ddgs import ddgs, exceptions

    told: dict[str, Any] = {"text": [{"href": "https://acme.com", "title": "Acme", "body": "b"}]}

    def text(self: Any, query: str, **options: Any) -> Any:
        if isinstance(told["text"], Exception):
            raise told["text"]
        return told["text"]

    monkeypatch.setattr(ddgs.DDGS, "text", text)
    found = ask(web_search.COMPANIES, company="Acme")
    assert values(found)["domain"] == "acme.com"
    told["text"] = exceptions.RatelimitException("202 Ratelimit")
    with pytest.raises(RetryError) as failed:
        ask(web_search.COMPANIES, company="Acme")
    assert failed.value.after_s == 60
    told["text"] = exceptions.DDGSException("No results found.")
    assert ask(web_search.COMPANIES, company="Acme").answers == ()


def test_both_are_only_asked_when_they_are_named_and_there() -> None:
    for provider in (web_search.COMPANIES, web_search.PROFILES):
        assert (provider.is_default, provider.is_web) == (False, True)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "leadloom[search]" in web_search.COMPANIES.fitted({}).off
