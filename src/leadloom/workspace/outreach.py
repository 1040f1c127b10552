"""The verbs on groups, templates, campaigns and settings."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.exports import Written, write
from leadloom.exports.drafts import COLUMNS
from leadloom.leads.lead import Lead
from leadloom.leads.query import Page, get_lead
from leadloom.outreach import campaigns, groups, messages, templates
from leadloom.outreach.drafting import DraftReport, Missing, draft
from leadloom.outreach.handover import rows_for_export
from leadloom.outreach.parts import Part
from leadloom.outreach.plan import DraftRequest
from leadloom.outreach.preview import preview
from leadloom.outreach.render import Draft, Skipped
from leadloom.outreach.selection import select_keys
from leadloom.resolve.family import roots_of
from leadloom.runs.run import Progress
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import leads
from leadloom.workspace.session import Session


def keys_of(tx: Tx, refs: Sequence[str], where: Sequence[str] = ()) -> list[int]:
    """Return the inner keys of leads named by `refs` and of those that meet `where`."""
    keys = [get_lead(tx, str(ref)).key for ref in refs]
    return keys + (select_keys(tx, where) if where else [])


class Groups:
    """Groups of leads; `name` is a group's name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[groups.Group]:
        """Return all groups with how many leads are in each."""
        with self._session.read() as tx:
            return groups.list_groups(tx)

    def create(
        self, name: str, description: str | None = None, where: Sequence[str] = ()
    ) -> groups.Group:
        """Make a group, with the leads that meet `where` in it when conditions are given."""
        with self._session.write() as tx:
            group = groups.create_group(tx, name, description)
            if where:
                groups.add_members(tx, group, select_keys(tx, where))
            return groups.get_group(tx, name)

    def delete(self, name: str) -> None:
        """Delete a group; its leads stay."""
        with self._session.write() as tx:
            groups.delete_group(tx, groups.get_group(tx, name))

    def add(self, name: str, refs: Sequence[str] = (), where: Sequence[str] = ()) -> int:
        """Add leads; return how many were not in it before."""
        with self._session.write() as tx:
            group = groups.get_group(tx, name)
            return groups.add_members(tx, group, keys_of(tx, refs, where))

    def remove(self, name: str, refs: Sequence[str]) -> int:
        """Take leads out; return how many were in it."""
        with self._session.write() as tx:
            return groups.remove_members(tx, groups.get_group(tx, name), keys_of(tx, refs))

    def members(self, name: str, limit: int = 50, after: str | None = None) -> Page[Lead]:
        """Return a page of a group's leads."""
        with self._session.read() as tx:
            return groups.list_members(tx, groups.get_group(tx, name), limit, after)


class Templates:
    """The texts messages are made of."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> "list[templates.Template]":
        """Return every text of every template, the built-in ones included."""
        with self._session.upkeep() as tx:
            templates.install_built_ins(tx)
            return templates.list_templates(tx)

    def show(self, name: str) -> Sequence[templates.Template]:
        """Return the texts of one template. Raises NotFoundError."""
        with self._session.upkeep() as tx:
            templates.install_built_ins(tx)
            return templates.get_texts(tx, name)

    def versions(
        self, name: str, type: str, message_type: str | None = None
    ) -> Sequence[templates.Version]:
        """Return every version of one text, oldest first. Raises NotFoundError."""
        with self._session.upkeep() as tx:
            templates.install_built_ins(tx)
            return templates.list_versions(tx, name, type, message_type)

    def preview(
        self,
        name: str,
        lead: str | uuid.UUID,
        *,
        variants: int = 1,
        context: Mapping[str, Any] | None = None,
        texts: Sequence[Part] | None = None,
    ) -> Sequence[Draft | Skipped]:
        """Return what a template would say to a lead, keeping nothing; `texts`: as if it had these.

        Raises UsageError for a text that cannot be read.
        """
        with self._session.upkeep() as tx:
            templates.install_built_ins(tx)
            key = get_lead(tx, str(lead)).key
            return preview(tx, name, key, variants=variants, context=context, texts=texts)

    def add(
        self, name: str, type: str, text: str, message_type: str | None = None
    ) -> templates.Template:
        """Add a text: `type` is subject, body, icebreaker or hot_button."""
        with self._session.write() as tx:
            templates.install_built_ins(tx)
            return templates.add_template(tx, name, type, text, message_type)

    def edit(
        self, name: str, type: str, text: str, message_type: str | None = None
    ) -> templates.Template:
        """Write a new version of a text; the old ones are kept."""
        with self._session.write() as tx:
            templates.install_built_ins(tx)
            return templates.edit_template(tx, name, type, text, message_type)

    def activate(
        self,
        name: str,
        type: str | None = None,
        message_type: str | None = None,
        version: int | None = None,
        active: bool = True,
    ) -> None:
        """Put texts into use or out of it, or go to another version of one."""
        with self._session.write() as tx:
            templates.install_built_ins(tx)
            templates.activate_template(
                tx, name, type, message_type, version=version, active=active
            )


class Campaigns:
    """A group, a template, and the messages made of them; `ref` is a campaign's name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> "list[campaigns.Campaign]":
        """Return all campaigns."""
        with self._session.read() as tx:
            return campaigns.list_campaigns(tx)

    def create(
        self,
        name: str,
        group: str | None,
        template: str,
        variants: int = 3,
        context: Mapping[str, Any] | None = None,
    ) -> campaigns.Campaign:
        """Make a campaign; `context` holds the event's and the sender's variables."""
        with self._session.write() as tx:
            templates.install_built_ins(tx)
            among = groups.get_group(tx, group) if group else None
            return campaigns.create_campaign(
                tx, name, template=template, group=among, variants=variants, context=context
            )

    def show(self, ref: str) -> campaigns.CampaignView:
        """Return a campaign with its messages counted by status."""
        with self._session.read() as tx:
            return campaigns.show_campaign(tx, ref)

    def generate(
        self,
        ref: str,
        on_progress: Progress = lambda done, counts: None,
        on_missing: Missing = lambda missing: None,
    ) -> DraftReport:
        """Draft the campaign's messages; what would say the same again is left alone."""
        with self._session.read() as tx:
            name = campaigns.get_campaign(tx, ref).name
        request = DraftRequest(campaign=name)
        return draft(self._session.write, request, on_progress=on_progress, on_missing=on_missing)

    def export(
        self,
        ref: str,
        out: str | Path,
        lead_keys: Sequence[int] | None = None,
        only_accepted: bool = False,
    ) -> Written:
        """Write the campaign's drafts to a file for a mail merge; counted when it changed.

        `lead_keys`: only those to these leads. Drafts that were skipped are left out.
        """
        with self._session.write() as tx:
            campaign = campaigns.get_campaign(tx, ref)
            ids: list[uuid.UUID] = []
            rows: Iterable[Mapping[str, Any]] = rows_for_export(
                tx, campaign, only_accepted=only_accepted
            )
            if lead_keys is not None:
                rows = _only_of(tx, rows, lead_keys)
            written = write(out, _noting(rows, ids), COLUMNS)
            if written.changed and ids:
                is_whole = lead_keys is None and not only_accepted
                campaigns.mark_exported(tx, campaign, ids, is_whole=is_whole)
            return written

    def delete(self, ref: str, with_exported: bool = False) -> int:
        """Delete a campaign and its messages; return how many messages.

        Raises ConflictError when some have left already, unless `with_exported`.
        """
        with self._session.write() as tx:
            campaign = campaigns.get_campaign(tx, ref)
            return campaigns.delete_campaign(tx, campaign, with_exported=with_exported)


def _only_of(
    tx: Tx, rows: Iterable[Mapping[str, Any]], keys: Sequence[int]
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows that are about these leads."""
    wanted: set[str] = set()
    for some in chunks(sorted(roots_of(tx, keys))):
        query = sa.select(leads.c.uuid).where(
            leads.c.workspace_id == tx.workspace_id, leads.c.id.in_(some)
        )
        wanted.update(str(one) for one in tx.conn.scalars(query))
    return (row for row in rows if str(row["lead_id"]) in wanted)


def _noting(rows: Any, ids: list[uuid.UUID]) -> Any:
    for row in rows:
        ids.append(uuid.UUID(str(row["message_id"])))
        yield row


def message_page(
    tx: Tx, campaign: str | None, lead: str | None, limit: int, after: str | None
) -> Page[messages.Message]:
    """Return a page of messages, of one campaign or to one lead."""
    return messages.list_messages(
        tx,
        campaign_key=campaigns.get_campaign(tx, campaign).key if campaign else None,
        lead_key=get_lead(tx, lead).key if lead else None,
        limit=limit,
        after=after,
    )
