"""A field set by hand, unless somebody else did so since the visitor's page was made.

Pages send with a field what it `was` and the moment (`at`) of the row they show; without `at`, or
when the visitor `agreed`, nothing is looked at, and the last word counts.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from leadloom.leads.fields import CUSTOM
from leadloom.web.looks import shown, words
from leadloom.web.visit import Visit

_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Edit:
    """What came of it: the row as it is now, and the runs that set it; or what to `ask` first."""

    row: Any
    runs: Sequence[uuid.UUID]
    ask: str | None = None

    @property
    def said(self) -> str | None:
        """Return what to tell the visitor."""
        return None if self.ask else "Saved."

    @property
    def question(self) -> dict[str, str]:
        """Return the question, and what its answers say; nothing when there is none."""
        answers = {"yes": "Keep mine", "no": "Take theirs"}
        return {"ask": self.ask, **answers} if self.ask else {}


def set_field(visit: Visit, name: str, noun: str) -> Edit:
    """Set a field of a lead or company (`name`: "leads", `noun`: "lead") as the form says."""
    ref, field, value = visit.part("id"), visit.field("field"), visit.field("value").strip()
    with visit.ws.transaction() as together:
        verbs = getattr(together, name)
        row = verbs.get(ref)
        if question := _question(visit, row, field, value):
            return Edit(row, [], question)
        edited = verbs.set(ref, {field: value})
        return Edit(getattr(edited, noun), [edited.run])


def typed(value: Any, between: str = "; ") -> str:
    """Return a value as it is typed in."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return between.join(shown(one) for one in value)
    return shown(value)


def _question(visit: Visit, row: Any, field: str, value: str) -> str | None:
    """Return what to ask when the field is neither what it was nor what it is to be."""
    at, was = visit.field("at"), visit.field("was")
    if not at or at == row.updated_at.isoformat() or visit.field("agreed"):
        return None
    if field.startswith(CUSTOM):
        now = typed(row.custom.get(field.removeprefix(CUSTOM)))
    else:
        now = typed(getattr(row, field, None))
    if _same(now, was) or _same(now, value):
        return None
    return (
        f"Meanwhile somebody changed {words(field).lower()} from {_quoted(was)} to "
        f"{_quoted(now)}. Keep yours, {_quoted(value)}?"
    )


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    short = f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text
    return f"“{short}”" if short else "nothing"
