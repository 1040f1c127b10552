"""The verbs on shows: make them, say which imports brought their leads, and write to these."""

from collections.abc import Mapping, Sequence

from leadloom.leads.lead import Lead
from leadloom.leads.query import Page
from leadloom.outreach import campaigns, groups, shows, templates
from leadloom.outreach.campaigns import Campaign
from leadloom.outreach.shows import Show, ShowView
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.workspace.session import Session


class Shows:
    """Fairs and events where leads are met; `ref` is a show's name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[Show]:
        """Return all shows with how many leads each has, the latest first."""
        with self._session.read() as tx:
            return shows.list_shows(tx)

    def create(self, name: str, **values: str | None) -> Show:
        """Make a show; `values`: place, starts_on, ends_on (2026-05-12), industry, description."""
        with self._session.write() as tx:
            return shows.create_show(tx, {"name": name, **values})

    def set(self, ref: str, values: Mapping[str, str | None]) -> Show:
        """Change a show; an empty value empties the field."""
        with self._session.write() as tx:
            return shows.change_show(tx, shows.get_show(tx, ref), values)

    def delete(self, ref: str) -> None:
        """Delete a show; its leads, imports and campaigns stay."""
        with self._session.write() as tx:
            shows.delete_show(tx, shows.get_show(tx, ref))

    def show(self, ref: str) -> ShowView:
        """Return a show with its imports and campaigns. Raises NotFoundError."""
        with self._session.read() as tx:
            return shows.view_show(tx, shows.get_show(tx, ref))

    def leads(self, ref: str, limit: int = 50, after: str | None = None) -> Page[Lead]:
        """Return a page of the leads met at a show."""
        with self._session.read() as tx:
            return shows.list_leads(tx, shows.get_show(tx, ref), limit, after)

    def add_runs(self, ref: str, chosen: Sequence[str]) -> int:
        """Say that imports brought leads of a show; return how many were not said to before."""
        with self._session.write() as tx:
            return shows.add_runs(tx, shows.get_show(tx, ref), _runs(tx, chosen))

    def remove_runs(self, ref: str, chosen: Sequence[str]) -> int:
        """Say that imports have nothing to do with a show; return how many were said to."""
        with self._session.write() as tx:
            return shows.remove_runs(tx, shows.get_show(tx, ref), _runs(tx, chosen))

    def write(
        self, ref: str, template: str, *, name: str | None = None, variants: int = 1
    ) -> Campaign:
        """Make a campaign (named like the show unless told) that writes to all met at a show.

        They are put into the group of the same name, and the letters know the event's name, days
        and place. Raises UsageError when there is such a campaign already.
        """
        with self._session.write() as tx:
            templates.install_built_ins(tx)
            show = shows.get_show(tx, ref)
            title = name or show.name
            known = {one.name for one in groups.list_groups(tx)}
            about = f"Met at {show.name}"
            group = (
                groups.get_group(tx, show.name)
                if show.name in known
                else groups.create_group(tx, show.name, about)
            )
            groups.add_members(tx, group, list(tx.conn.scalars(shows.lead_roots(show.key))))
            campaign = campaigns.create_campaign(
                tx, title, template=template, group=group, variants=variants, context=show.context
            )
            shows.add_campaign(tx, show, campaign)
            return campaign


def _runs(tx: Tx, refs: Sequence[str]) -> Sequence[runs.Run]:
    return [runs.get_run(tx, ref) for ref in refs]
