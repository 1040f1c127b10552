"""People Data Labs: what is known of a person by address, profile, or name and company.

Its person enrichment API v5 over plain HTTP; only a match counts. The price is that of the smallest
plan: setting `provider_prices` says yours.
"""

from decimal import Decimal
from functools import partial
from typing import Any, Final

from leadloom.connect import http
from leadloom.connect.failure import SkipError
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question

_BASE: Final = "https://api.peopledatalabs.com/v5"
# Where a lead's fields are in a profile; some plans say only that there is something (true).
_FIELDS: Final = (
    ("title", "job_title"),
    ("email", "work_email"),
    ("phone", "mobile_phone"),
    ("linkedin_url", "linkedin_url"),
    ("company", "job_company_name"),
    ("website", "job_company_website"),
    ("industry", "industry"),
    ("city", "location_locality"),
    ("state", "location_region"),
    ("country", "location_country"),
)
_LEAST_LIKELIHOOD: Final = 6


async def _ask(question: Question, line: Line, *, base: str) -> Found:
    params = _params(question)
    headers = {"X-Api-Key": line.secret or ""}
    url = f"{base}/person/enrich"
    reply = await http.call(line.http, "GET", url, headers=headers, params=params)
    content = reply.content if isinstance(reply.content, dict) else {}
    data = content.get("data") or {}
    sure = round(min(int(content.get("likelihood") or 0), 10) / 10, 2)
    evidence = f"People Data Labs, likelihood {content.get('likelihood')} of 10"
    answers = [
        Answer(field, data[key], sure, evidence)
        for field, key in _FIELDS
        if isinstance(data.get(key), str) and data[key] and sure
    ]
    if any(one.field == "email" for one in answers):
        answers.append(Answer("email_confidence", "real", 1.0, evidence))
    return Found(
        answers,
        None if data else Decimal(0),
        http_status=reply.http_status,
        request_bytes=reply.request_bytes,
        response_bytes=reply.response_bytes,
    )


def _params(question: Question) -> dict[str, str]:
    """Say who is meant, as surely as is known. Raises SkipError when a name is all there is."""
    known: dict[str, Any] = dict(question.values)
    params = {"min_likelihood": str(_LEAST_LIKELIHOOD), "titlecase": "true"}
    if known.get("email"):
        params["email"] = str(known["email"][0])
    if known.get("linkedin_url"):
        params["profile"] = str(known["linkedin_url"])
    if known.get("company") or known.get("domain"):
        params |= {"name": str(known["full_name"])}
        params["company"] = str(known.get("domain") or known["company"])
    if not params.keys() & {"email", "profile", "company"}:
        raise SkipError("a name alone is of too many people")
    return params


def provider(base: str = _BASE) -> OutsideProvider:
    """Return the provider."""
    return OutsideProvider(
        "people data labs",
        tuple(field for field, _ in _FIELDS),
        ("full_name",),
        partial(_ask, base=base),
        uses=("email", "linkedin_url", "company", "domain"),
        about="profiles of people (peopledatalabs.com)",
        price_usd=Decimal("0.28"),
        per_minute=100,
        burst=10,
        secret="people_data_labs_api_key",  # noqa: S106 - its name
        example={"full_name": "Jane Doe", "company": "Example Inc"},
    )


PROVIDER = provider()
