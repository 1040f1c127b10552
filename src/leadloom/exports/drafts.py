"""Drafts as rows for a mail merge: one row a message, ready to be read, changed and sent."""

from collections.abc import Mapping
from typing import Any, Final

COLUMNS: Final = (
    "email",
    "first_name",
    "last_name",
    "full_name",
    "company",
    "title",
    "subject",
    "body",
    "variant",
    "message_type",
    "quality",
    "quality_reasons",
    "personalization",
    "template",
    "lead_id",
    "message_id",
)

_OF_LEAD: Final = COLUMNS[:6]
_DAY: Final = len("2026-01-31")


def draft_row(lead: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    """The row of one message to one lead, with the fields of `COLUMNS`.

    `message` has subject, body, variant (from 1), message_type, quality (0 to 100),
    quality_reasons (texts, or objects with points and text), personalization as drafting made it,
    template, and its id as `id`.
    """
    reasons = message.get("quality_reasons") or ()
    return {
        **{field: lead.get(field) for field in _OF_LEAD},
        **{field: message.get(field) for field in ("subject", "body", "variant", "message_type")},
        "quality": message.get("quality"),
        "quality_reasons": "; ".join(_reason(reason) for reason in reasons),
        "personalization": explained(message.get("personalization") or {}),
        "template": message.get("template"),
        "lead_id": lead.get("id"),
        "message_id": message.get("id"),
    }


def explained(personalization: Mapping[str, Any]) -> str:
    """In words which facts a draft uses, and where and when each was said.

    "company: Initech (names the company; from cards.csv, 2026-01-31)".
    """
    return " | ".join(_fact(fact) for fact in personalization.get("facts") or ())


def _fact(fact: Mapping[str, Any]) -> str:
    value = fact.get("value")
    shown = ", ".join(map(str, value)) if isinstance(value, list) else value
    source, day = str(fact.get("source") or "")[:40], str(fact.get("observed_at") or "")[:_DAY]
    origin = ", ".join(part for part in (source, day) if part)
    return f"{fact['field']}: {shown} ({fact['why']}{f'; from {origin}' if origin else ''})"


def _reason(reason: Any) -> str:
    if isinstance(reason, Mapping):
        return f"{reason['text']} (-{reason['points']})"
    return str(reason)
