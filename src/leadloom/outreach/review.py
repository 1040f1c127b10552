"""Review: a person accepts, edits or skips drafts, and takes that back.

What a draft was before goes with the event that changed it. Somebody having decided, drafting anew
leaves it alone; a skipped one stays out of files.
"""

import datetime as dt
from typing import Any, Final, Literal

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.events.event import list_events, record
from leadloom.outreach.messages import Message, get_message
from leadloom.outreach.names import checked_text
from leadloom.outreach.quality import assess
from leadloom.storage.database import Tx
from leadloom.storage.tables import messages
from leadloom.storage.types import dump_json, load_json

Review = Literal["accepted", "skipped"]

_EVENTS: Final = ("message.accepted", "message.skipped", "message.edited")
_TAKEN_BACK: Final = "message.review_undone"
_KEPT: Final = (
    "subject",
    "body",
    "quality_score",
    "quality_reasons",
    "review",
    "reviewed_at",
    "edited_at",
)


def decide(tx: Tx, ref: str, review: Review) -> Message:
    """Accept or skip a draft. Raises NotFoundError, and ConflictError when it was sent."""
    message = _get_draft(tx, ref)
    if message.review == review:
        return message
    return _change(tx, message, f"message.{review}", {"review": review, "reviewed_at": tx.now})


def edit(tx: Tx, ref: str, subject: str, body: str) -> Message:
    """Give a draft another text, and judge it anew; the same text changes nothing.

    Raises UsageError for a text that is empty or cannot be kept, else what `decide` raises.
    """
    message = _get_draft(tx, ref)
    subject = " ".join(checked_text(subject, "The subject").split())
    body = checked_text(body.replace("\r\n", "\n"), "The text").strip()
    if not (subject and body):
        raise UsageError("A letter needs a subject and a text: write both.")
    if (subject, body) == (message.subject, message.body):
        return message
    facts = {one["field"]: one["value"] for one in message.personalization.get("facts", ())}
    quality = assess(subject, body, facts=facts, filled=_words(facts.values()))
    values = {
        "subject": subject,
        "body": body,
        "quality_score": float(quality.score),
        "quality_reasons": [
            {"code": one.code, "points": one.points, "text": one.text} for one in quality.reasons
        ],
        "edited_at": tx.now,
    }
    return _change(tx, message, "message.edited", values)


def take_back(tx: Tx, ref: str) -> Message:
    """Take the last decision or edit of a draft back; again and again, it walks back.

    Raises ConflictError when there is nothing to take back, else what `decide` raises.
    """
    message = _get_draft(tx, ref)
    undone = 0
    for event in list_events(tx, "message", [message.key]):
        if event.type == _TAKEN_BACK:
            undone += 1
        elif event.type in _EVENTS and undone:
            undone -= 1
        elif event.type in _EVENTS and event.data:
            was = _as_stored(event.data["was"])
            return _change(tx, message, _TAKEN_BACK, was, keeps=False)
    raise ConflictError("Nothing was decided about this draft: there is nothing to take back.")


def _get_draft(tx: Tx, ref: str) -> Message:
    message = get_message(tx, ref)
    if message.status != "draft":
        raise ConflictError(f"The message to {message.email} is {message.status} already.")
    return message


def _change(
    tx: Tx, message: Message, happened: str, values: dict[str, Any], *, keeps: bool = True
) -> Message:
    was = load_json(dump_json({name: getattr(message, name) for name in _KEPT}))
    changed = messages.update().where(messages.c.id == message.key)
    done = tx.conn.execute(changed.values(**values, **tx.touch())).rowcount
    if not done:
        raise NotFoundError("This message is not there any more.")
    names = [name for name in _KEPT if name in values and values[name] != getattr(message, name)]
    data = {"changed": names, "campaign": message.campaign, **({"was": was} if keeps else {})}
    record(tx, happened, message.key, data=data)
    return get_message(tx, str(message.id))


def _as_stored(was: dict[str, Any]) -> dict[str, Any]:
    """Return what an event kept as the columns take it: times are texts in events."""
    times = ("reviewed_at", "edited_at")
    return {
        name: dt.datetime.fromisoformat(value) if name in times and value else value
        for name, value in was.items()
    }


def _words(values: Any) -> list[str]:
    """Return the texts that facts put into a letter."""
    return [str(one) for value in values for one in (value if isinstance(value, list) else [value])]
