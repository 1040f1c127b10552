"""From a template's parts and a lead's facts to a draft a person can review."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from leadloom.leads.fields import CUSTOM
from leadloom.outreach.context import values_of
from leadloom.outreach.language import Reading, canonical, compiled
from leadloom.outreach.parts import MESSAGE_TYPES, MessageType, Part, PartType, choose
from leadloom.outreach.personal import angle, why
from leadloom.outreach.quality import Reason, assess
from leadloom.outreach.variables import LEAD, MADE

_INSERTS: Final[tuple[PartType, ...]] = ("icebreaker", "hot_button")


@dataclass(frozen=True, slots=True)
class FactUsed:
    """Where a lead's field has its value from. `observed_at` is UTC; `confidence` is 0 to 1."""

    value: Any
    source: str | None = None
    observed_at: datetime | str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to review. `personalization` is plain JSON (see `compose`).

    Equal fingerprints mean the same text from the same versions, variant and facts.
    """

    subject: str
    body: str
    message_type: MessageType
    personalization: dict[str, Any]
    quality: int
    quality_reasons: tuple[Reason, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """No draft for this lead, and why."""

    reason: str


def compose(
    parts: Iterable[Part],
    context: Mapping[str, Any],
    variant: int,
    facts: Mapping[str, FactUsed],
) -> Draft | Skipped:
    """Write variant `variant` (from 0) of a template to one lead.

    `parts` are the active parts of one template; `context` holds the lead's fields, with `custom`
    as a mapping, and the event's and the sender's, in either spelling; `facts` says where the
    lead's fields come from. The draft's `personalization` lists only facts a reader can see in the
    text. The same arguments give the same draft. Raises UsageError, naming template and line, when
    a part cannot be read or filled, or there is no subject or body.
    """
    reason = unreachable(context)
    if reason is not None:
        return Skipped(reason)
    letter = _write(parts, context, variant)
    if not letter.body:
        return Skipped("the template leaves the body empty for this lead")
    return _judged(letter, facts)


def missing(parts: Iterable[Part], context: Mapping[str, Any]) -> list[str]:
    """The variables whose lack would leave a hole in some variant for this lead, sorted.

    `context` as for `compose`. Raises UsageError when a part cannot be read or filled.
    """
    parts = list(parts)
    variants = range(len(MESSAGE_TYPES))
    return sorted({name for n in variants for name in _write(parts, context, n).missing})


def unreachable(context: Mapping[str, Any]) -> str | None:
    """Why nobody can be written to with these fields of a lead; None when nothing is in the way."""
    if context.get("do_not_contact"):
        return "asked not to be contacted"
    if not context.get("email"):
        return "has no e-mail address"
    if context.get("email_status") in ("invalid", "bounced"):
        return f"the e-mail address is {context['email_status']}"
    return None


@dataclass(frozen=True, slots=True)
class _Letter:
    subject: str
    body: str
    message_type: MessageType
    variant: int
    angle: str | None
    parts: Mapping[PartType, Part]
    used: Mapping[str, Any]
    filled: frozenset[str]
    missing: tuple[str, ...]


def _write(parts: Iterable[Part], context: Mapping[str, Any], variant: int) -> _Letter:
    turn, position = divmod(variant, len(MESSAGE_TYPES))
    message_type = MESSAGE_TYPES[position]
    chosen = choose(parts, message_type)
    values = values_of(context)
    values |= {"message_type": message_type, "angle": angle(values, message_type, turn)}
    letter, inserts = Reading(values), {name: Reading(values) for name in _INSERTS}
    for name in _INSERTS:
        values[name] = _fill(chosen[name], inserts[name]) if name in chosen else None
    subject = " ".join(_fill(chosen["subject"], letter).split())
    body = _fill(chosen["body"], letter)
    for name in _INSERTS:
        if name in letter.used:
            letter.absorb(inserts[name], values[name])
    mentioned = {name for part in chosen.values() for name in _names(part)}
    return _Letter(
        subject,
        body,
        message_type,
        variant,
        values["angle"] if "angle" in mentioned else None,
        {kind: chosen[kind] for kind in chosen if kind not in _INSERTS or kind in letter.used},
        {name: value for name, value in letter.used.items() if name not in MADE},
        frozenset(letter.texts),
        tuple(sorted(letter.missing)),
    )


def _fill(part: Part, reading: Reading) -> str:
    return _tidied(compiled(part.text, part.label).render(reading))


def _names(part: Part) -> frozenset[str]:
    return compiled(part.text, part.label).names


def _tidied(text: str) -> str:
    """Close the gaps an empty value leaves: blanks in a row, before a comma, empty lines."""
    text = re.sub(r"(?<=\S)[ \t]{2,}", " ", text)
    text = re.sub(r"(?<=\w)[ \t]+(?=[,.](?:\s|$))", "", text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _judged(letter: _Letter, facts: Mapping[str, FactUsed]) -> Draft:
    sources = {canonical(field): (field, fact) for field, fact in facts.items()}
    is_fact = {name: _is_fact(name, sources) for name in letter.used}
    of_lead = {name: value for name, value in letter.used.items() if is_fact[name]}
    others = {name: value for name, value in letter.used.items() if not is_fact[name]}
    quality = assess(
        letter.subject, letter.body, facts=of_lead, filled=letter.filled, missing=letter.missing
    )
    return Draft(
        subject=letter.subject,
        body=letter.body,
        message_type=letter.message_type,
        personalization=_explained(letter, of_lead, others, sources),
        quality=quality.score,
        quality_reasons=quality.reasons,
        fingerprint=_fingerprint(letter),
    )


def _is_fact(name: str, sources: Mapping[str, Any]) -> bool:
    return name in sources or name in LEAD or name.startswith(CUSTOM)


def _explained(
    letter: _Letter,
    of_lead: Mapping[str, Any],
    others: Mapping[str, Any],
    sources: Mapping[str, tuple[str, FactUsed]],
) -> dict[str, Any]:
    template = {kind: part.version for kind, part in letter.parts.items()}
    explained: dict[str, Any] = {
        "message_type": letter.message_type,
        "facts": [_fact(name, value, sources) for name, value in of_lead.items()],
        "context": dict(others),
        "template": {"name": letter.parts["body"].name, "parts": template},
    }
    if letter.angle is not None:
        explained["angle"] = letter.angle
    return explained


def _fact(name: str, value: Any, sources: Mapping[str, tuple[str, FactUsed]]) -> dict[str, Any]:
    field, fact = sources.get(name, (name, FactUsed(value)))
    seen = fact.observed_at
    return {
        "field": field,
        "value": value,
        "source": fact.source,
        "observed_at": seen.isoformat() if isinstance(seen, datetime) else seen,
        "confidence": fact.confidence,
        "why": why(field),
    }


def _fingerprint(letter: _Letter) -> str:
    """The text counts too: a condition can change it without any printed fact changing."""
    said = {
        "parts": [
            [part.name, kind, part.message_type, part.version]
            for kind, part in sorted(letter.parts.items())
        ],
        "variant": letter.variant,
        "used": sorted(letter.used.items()),
        "text": [letter.subject, letter.body],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
