"""What comes back from outside is cleaned like any other value; what is none of it is left out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from leadloom.enrich.provider import Answer, Found, OutsideProvider
from leadloom.leads.fields import FIELDS
from leadloom.values import (
    Cleaned,
    choice,
    company_name,
    domain,
    email,
    linkedin,
    number,
    phone,
    place,
    text,
    url,
)
from leadloom.values.received import as_text

_LONGEST_EVIDENCE: Final = 500

_CLEANERS: Final[Mapping[str, Callable[[str], Cleaned]]] = {
    "text": text.clean,
    "name": text.clean,
    "long_text": text.clean_lines,
    "email": email.clean,
    "phone": phone.clean,
    "url": url.clean,
    "linkedin": linkedin.clean,
    "domain": domain.clean,
    "company": company_name.clean,
    "city": place.city,
    "country": place.country,
    "number": number.clean,
    "tags": text.clean,
}


def cleaned(found: Found, provider: OutsideProvider) -> Found:
    """Return what was found, with clean values; an answer that is none is passed over."""
    kept = [clean for answer in found.answers if (clean := _clean(answer)) is not None]
    return replace(found, answers=tuple(kept))


def _clean(answer: Answer) -> Answer | None:
    known = FIELDS.get(answer.field)
    if known is None or not 0 < answer.confidence <= 1:
        return None
    values = answer.value if isinstance(answer.value, list | tuple) else [answer.value]
    read = [_value(as_text(one), answer.field) for one in values]
    good = [one for one in read if one is not None]
    if not good:
        return None
    value: Any = good if known.folding == "many" else good[0]
    return replace(answer, value=value, evidence=answer.evidence[:_LONGEST_EVIDENCE])


def _value(raw: str, field: str) -> Any:
    known = FIELDS[field]
    if known.type == "choice":
        result = choice.clean(raw, known.choices)
    else:
        result = _CLEANERS.get(known.type, text.clean)(raw)
    return None if result.problem else result.value
