"""The address that somebody may have, where hardly anything is known: a guess, and called one.

Only made when it is asked for by name: nobody should be written to by chance.
"""

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers.address_pattern import MOST_COMMON, address_by, patterns_at

_MOST = 0.3


def _find(question: Question) -> list[Answer]:
    site = str(question.values.get("domain") or question.company.get("domain") or "")
    shown, of = patterns_at(site, question)
    if shown:
        kind, count = shown.most_common(1)[0]
        confidence = _MOST * count / of
        evidence = f"{count} of {of} addresses at {site} are written {kind}"
    else:
        kind, confidence = MOST_COMMON, _MOST / 2
        evidence = f"no address at {site} is known; most companies write {kind}"
    address = address_by(kind, question, site)
    if address is None:
        return []
    return [
        Answer("email", [address], round(confidence, 3), evidence),
        Answer("email_confidence", "guess", 1.0, evidence),
        Answer("email_status", "unverified", 0.3, evidence),
    ]


PROVIDER = Provider(
    "address guess",
    ("email",),
    ("first_name", "last_name"),
    _find,
    about="the likeliest way of writing it, where colleagues show no pattern",
    example={"first_name": "Ada", "last_name": "Lind", "domain": "acme.com"},
    is_default=False,
)
