"""What a company's own website says of it: its home page, and about, contact and imprint pages."""

import asyncio
import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Final

from leadloom.connect.failure import TargetError
from leadloom.connect.reading import Pages
from leadloom.enrich.provider import (
    Found,
    Line,
    OutsideProvider,
    Question,
    Settings,
)
from leadloom.values import domain

if TYPE_CHECKING:
    from leadloom.enrich.providers.website.sheet import Sheet

FIELDS: Final = (
    "website",
    "company",
    "industry",
    "company.description",
    "company.phone",
    "company.linkedin_url",
    "company.street",
    "company.postal_code",
    "company.city",
    "company.state",
    "company.country",
    "company.employee_count",
    "company.founded_year",
    "custom.company_email",
    "custom.company_profiles",
    "custom.website_text",
    "custom.language",
)
_DEEP: Final = 3
# Another address of the same company says a little less surely what it is.
_MOVED: Final = 0.8


async def _ask(question: Question, line: Line, *, deep: int) -> Found:
    from leadloom.enrich.providers.website.firm import read_firm  # it takes time to load

    site = str(question.values["domain"])
    sheets = await read_site(line.web, site, deep)
    sure = 1.0 if domain.of_host(sheets[0].host) == site else _MOVED
    found = [
        dataclasses.replace(one, confidence=round(one.confidence * sure, 3))
        for one in await asyncio.to_thread(read_firm, sheets)
    ]
    size = sum(sheet.size for sheet in sheets)
    return Found([one for one in found if one.field in FIELDS], response_bytes=size)


async def read_site(web: Pages, site: str, deep: int = _DEEP) -> "list[Sheet]":
    """Return the home page of a site and up to `deep` pages that say who it is of.

    Raises TargetError when the home page cannot be read.
    """
    from leadloom.enrich.providers.website.apart import take_apart

    home = await _home(web, site)
    sheets = [home]
    for url in home.telling_pages()[:deep]:
        try:
            sheets.append(await asyncio.to_thread(take_apart, await web.get(url)))
        except TargetError as error:
            if error.kind == "stop":
                break
    return sheets


async def _home(web: Pages, site: str) -> "Sheet":
    from leadloom.enrich.providers.website.apart import take_apart

    failed: TargetError | None = None
    for url in (f"https://{site}/", f"https://www.{site}/", f"http://{site}/"):
        try:
            page = await web.get(url)
        except TargetError as error:
            if error.http_status or error.kind == "stop":
                raise
            failed = failed or error
            continue
        return await asyncio.to_thread(take_apart, page)
    assert failed
    raise failed


def _fit(provider: OutsideProvider, settings: Settings) -> OutsideProvider:
    deep = _DEEP if settings.get("enable_deep_search", True) else 0
    return dataclasses.replace(provider, ask=partial(_ask, deep=deep), version=f"1/{deep}")


PROVIDER = OutsideProvider(
    "website",
    FIELDS,
    ("domain",),
    partial(_ask, deep=_DEEP),
    about="the company's own pages: home, about, contact, imprint",
    timeout_s=60.0,
    attempts=1,
    is_web=True,
    is_reader=True,
    fit=_fit,
    example={"domain": "example.com"},
)
