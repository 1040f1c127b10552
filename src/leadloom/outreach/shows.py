"""Shows: fairs and events where leads are met; their imports, and the campaigns that write to them.

A show's leads are the people its imports speak of, as the leads that speak for them today.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.leads.lead import Lead
from leadloom.leads.query import Page
from leadloom.outreach.campaigns import Campaign
from leadloom.outreach.names import checked_name, checked_text, named, not_found
from leadloom.outreach.people import page_of_people
from leadloom.runs.run import Run
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_new
from leadloom.storage.tables import (
    campaigns,
    leads,
    records,
    runs,
    show_campaigns,
    show_runs,
    shows,
    sources,
)

FIELDS: Final = ("name", "place", "starts_on", "ends_on", "industry", "description")
_DAYS: Final = ("starts_on", "ends_on")


@dataclass(frozen=True, slots=True)
class Show:
    """A fair or an event; `starts_on` and `ends_on` are days as "2026-05-12"."""

    key: int
    id: uuid.UUID
    name: str
    place: str | None
    starts_on: str | None
    ends_on: str | None
    industry: str | None
    description: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    leads: int

    def as_json(self) -> dict[str, Any]:
        """Return the show as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape

    @property
    def when(self) -> str | None:
        """The days in words: "12 May 2026", "12 May 2026 to 14 May 2026"."""
        days = [dt.date.fromisoformat(day) for day in (self.starts_on, self.ends_on) if day]
        return " to ".join(dict.fromkeys(day.strftime("%-d %B %Y") for day in days)) or None

    @property
    def context(self) -> dict[str, str]:
        """What a letter may say of it."""
        said = {"event_name": self.name, "event_date": self.when, "event_location": self.place}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class ShowView:
    """A show, its campaigns' names by id, and what its imports brought.

    `runs`: (id of the run, name of the source, leads it speaks of); None where a run brought none.
    """

    show: Show
    runs: list[tuple[uuid.UUID, str | None, int]]
    campaigns: dict[uuid.UUID, str]

    def as_json(self) -> dict[str, Any]:
        """Return the show as JSON-able values, with `runs` and `campaigns`."""
        told = [{"id": id, "source": name, "leads": count} for id, name, count in self.runs]
        named = [{"id": id, "name": name} for id, name in self.campaigns.items()]
        return {**self.show.as_json(), "runs": told, "campaigns": named}


def create_show(tx: Tx, values: Mapping[str, str | None]) -> Show:
    """Make a show of `FIELDS`. Raises UsageError when the name is taken or a day is none."""
    row = _checked({"name": "", **values})
    _check_free(tx, row["name"])
    made = tx.conn.execute(
        shows.insert().values(uuid=new_uuid(), workspace_id=tx.workspace_id, **row, **tx.stamp())
    ).inserted_primary_key
    assert made is not None
    record(tx, "show.created", made[0], data={"name": row["name"]})
    return get_show(tx, row["name"])


def change_show(tx: Tx, show: Show, values: Mapping[str, str | None]) -> Show:
    """Set fields of a show; an empty one is emptied. Raises what `create_show` raises."""
    row = _checked({name: getattr(show, name) for name in FIELDS} | dict(values))
    if row["name"] != show.name:
        _check_free(tx, row["name"])
    changed = [name for name in FIELDS if row[name] != getattr(show, name)]
    if changed:
        tx.conn.execute(shows.update().where(shows.c.id == show.key).values(**row, **tx.touch()))
        record(tx, "show.updated", show.key, data={"changed": changed, "name": row["name"]})
    return get_show(tx, str(show.id))


def delete_show(tx: Tx, show: Show) -> None:
    """Delete a show; its leads, imports and campaigns stay."""
    for links in (show_runs, show_campaigns):
        tx.conn.execute(links.delete().where(links.c.show_id == show.key))
    tx.conn.execute(shows.delete().where(shows.c.id == show.key))
    record(tx, "show.deleted", show.key, data={"name": show.name})


def get_show(tx: Tx, ref: str) -> Show:
    """Return the show of this name or id. Raises NotFoundError, with the nearest name."""
    row = tx.conn.execute(_select(tx).where(named(shows, ref))).first()
    if row is None:
        raise not_found("show", ref, (one.name for one in list_shows(tx)))
    return Show(*row)


def list_shows(tx: Tx) -> list[Show]:
    """Return every show, the latest first."""
    latest = sa.func.coalesce(shows.c.starts_on, "").desc()
    return [Show(*row) for row in tx.conn.execute(_select(tx).order_by(latest, shows.c.name))]


def view_show(tx: Tx, show: Show) -> ShowView:
    """Return a show with its imports and campaigns."""
    person = sa.func.coalesce(leads.c.root_id, leads.c.id)
    brought = (
        sa.select(runs.c.uuid, sources.c.name, sa.func.count(sa.distinct(person)))
        .join_from(show_runs, runs, runs.c.id == show_runs.c.run_id)
        .outerjoin(records, sa.and_(records.c.run_id == runs.c.id, _counts()))
        .outerjoin(sources, sources.c.id == records.c.source_id)
        .outerjoin(leads, leads.c.id == records.c.lead_id)
        .where(show_runs.c.show_id == show.key)
        .group_by(runs.c.id, runs.c.uuid, sources.c.name)
        .order_by(runs.c.id, sources.c.name)
    )
    writing = (
        sa.select(campaigns.c.uuid, campaigns.c.name)
        .join_from(show_campaigns, campaigns, campaigns.c.id == show_campaigns.c.campaign_id)
        .where(show_campaigns.c.show_id == show.key)
        .order_by(campaigns.c.id)
    )
    return ShowView(
        show,
        [(row[0], row[1], row[2]) for row in tx.conn.execute(brought)],
        {row[0]: row[1] for row in tx.conn.execute(writing)},
    )


def add_runs(tx: Tx, show: Show, chosen: Sequence[Run]) -> int:
    """Say that imports brought leads of a show; return how many were not said to before.

    Raises UsageError for a run that is no import.
    """
    for run in chosen:
        if run.kind != "import":
            raise UsageError(f"Run {run.uuid} is of kind {run.kind!r}: a show has imports.")
    theirs = sa.select(show_runs.c.run_id).where(show_runs.c.show_id == show.key)
    new = sorted({run.id for run in chosen} - set(tx.conn.scalars(theirs)))
    _link(tx, show_runs, show, "run_id", new)
    if new:
        record(tx, "show.runs_added", show.key, data={"name": show.name, "runs": len(new)})
    return len(new)


def remove_runs(tx: Tx, show: Show, chosen: Sequence[Run]) -> int:
    """Say that imports have nothing to do with a show; return how many were said to."""
    count = tx.conn.execute(
        show_runs.delete().where(
            show_runs.c.show_id == show.key, show_runs.c.run_id.in_([run.id for run in chosen])
        )
    ).rowcount
    if count:
        record(tx, "show.runs_removed", show.key, data={"name": show.name, "runs": count})
    return count


def add_campaign(tx: Tx, show: Show, campaign: Campaign) -> None:
    """Say that a campaign writes to the people of a show."""
    _link(tx, show_campaigns, show, "campaign_id", [campaign.key])
    data = {"name": show.name, "campaign": campaign.name}
    record(tx, "show.campaign_added", show.key, data=data)


def list_leads(tx: Tx, show: Show, limit: int = 50, after: str | None = None) -> Page[Lead]:
    """Return a page of a show's leads, in the order they came into the database.

    Raises UsageError for a cursor or limit that makes no sense.
    """
    return page_of_people(tx, lead_roots(show.key), limit, after)


def lead_roots(show_key: int) -> sa.Select[tuple[int]]:
    """The query for the leads that speak for the people of a show."""
    return (
        sa.select(sa.func.coalesce(leads.c.root_id, leads.c.id))
        .join_from(show_runs, records, records.c.run_id == show_runs.c.run_id)
        .join(leads, leads.c.id == records.c.lead_id)
        .where(show_runs.c.show_id == show_key, _counts())
        .distinct()
    )


def _counts() -> sa.ColumnElement[bool]:
    """Whether a record says something still: undoing its run withdraws it."""
    return records.c.withdrawn_at.is_(None)


def _link(tx: Tx, table: sa.Table, show: Show, column: str, keys: Collection[int]) -> None:
    rows = [
        {"workspace_id": tx.workspace_id, "show_id": show.key, column: key} | tx.stamp()
        for key in keys
    ]
    insert_new(tx.conn, table, rows)


def _checked(values: Mapping[str, str | None]) -> dict[str, Any]:
    unknown = [name for name in values if name not in FIELDS]
    if unknown:
        raise UsageError(f"A show has no {unknown[0]!r}: choose from {', '.join(FIELDS)}.")
    row: dict[str, Any] = {"name": checked_name(values["name"] or "", "show")}
    for name in FIELDS[1:]:
        text = (values.get(name) or "").strip()
        row[name] = checked_text(text, f"The {name} of the show") or None
    for name in _DAYS:
        row[name] = _day(name, row[name])
    if row["starts_on"] and row["ends_on"] and row["ends_on"] < row["starts_on"]:
        raise UsageError("A show ends on the day it starts or later: check the days.")
    return row


def _day(name: str, text: str | None) -> str | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise UsageError(f"{name} is a day such as 2026-05-12, not {text[:40]!r}.") from error


def _check_free(tx: Tx, name: str) -> None:
    if tx.conn.execute(_select(tx).where(shows.c.name == name)).first() is not None:
        raise UsageError(f"There is a show {name!r} already: choose another name.")


def _select(tx: Tx) -> sa.Select[Any]:
    root = leads.alias("root")
    own = leads.alias("own")
    people = (
        sa.select(sa.func.count(sa.distinct(root.c.id)))
        .select_from(show_runs)
        .join(records, records.c.run_id == show_runs.c.run_id)
        .join(own, own.c.id == records.c.lead_id)
        .join(root, root.c.id == sa.func.coalesce(own.c.root_id, own.c.id))
        .where(show_runs.c.show_id == shows.c.id, root.c.deleted_at.is_(None), _counts())
        .scalar_subquery()
    )
    columns = [shows.c.id, shows.c.uuid, *(shows.c[name] for name in FIELDS)]
    return sa.select(*columns, shows.c.created_at, shows.c.updated_at, people).where(
        shows.c.workspace_id == tx.workspace_id
    )
