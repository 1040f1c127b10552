"""The verbs on figures: what the dashboard shows, each measured, none made up."""

from leadloom.analytics.custom import custom_fields
from leadloom.analytics.growth import Week, growth
from leadloom.analytics.letters import TemplateOutcome, count_unread, template_outcomes
from leadloom.analytics.spending import Spending, Success, spending, success
from leadloom.analytics.times import RunTimes, Waits, run_times, waits
from leadloom.workspace.session import Session


class Figures:
    """How the leads grow, what they cost, and what comes of it; `Workspace.stats` counts them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def growth(self, weeks: int = 26) -> list[Week]:
        """Return how many leads were added in each of the last weeks, and how many there were."""
        with self._session.read() as tx:
            return growth(tx, weeks)

    def spending(self, days: int = 30) -> Spending:
        """Return what calls outside cost, by day and provider, and the limit of a day."""
        with self._session.read() as tx:
            return spending(tx, days)

    def success(self, days: int = 30) -> list[Success]:
        """Return how often each provider found something, and how fast."""
        with self._session.read() as tx:
            return success(tx, days)

    def custom_fields(self) -> dict[str, int]:
        """Return which fields of your own leads have, and how many of the newest have each."""
        with self._session.read() as tx:
            return custom_fields(tx)

    def run_times(self, days: int = 30) -> list[RunTimes]:
        """Return how long imports, enrichment and the others took."""
        with self._session.read() as tx:
            return run_times(tx, days)

    def waits(self) -> Waits:
        """Return how long it took from a lead's arrival to the first draft for it."""
        with self._session.read() as tx:
            return waits(tx)

    def unread(self) -> int:
        """Return how many drafts wait for somebody to decide."""
        with self._session.read() as tx:
            return count_unread(tx)

    def templates(self) -> list[TemplateOutcome]:
        """Return what came of each template."""
        with self._session.read() as tx:
            return template_outcomes(tx)
