"""What comes back from outside is cleaned like any other value; what is none of it is left out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from leadloom.enrich.provider import Answer, Found, OutsideProvider
from leadloom.leads.fields import FIELDS, Field, is_custom
from leadloom.values import (
    Cleaned,
    choice,
    company_name,
    domain,
    email,
    linkedin,
    number,
    number_range,
    phone,
    place,
    text,
    url,
)
from leadloom.values.received import as_text

_LONGEST_EVIDENCE: Final = 500
# A field of the user's own is kept as text.
_OWN: Final = Field("custom", "lead", "long_text")

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
    "range": number_range.clean,
    "tags": text.clean,
}


def cleaned(found: Found, provider: OutsideProvider) -> Found:
    """Return what was found, with clean values; an answer that is none is passed over."""
    kept = [clean for answer in found.answers if (clean := _clean(answer)) is not None]
    return replace(found, answers=tuple(kept))


def _clean(answer: Answer) -> Answer | None:
    if not (answer.field in FIELDS or is_custom(answer.field)) or not 0 < answer.confidence <= 1:
        return None
    known = FIELDS.get(answer.field, _OWN)
    values = answer.value if isinstance(answer.value, list | tuple) else [answer.value]
    read = [_value(as_text(one), known) for one in values]
    good = [one for one in read if one is not None]
    if not good:
        return None
    value: Any = good if known.folding == "many" else good[0]
    return replace(answer, value=value, evidence=answer.evidence[:_LONGEST_EVIDENCE])


def _value(raw: str, known: Field) -> Any:
    if known.type == "choice":
        result = choice.clean(raw, known.choices)
    else:
        result = _CLEANERS.get(known.type, text.clean)(raw)
    return None if result.problem else result.value
