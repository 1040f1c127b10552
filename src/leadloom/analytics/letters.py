"""What becomes of drafts: those that wait to be looked at, and what came of each template."""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.storage.database import Tx
from leadloom.storage.tables import campaigns, leads, messages

_SENT: Final = ("sent", "delivered", "opened", "replied")


@dataclass(frozen=True, slots=True)
class TemplateOutcome:
    """What came of one template; whoever replied has opened, and whoever opened was sent to.

    `quality` is the mean of its drafts, from 0 to 100.
    """

    template: str
    messages: int
    accepted: int
    edited: int
    skipped: int
    sent: int
    opened: int
    replied: int
    converted: int
    quality: float

    def rate(self, name: str) -> float | None:
        """The share of sent messages that came to this; None while nothing was sent."""
        return getattr(self, name) / self.sent if self.sent else None


def count_unread(tx: Tx) -> int:
    """Return how many drafts nobody has decided about; whether they left in a file or not."""
    query = sa.select(sa.func.count()).where(
        messages.c.workspace_id == tx.workspace_id,
        messages.c.status == "draft",
        messages.c.review.is_(None),
    )
    return tx.conn.scalar(query) or 0


def template_outcomes(tx: Tx) -> list[TemplateOutcome]:
    """Return what came of each template that anything was written from, most written first."""
    atom, root = leads.alias("atom"), leads.alias("root")
    was_sent = messages.c.status.in_(_SENT)
    count = sa.func.count()
    query = (
        sa.select(
            campaigns.c.template,
            count,
            _count(messages.c.review == "accepted"),
            _count(messages.c.edited_at.is_not(None)),
            _count(messages.c.review == "skipped"),
            _count(was_sent),
            _count(messages.c.status.in_(("opened", "replied"))),
            _count(messages.c.status == "replied"),
            _count(sa.and_(was_sent, root.c.lead_status == "converted")),
            sa.func.avg(messages.c.quality_score),
        )
        .select_from(messages)
        .join(campaigns, campaigns.c.id == messages.c.campaign_id)
        .join(atom, atom.c.id == messages.c.lead_id)
        .join(root, root.c.id == sa.func.coalesce(atom.c.root_id, atom.c.id))
        .where(messages.c.workspace_id == tx.workspace_id)
        .group_by(campaigns.c.template)
        .order_by(count.desc(), campaigns.c.template)
    )
    found = []
    for template, *counts, quality in tx.conn.execute(query):
        written, accepted, edited, skipped, sent, opened, replied, converted = map(int, counts)
        outcomes = (accepted, edited, skipped, sent, opened, replied, converted)
        found.append(TemplateOutcome(template, written, *outcomes, round(float(quality), 1)))
    return found


def _count(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))
