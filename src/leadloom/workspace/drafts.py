"""The verbs on drafts: read them, accept, edit or skip them, and take that back."""

from leadloom.leads.query import Page
from leadloom.outreach import campaigns, messages, review
from leadloom.outreach.messages import Message, Standing
from leadloom.workspace.session import Session


class Drafts:
    """Messages and what people decide about them; `ref` is a message's id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(
        self,
        standing: Standing | None = "waiting",
        *,
        campaign: str | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Page[Message]:
        """Return a page of messages that stand somewhere: waiting, accepted, skipped or sent."""
        with self._session.read() as tx:
            key = campaigns.get_campaign(tx, campaign).key if campaign else None
            return messages.list_messages(
                tx, campaign_key=key, standing=standing, limit=limit, after=after
            )

    def counts(self, campaign: str | None = None) -> dict[Standing, int]:
        """Return how many messages stand where."""
        with self._session.read() as tx:
            key = campaigns.get_campaign(tx, campaign).key if campaign else None
            return messages.count_by_standing(tx, key)

    def get(self, ref: str) -> Message:
        """Return one message. Raises NotFoundError."""
        with self._session.read() as tx:
            return messages.get_message(tx, ref)

    def accept(self, ref: str) -> Message:
        """Say that a draft may go out as it is. Raises ConflictError when it was sent."""
        with self._session.write() as tx:
            return review.decide(tx, ref, "accepted")

    def skip(self, ref: str) -> Message:
        """Say that a draft is not to go out: files leave it out from now on."""
        with self._session.write() as tx:
            return review.decide(tx, ref, "skipped")

    def edit(self, ref: str, subject: str, body: str) -> Message:
        """Give a draft another text; drafting anew leaves it alone from now on."""
        with self._session.write() as tx:
            return review.edit(tx, ref, subject, body)

    def take_back(self, ref: str) -> Message:
        """Take the last decision or edit of a draft back. Raises ConflictError for none."""
        with self._session.write() as tx:
            return review.take_back(tx, ref)
