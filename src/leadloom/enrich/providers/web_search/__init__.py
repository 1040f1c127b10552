"""What search engines find: a company's website, and the profile of somebody who works there.

Engines are asked by `ddgs`, which comes with `leadloom[search]`. They dislike being asked much, so
both are only asked when they are named.
"""

import asyncio
import dataclasses
import importlib.util
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from leadloom.connect.failure import OutsideError, RetryError
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question, Settings
from leadloom.resolve.firms import fits
from leadloom.values import domain, linkedin, social
from leadloom.values.text import fold

_MOST: Final = 8
_WAIT_S: Final = 15
# Pages about companies that are not the companies'.
_DIRECTORIES: Final = frozenset(
    """
    wikipedia.org crunchbase.com zoominfo.com dnb.com northdata.com northdata.de kompass.com
    glassdoor.com indeed.com yelp.com gelbeseiten.de wlw.de europages.com bloomberg.com
    rocketreach.co apollo.io opencorporates.com companieshouse.gov.uk
    unternehmensregister.de kununu.com g2.com
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that a search engine found."""

    url: str
    title: str
    text: str


Search = Callable[[str, int], Awaitable[list[Hit]]]


async def search(query: str, most: int) -> list[Hit]:
    """Ask whichever engine answers. Raises RetryError when none does, or it was asked too much."""
    return await asyncio.to_thread(_search, query, most)


def _search(query: str, most: int) -> list[Hit]:
    from ddgs import DDGS
    from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException

    try:
        found = DDGS(timeout=_WAIT_S).text(query, max_results=most)
    except RatelimitException:
        raise RetryError("the search engines were asked too much", after_s=60) from None
    except TimeoutException:
        raise RetryError("the search engines took too long") from None
    except DDGSException as error:
        if "no results" in str(error).lower():
            return []
        raise OutsideError(f"the search failed ({type(error).__name__})") from None
    return [Hit(one["href"], one.get("title", ""), one.get("body", "")) for one in found]


async def _company(question: Question, _: Line, *, search: Search) -> Found:
    """The first page whose name is like the company's, and that is no directory's, is its own."""
    name = str(question.values["company"])
    place = str(question.values.get("city") or "")
    answers: dict[str, Answer] = {}
    for hit in await search(f'"{name}" {place}'.strip(), _MOST):
        site = domain.of_host(_host(hit.url))
        page = linkedin.clean(hit.url)
        if page.value and not page.problem and "/company/" in page.value and _names(name, hit):
            answers.setdefault(
                "company.linkedin_url", Answer("company.linkedin_url", page.value, 0.6, hit.url)
            )
        if not site or social.is_network(site) or site in _DIRECTORIES or not fits(name, site):
            continue
        answers.setdefault("domain", Answer("domain", site, 0.6, hit.url))
        answers.setdefault("website", Answer("website", f"https://{site}", 0.6, hit.url))
    return Found(list(answers.values()))


async def _profile(question: Question, _: Line, *, search: Search) -> Found:
    """A profile is somebody's if its title has their name, and it speaks of their company."""
    name, firm = str(question.values["full_name"]), str(question.values["company"])
    for hit in await search(f'"{name}" "{firm}" site:linkedin.com/in', _MOST):
        page = linkedin.clean(hit.url)
        is_person = page.value and not page.problem and "/in/" in page.value
        if is_person and _names(name, Hit("", hit.title, "")) and _names(firm, hit):
            return Found([Answer("linkedin_url", page.value, 0.7, f"{hit.url}: {hit.title}")])
    return Found()


def _names(name: str, hit: Hit) -> bool:
    text = f" {fold(hit.title)} {fold(hit.text)} "
    words = [word for word in fold(name).split() if len(word) > 1]
    return bool(words) and all(word in text for word in words[:2])


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") >= 2 else ""


def _fit(provider: OutsideProvider, _: Settings) -> OutsideProvider:
    if importlib.util.find_spec("ddgs") is None:
        return dataclasses.replace(provider, off="run `pip install 'leadloom[search]'`")
    return provider


def companies(find: Search = search) -> OutsideProvider:
    """Return what finds companies' websites."""
    return OutsideProvider(
        "company search",
        ("domain", "website", "company.linkedin_url"),
        ("company",),
        partial(_company, search=find),
        uses=("city",),
        about="a company's website and page, by search engines",
        per_minute=15,
        attempts=2,
        is_web=True,
        is_default=False,
        fit=_fit,
        example={"company": "Example Inc"},
    )


def profiles(find: Search = search) -> OutsideProvider:
    """Return what finds people's profiles."""
    return OutsideProvider(
        "profile search",
        ("linkedin_url",),
        ("full_name", "company"),
        partial(_profile, search=find),
        about="a person's LinkedIn profile, by search engines",
        per_minute=15,
        attempts=2,
        is_web=True,
        is_default=False,
        fit=_fit,
        example={"full_name": "Jane Doe", "company": "Example Inc"},
    )


COMPANIES, PROFILES = companies(), profiles()
