"""The company that a website is of: facts, each with the page it was read from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from leadloom.enrich.provider import Answer
from leadloom.enrich.providers.text_rules import industry_of
from leadloom.enrich.providers.website.sheet import Sheet
from leadloom.values import domain, email, linkedin, phone, place, social
from leadloom.values.mailbox_kind import is_role
from leadloom.values.text import tidy

# Kinds of things in JSON-LD that are a company; others end so.
_FIRMS: Final = ("organization", "corporation", "business", "store", "agency", "service", "hotel")
_POSTAL: Final = re.compile(r"(?:([A-Z]{1,2})[- ])?(\d{4,5})\s+([A-ZÄÖÜ][^\d,;:|]{1,40})")
_STREET: Final = re.compile(r"[^\d,;:|@]{3,40}\s\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4}[a-zA-Z]?)?")
_ADDRESS: Final = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|[\[(]\s?(?:at|ät)\s?[\])])\s?[\w-]+(?:\.[\w-]+)+"
)
_FOUNDED: Final = re.compile(r"(1[89]\d\d|20\d\d)")
# Endings that are a country's, but used by everybody.
_ANYBODYS: Final = frozenset("ai am cc co eu fm gg io is ly me nu sh st tk to tv ws".split())  # noqa: SIM905
_MOST_ADDRESSES: Final = 5
_LONGEST_TEXT: Final = 800


def read_firm(sheets: Sequence[Sheet]) -> list[Answer]:
    """Return what pages of one site say of its company; of a field, the surest answer first."""
    home = sheets[0]
    found: list[Answer] = [Answer("website", f"https://{home.host}", 0.9, home.url)]
    for sheet in sheets:
        found.extend(_by_structure(sheet))
    found.extend(_by_tags(home))
    found.extend(_by_words(sheets))
    found.extend(_contacts(sheets, _country(found, home)))
    best: dict[str, Answer] = {}
    for one in found:
        if one.field not in best or one.confidence > best[one.field].confidence:
            best[one.field] = one
    return list(best.values())


def _by_structure(sheet: Sheet) -> Iterator[Answer]:
    for thing in sheet.things:
        if not _is_firm(thing):
            continue
        plain = {
            "company": _text(thing.get("name")) or _text(thing.get("legalName")),
            "company.description": _text(thing.get("description")),
            "company.founded_year": _year(thing.get("foundingDate")),
            "company.employee_count": _number(thing.get("numberOfEmployees")),
            "company.phone": _phone(thing.get("telephone"), _country_of(thing)),
        }
        plain |= _address(thing.get("address"))
        for field, value in plain.items():
            if value:
                yield Answer(field, value, 0.85, f"{sheet.url} (JSON-LD)")


def _is_firm(thing: Mapping[str, Any]) -> bool:
    kinds = thing["@type"] if isinstance(thing["@type"], list) else [thing["@type"]]
    return any(str(kind).lower().endswith(_FIRMS) for kind in kinds)


def _address(told: Any) -> dict[str, str | None]:
    told = told[0] if isinstance(told, list) and told else told
    if not isinstance(told, dict):
        return {}
    return {
        "company.street": _text(told.get("streetAddress")),
        "company.postal_code": _text(told.get("postalCode")),
        "company.city": _text(told.get("addressLocality")),
        "company.state": _text(told.get("addressRegion")),
        "company.country": _country_in(told),
    }


def _country_of(thing: Mapping[str, Any]) -> str | None:
    told = thing.get("address")
    return _country_in(told) if isinstance(told, dict) else None


def _country_in(told: Mapping[str, Any]) -> str | None:
    named = told.get("addressCountry")
    named = named.get("name") if isinstance(named, dict) else named
    clean = place.country(str(named or ""))
    return clean.value if not clean.problem else None


def _by_tags(home: Sheet) -> Iterator[Answer]:
    if name := home.meta.get("og:site_name"):
        yield Answer("company", name, 0.7, f"{home.url} (og:site_name)")
    for tag in ("og:description", "description", "twitter:description"):
        if told := home.meta.get(tag):
            yield Answer("company.description", told, 0.7, f"{home.url} ({tag})")
            break
    if name := _name_in(home.title, home.host):
        yield Answer("company", name, 0.5, f"{home.url} (title)")


def _name_in(title: str, host: str) -> str | None:
    """Return the part of a title that the site's own name is like."""
    label = re.sub(r"[^a-z0-9]", "", host.removeprefix("www.").split(".")[0].lower())
    for part in re.split(r"\s+[|–—·»:-]\s+", title):
        plain = re.sub(r"[^a-z0-9]", "", part.lower())
        if label and plain and len(part) <= 60 and (label in plain or plain in label):
            return part
    return None


def _by_words(sheets: Sequence[Sheet]) -> Iterator[Answer]:
    home = sheets[0]
    if language := home.language:
        yield Answer("custom.language", language[0], 0.8, f"{home.url} ({language[1]})")
    about = next((one for one in sheets if one.kind == "about"), home)
    if text := tidy(about.main_text):
        yield Answer("custom.website_text", text[:_LONGEST_TEXT], 0.8, about.url)
    words = " ".join((home.title, home.meta.get("description", ""), about.main_text[:5_000]))
    if industry := industry_of(words):
        told = f"{about.url} ({industry.evidence})"
        yield Answer("industry", industry.value, industry.confidence, told)


def _contacts(sheets: Sequence[Sheet], country: str | None) -> Iterator[Answer]:
    profiles: dict[str, str] = {}
    addresses: dict[str, str] = {}
    for sheet in sheets:
        for link in sheet.links:
            yield from _of_link(sheet, link.url, country, profiles, addresses)
        for match in _ADDRESS.findall(sheet.main_text):
            _note_address(match, sheet, addresses)
        if sheet.kind in ("imprint", "contact"):
            yield from _of_lines(sheet, country)
    if addresses:
        best = sorted(addresses, key=lambda one: not is_role(one))[:_MOST_ADDRESSES]
        yield Answer("custom.company_email", ", ".join(best), 0.8, addresses[best[0]])
    if profiles:
        first = next(iter(profiles))
        yield Answer("custom.company_profiles", ", ".join(profiles), 0.8, profiles[first])


def _of_link(
    sheet: Sheet,
    url: str,
    country: str | None,
    profiles: dict[str, str],
    addresses: dict[str, str],
) -> Iterator[Answer]:
    kind, _, rest = url.partition(":")
    if kind == "tel":
        if number := _phone(rest, country):
            yield Answer("company.phone", number, 0.8, f"{sheet.url} (link)")
    elif kind == "mailto":
        _note_address(rest.partition("?")[0], sheet, addresses)
    elif kind in ("http", "https"):
        host = domain.of_host(url.split("/")[2]) if url.count("/") >= 2 else None
        if not host or not social.is_network(host):
            return
        page = linkedin.clean(url)
        if not page.problem and page.value and "/company/" in page.value:
            yield Answer("company.linkedin_url", page.value, 0.85, f"{sheet.url} (link)")
        elif host != "linkedin.com" and "share" not in url and "intent" not in url:
            profiles.setdefault(url.split("?")[0].rstrip("/"), sheet.url)


def _note_address(raw: str, sheet: Sheet, addresses: dict[str, str]) -> None:
    clean = email.clean(raw)
    if clean.problem or not clean.value:
        return
    if domain.of_host(email.domain_of(clean.value)) == domain.of_host(sheet.host):
        addresses.setdefault(clean.value, sheet.url)


def _of_lines(sheet: Sheet, country: str | None) -> Iterator[Answer]:
    """An address as people write it: a street and its number, then post code and city."""
    lines = [tidy(line) for line in sheet.main_text.splitlines()]
    lines = [piece.strip() for line in lines for piece in line.split(",") if piece.strip()]
    for before, line in zip(["", *lines], lines, strict=False):
        if (match := _POSTAL.fullmatch(line)) and _STREET.fullmatch(before):
            told = {
                "company.street": before,
                "company.postal_code": match[2],
                "company.city": match[3].strip(),
                "company.country": {"D": "DE", "A": "AT", "CH": "CH"}.get(match[1] or "", country),
            }
            for field, value in told.items():
                if value:
                    yield Answer(field, value, 0.7, f"{sheet.url} (address)")
            return


def _country(found: Sequence[Answer], home: Sheet) -> str | None:
    """Return the country whose way of writing numbers is to be expected."""
    for one in found:
        if one.field == "company.country":
            return str(one.value)
    ending = home.host.rpartition(".")[2]
    if len(ending) != 2 or ending in _ANYBODYS:
        return None
    clean = place.country("GB" if ending == "uk" else ending.upper())
    return clean.value if not clean.problem else None


def _text(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    return tidy(value) or None if isinstance(value, str) else None


def _year(value: Any) -> str | None:
    match = _FOUNDED.match(str(value or ""))
    return match[1] if match else None


def _number(value: Any) -> str | None:
    value = value.get("value") if isinstance(value, dict) else value
    return str(value) if str(value or "").isdigit() else None


def _phone(value: Any, country: str | None) -> str | None:
    text = _text(value) if not isinstance(value, str) else value
    if not text:
        return None
    clean = phone.clean(text.replace("%20", " "), country)
    return clean.value if not clean.problem else None
