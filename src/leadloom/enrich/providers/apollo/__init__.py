"""Apollo: what is known of a person and of their company.

Its people match API v1 over plain HTTP; only a match counts. The price is that of the smallest
plan: setting `provider_prices` says yours.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

from leadloom.connect import http
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question

_BASE: Final = "https://api.apollo.io/api/v1"
_PERSON: Final = (
    ("title", "title"),
    ("linkedin_url", "linkedin_url"),
    ("seniority", "seniority"),
    ("city", "city"),
    ("state", "state"),
    ("country", "country"),
)
_FIRM: Final = (
    ("company", "name"),
    ("domain", "primary_domain"),
    ("website", "website_url"),
    ("industry", "industry"),
    ("company.linkedin_url", "linkedin_url"),
    ("company.phone", "phone"),
    ("company.employee_count", "estimated_num_employees"),
    ("company.founded_year", "founded_year"),
    ("company.description", "short_description"),
)
_STATUSES: Final = {
    "verified": "verified",
    "likely to engage": "verified",
    "unverified": "unverified",
    "guessed": "unverified",
    "extrapolated": "unverified",
    "bounced": "bounced",
}
# What Apollo writes where an address is not given away.
_LOCKED: Final = "email_not_unlocked"
_SURE: Final = 0.8


async def _ask(question: Question, line: Line, *, base: str) -> Found:
    known = question.values
    body = {
        "name": known["full_name"],
        "first_name": known.get("first_name"),
        "last_name": known.get("last_name"),
        "email": (known.get("email") or [None])[0],
        "organization_name": known.get("company"),
        "domain": known.get("domain"),
        "linkedin_url": known.get("linkedin_url"),
        "reveal_personal_emails": False,
        "reveal_phone_number": False,
    }
    said = {name: value for name, value in body.items() if value is not None}
    headers = {"X-Api-Key": line.secret or "", "Cache-Control": "no-cache"}
    reply = await http.call(line.http, "POST", f"{base}/people/match", headers=headers, body=said)
    content = reply.content if isinstance(reply.content, dict) else {}
    person = content.get("person") or {}
    return Found(
        list(_answers(person)),
        None if person else Decimal(0),
        http_status=reply.http_status,
        request_bytes=reply.request_bytes,
        response_bytes=reply.response_bytes,
    )


def _answers(person: Mapping[str, Any]) -> Iterator[Answer]:
    evidence = f"Apollo, person {person.get('id')}"
    for field, key in _PERSON:
        if person.get(key):
            yield Answer(field, person[key], _SURE, evidence)
    firm = person.get("organization") or {}
    for field, key in _FIRM:
        if firm.get(key):
            yield Answer(field, firm[key], _SURE, evidence)
    address = str(person.get("email") or "")
    if address and _LOCKED not in address:
        status = _STATUSES.get(str(person.get("email_status")).lower(), "unverified")
        is_guess = person.get("email_status") in ("guessed", "extrapolated")
        yield Answer("email", address, 0.9 if status == "verified" else 0.5, evidence)
        yield Answer("email_confidence", "pattern" if is_guess else "real", 1.0, evidence)
        yield Answer("email_status", status, 0.9, evidence)


def provider(base: str = _BASE) -> OutsideProvider:
    """Return the provider."""
    return OutsideProvider(
        "apollo",
        ("email", *(field for field, _ in (*_PERSON, *_FIRM))),
        ("full_name",),
        partial(_ask, base=base),
        uses=("first_name", "last_name", "email", "company", "domain", "linkedin_url"),
        about="people and their companies (apollo.io)",
        price_usd=Decimal("0.05"),
        per_minute=50,
        burst=5,
        secret="apollo_api_key",  # noqa: S106 - its name
        example={"full_name": "Jane Doe", "domain": "example.com"},
    )


PROVIDER = provider()
