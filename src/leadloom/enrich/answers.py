"""What comes back from outside is cleaned like any other value; what is none of it is left out.

So is what providers of other packages find in this process: nobody knows what they take for a city.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from leadloom.connect.failure import SkipError
from leadloom.enrich.provider import Answer, Found
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


_COUNTS: Final = ("tokens_in", "tokens_out", "http_status", "request_bytes", "response_bytes")
_MOST: Final = 2**31 - 1
_MOST_USD: Final = 1_000_000
# What as text is nothing that anybody says of a person.
_UNSPEAKABLE: Final = (bytes, bytearray, dict, set, frozenset)


def cleaned(found: Found) -> Found:
    """Return what was found, with clean values; an answer that is none is passed over.

    Raises SkipError for what is no finding, or costs what nothing can cost.
    """
    # Providers are other people's code: nothing holds them to the types they were told.
    given: Any = found
    if not isinstance(given, Found):
        raise _unusable(f"a {type(given).__name__}")
    for name in _COUNTS:
        if (count := getattr(given, name)) is not None and not _is_count(count):
            raise _unusable(f"{name}: {count!r}")
    if not _is_count(given.dropped):
        raise _unusable(f"dropped: {given.dropped!r}")
    if (cost := given.cost_usd) is not None and not _is_price(cost):
        raise _unusable(f"cost_usd: {cost!r}")
    cost = None if cost is None else Decimal(str(cost))
    return replace(found, answers=tuple(clean_answers(given.answers)), cost_usd=cost)


def clean_answers(answers: Iterable[Any]) -> list[Answer]:
    """Return answers with clean values; one that is none is passed over."""
    return [clean for answer in answers if (clean := _clean(answer)) is not None]


def plain(text: str) -> str:
    """Return a text as every database takes it."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _unusable(what: str) -> SkipError:
    return SkipError(f"what it answered cannot be used ({what[:80]})", is_billed=True)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and 0 <= value <= _MOST


def _is_price(value: object) -> bool:
    return (
        isinstance(value, Decimal | int | float)
        and math.isfinite(value)
        and (0 <= value <= _MOST_USD)
    )


def _is_answer(answer: object) -> bool:
    return (
        isinstance(answer, Answer)
        and isinstance(answer.field, str)
        and (answer.field in FIELDS or is_custom(answer.field))
        and isinstance(answer.confidence, int | float)
        and 0 < answer.confidence <= 1
        and isinstance(answer.evidence, str)
    )


def _clean(answer: Any) -> Answer | None:
    if not _is_answer(answer):
        return None
    known = FIELDS.get(answer.field, _OWN)
    values = answer.value if isinstance(answer.value, list | tuple) else [answer.value]
    read = [_value(as_text(one), known) for one in values if not isinstance(one, _UNSPEAKABLE)]
    good = [one for one in read if one is not None]
    if not good:
        return None
    value: Any = good if known.folding == "many" else good[0]
    evidence = plain(answer.evidence)[:_LONGEST_EVIDENCE]
    return Answer(answer.field, value, answer.confidence, evidence)


def _value(raw: str, known: Field) -> Any:
    if known.type == "choice":
        result = choice.clean(raw, known.choices)
    else:
        result = _CLEANERS.get(known.type, text.clean)(raw)
    return None if result.problem else result.value
