"""Previews: what a template would say to a lead, with nothing kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from leadloom.config import list_settings
from leadloom.errors import NotFoundError
from leadloom.outreach.campaigns import checked_context, checked_variants
from leadloom.outreach.parts import MESSAGE_TYPES, Part, choose
from leadloom.outreach.plan import sender_of
from leadloom.outreach.recipients import load_facts, load_recipients
from leadloom.outreach.render import Draft, Skipped, compose
from leadloom.outreach.templates import get_parts
from leadloom.storage.database import Tx


def preview(
    tx: Tx,
    name: str,
    lead_key: int,
    *,
    variants: int = 1,
    context: Mapping[str, Any] | None = None,
    texts: Sequence[Part] | None = None,
) -> list[Draft | Skipped]:
    """Return the letters a template would write to a lead, or why it would write none.

    `texts` take the place of those in use. Raises UsageError for one that cannot be read, and
    NotFoundError for a lead that is not there.
    """
    parts = get_parts(tx, name) if texts is None else texts
    recipients = load_recipients(tx, [lead_key])
    if not recipients:
        raise NotFoundError("This lead is not there any more: choose another.")
    recipient = recipients[0]
    if recipient.obstacle is not None:
        return [Skipped(recipient.obstacle)]
    settings = {one.key: one.value for one in list_settings(tx)}
    known = sender_of(settings) | checked_context(context or {}) | recipient.context
    facts = load_facts(tx, [lead_key])[lead_key]
    return [
        compose(_serving(parts, number).values(), known, number, facts)
        for number in range(checked_variants(variants))
    ]


def _serving(parts: Sequence[Part], variant: int) -> dict[Any, Part]:
    return choose(parts, MESSAGE_TYPES[variant % len(MESSAGE_TYPES)])
