"""Changes of stored data that follow a change of the schema: in batches, and resumable.

The schema changes at once and what is stored catches up: each batch is a transaction of its own
that also writes how far it came, so others work on in between, and a process that is killed has
lost one batch at most. Until a backfill is done the code reads rows of both shapes.

To register one, write a step and add a `Backfill` to `BACKFILLS`. It names its step, since those
who know what a record means stand above storage:

    def step(conn, after, limit):
        "Change the `limit` rows after key `after`; return the last key, or None when none is left."
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pkgutil import resolve_name

import sqlalchemy as sa

from leadloom.storage.database import Database
from leadloom.storage.tables import backfills
from leadloom.storage.upgrades.online import insisting

Step = Callable[[sa.Connection, int, int], int | None]
Progress = Callable[[str, int], None]

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Backfill:
    """One change of stored data, needed from a revision on; its name is kept for good."""

    name: str
    since: str
    step: str
    about: str


BACKFILLS: tuple[Backfill, ...] = (
    Backfill(
        "events_name_fields",
        "0003",
        "leadloom.storage.upgrades.event_shapes:name_changed_fields",
        "events name the fields that changed; the values are in the facts",
    ),
    Backfill(
        "records_packed",
        "0003",
        "leadloom.storage.upgrades.record_shapes:pack_records",
        "records take half of their room",
    ),
    Backfill(
        "leads_found_by_kin",
        "0006",
        "leadloom.resolve.rekeying:rekey_leads",
        "leads are found by familiar forms of their names",
    ),
    Backfill(
        "leads_found_by_likeness",
        "0009",
        "leadloom.resolve.rekeying:renew_keys",
        "leads are found by all that may be like them",
    ),
    Backfill(
        "leads_found_by_less",
        "0013",
        "leadloom.resolve.rekeying:renew_keys",
        "leads are looked for among fewer others",
    ),
    Backfill(
        "leads_found_by_all_keys",
        "0013",
        "leadloom.resolve.rekeying:rekey_leads",
        "leads get the keys that are crowded no longer",
    ),
    Backfill(
        "leads_found_by_rare_names",
        "0016",
        "leadloom.resolve.rekeying:renew_keys",
        "leads are looked for among fewer namesakes of a city",
    ),
    Backfill(
        "companies_found_in_a_city",
        "0018",
        "leadloom.resolve.rekeying:rekey_companies",
        "companies are found by their name in a city",
    ),
    Backfill(
        "leads_found_by_more_short_names",
        "0019",
        "leadloom.resolve.rekeying:rekey_leads",
        "leads are found by more short forms of their names",
    ),
)


def enlist(conn: sa.Connection, revision: str | None, now: object, *, is_new: bool) -> None:
    """Note what has to follow, in the transaction that brought the schema to `revision`.

    A new database has nothing to catch up with. What a later revision needs is forgotten, so that
    it is done again when the schema comes back to it.
    """
    if not sa.inspect(conn).has_table(backfills.name):
        return
    for one in BACKFILLS:
        itself = backfills.c.name == one.name
        if revision is None or one.since > revision:
            conn.execute(backfills.delete().where(itself))
        elif conn.scalar(sa.select(sa.func.count()).where(itself)) == 0:
            row = {"name": one.name, "reached": 0, "started_at": now}
            conn.execute(backfills.insert().values(finished_at=now if is_new else None, **row))


def pending(conn: sa.Connection) -> list[str]:
    """Return the names of what is not done yet."""
    query = sa.select(backfills.c.name).where(backfills.c.finished_at.is_(None))
    return list(conn.scalars(query))


def run(db: Database, on_progress: Progress = lambda name, rows: None, batch: int = BATCH) -> int:
    """Do what is pending, or go on with it; return how many batches that took.

    Several processes at once share the work: each batch begins where the last one ended.
    """
    count = 0
    with db.read() as conn:
        waiting = set(pending(conn))
    for one in BACKFILLS:
        while one.name in waiting and insisting(partial(_advance, db, one, batch)):
            count += 1
            on_progress(one.about, count * batch)
    return count


def _advance(db: Database, one: Backfill, batch: int) -> bool:
    """Do the next batch; return whether there may be more."""
    itself = backfills.c.name == one.name
    with db.write() as conn:
        query = sa.select(backfills.c.reached).where(itself, backfills.c.finished_at.is_(None))
        after = conn.scalar(query)
        if after is None:
            return False
        step: Step = resolve_name(one.step)
        last = step(conn, after, batch)
        done = {"finished_at": db.now()} if last is None else {"reached": last}
        conn.execute(backfills.update().where(itself).values(done))
    return last is not None


def following(revisions: Sequence[str]) -> list[Backfill]:
    """Return what follows the upgrade to each of these revisions."""
    return [one for one in BACKFILLS if one.since in revisions]
