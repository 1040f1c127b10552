"""Hunter: the address of a person at a domain, and whether an address takes mail.

Its API v2 over plain HTTP; the key travels in a header. A finder's call counts only when an address
is found. Prices are those of the smallest plan: setting `provider_prices` says yours.
"""

from decimal import Decimal
from functools import partial
from typing import Any, Final

from leadloom.connect import http
from leadloom.connect.failure import RetryError
from leadloom.connect.http import Reply
from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question

SECRET: Final = "hunter_api_key"  # noqa: S105 - its name
_BASE: Final = "https://api.hunter.io/v2"
_STATUSES: Final = {
    "valid": "verified",
    "accept_all": "risky",
    "webmail": "risky",
    "disposable": "risky",
    "invalid": "invalid",
    "unknown": "unverified",
}
_STILL_AT_IT_S: Final = 5.0


async def _find(question: Question, line: Line, *, base: str) -> Found:
    known = question.values
    params = {name: str(known[name]) for name in ("domain", "first_name", "last_name")}
    reply = await _get(line, f"{base}/email-finder", params)
    data = _data(reply)
    if not data.get("email"):
        return _found(reply, [], Decimal(0))
    sure = _score(data)
    evidence = _evidence(data, "Hunter's email finder")
    answers = [
        Answer("email", data["email"], sure, evidence),
        Answer("email_confidence", "real" if data.get("sources") else "pattern", 1.0, evidence),
    ]
    if status := _STATUSES.get(str((data.get("verification") or {}).get("status"))):
        answers.append(Answer("email_status", status, 0.9, evidence))
    for field, key in (("title", "position"), ("linkedin_url", "linkedin_url")):
        if data.get(key):
            answers.append(Answer(field, data[key], 0.7, evidence))
    if data.get("phone_number"):
        answers.append(Answer("phone", data["phone_number"], 0.6, evidence))
    return _found(reply, answers)


async def _verify(question: Question, line: Line, *, base: str) -> Found:
    address = str(question.values["email"][0])
    reply = await _get(line, f"{base}/email-verifier", {"email": address})
    data = _data(reply)
    status = _STATUSES.get(str(data.get("status")))
    if status is None:
        return _found(reply, [])
    sure = 0.4 if status == "unverified" else 0.95
    evidence = _evidence(data, f"Hunter says {data['status']}, score {data.get('score')}")
    return _found(reply, [Answer("email_status", status, sure, evidence)])


async def _get(line: Line, url: str, params: dict[str, str]) -> Reply:
    headers = {"X-API-KEY": line.secret or ""}
    reply = await http.call(line.http, "GET", url, headers=headers, params=params)
    if reply.http_status == 202:
        raise RetryError("it is still looking", after_s=_STILL_AT_IT_S, http_status=202)
    return reply


def _data(reply: Reply) -> dict[str, Any]:
    content = reply.content if isinstance(reply.content, dict) else {}
    return content.get("data") or {}


def _score(data: dict[str, Any]) -> float:
    score = data.get("score")
    return min(max(float(score), 1), 100) / 100 if isinstance(score, int | float) else 0.5


def _evidence(data: dict[str, Any], otherwise: str) -> str:
    sources = [str(one.get("uri")) for one in data.get("sources") or () if one.get("uri")]
    return sources[0] if sources else otherwise


def _found(reply: Reply, answers: list[Answer], cost: Decimal | None = None) -> Found:
    return Found(
        answers,
        cost,
        http_status=reply.http_status,
        request_bytes=reply.request_bytes,
        response_bytes=reply.response_bytes,
    )


def finder(base: str = _BASE) -> OutsideProvider:
    """Return what finds addresses."""
    return OutsideProvider(
        "hunter",
        ("email", "title", "linkedin_url", "phone"),
        ("domain", "first_name", "last_name"),
        partial(_find, base=base),
        about="addresses of people at a domain (hunter.io)",
        price_usd=Decimal("0.034"),
        per_minute=300,
        burst=10,
        secret=SECRET,
        example={"domain": "example.com", "first_name": "Jane", "last_name": "Doe"},
    )


def verifier(base: str = _BASE) -> OutsideProvider:
    """Return what says whether addresses take mail."""
    return OutsideProvider(
        "hunter verifier",
        ("email_status",),
        ("email",),
        partial(_verify, base=base),
        about="whether an address takes mail (hunter.io)",
        price_usd=Decimal("0.017"),
        per_minute=300,
        burst=10,
        secret=SECRET,
        example={"email": ["jane.doe@example.com"]},
    )


FINDER, VERIFIER = finder(), verifier()
