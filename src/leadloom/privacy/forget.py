"""Forgetting a person: erased from the database, and noted which copies still hold them."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from leadloom.events.event import record
from leadloom.imports.problems import problems_file, write_problems
from leadloom.leads.lead import Lead
from leadloom.privacy.erase import erase
from leadloom.privacy.traces import names_of, others_like, repetitions_of
from leadloom.resolve.family import members_of
from leadloom.runs.run import Run
from leadloom.storage.backups import backup
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import among, insert_new
from leadloom.storage.tables import (
    erasure_keys,
    erasures,
    leads,
    records,
    runs,
    suppressions,
)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting a person came to, or would.

    `is_kept_out`: whether a new import would pass them over. `backups`: files that hold them still.
    `others`: leads that stay and may be them, see `others_like`.
    """

    lead: uuid.UUID
    counts: dict[str, int]
    is_kept_out: bool
    backups: list[str]
    others: list[uuid.UUID]

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return asdict(self)


def forget(tx: Tx, db: Database, lead: Lead, *, keep_out: bool) -> tuple[Forgotten, list[Run]]:
    """Erase a person; return what that came to, and the imports whose files may name them.

    `keep_out` leaves hashes that a new import is compared with. They stay without it too when the
    person was not to be written to: forgetting must not undo that.
    """
    members = members_of(tx, lead.key)
    names = names_of(tx, members)
    others = others_like(tx, lead.key, members, names)
    holding = _backups_since(db, _first_seen(tx, members))
    concerned = imports_of(tx, members)
    keep_out = keep_out or lead.do_not_contact or _is_suppressed(tx, names.emails)
    counts = dict(erase(tx, members, names))
    erasure = _note(tx, lead, counts, holding)
    if keep_out:
        rows = [
            {"workspace_id": tx.workspace_id, "hash": key, "erasure_id": erasure}
            for key in names.keys
        ]
        insert_new(tx.conn, erasure_keys, rows)
    record(tx, "lead.forgotten", lead.key)
    is_kept_out = keep_out and bool(names.keys)
    return Forgotten(lead.id, counts, is_kept_out, holding, others), concerned


def _note(tx: Tx, lead: Lead, counts: dict[str, int], holding: list[str]) -> int:
    row = {"lead_uuid": lead.id, "counts": counts, "backups": holding}
    made = tx.conn.execute(
        erasures.insert().values(workspace_id=tx.workspace_id, **row, **tx.stamp())
    )
    assert made.inserted_primary_key is not None
    key: int = made.inserted_primary_key[0]
    return key


def clean_files(tx: Tx, db: Database, concerned: Sequence[Run]) -> None:
    """Write the problem files of imports anew, or delete them: they held rows as received."""
    for run in concerned:
        path = problems_file(run, db.folder)
        if path.exists() and write_problems(tx, run, db.folder) is None:
            path.unlink()


def _first_seen(tx: Tx, members: Collection[int]) -> dt.datetime:
    query = sa.select(sa.func.min(leads.c.created_at)).where(among(tx.conn, leads.c.id, members))
    first: dt.datetime | None = tx.conn.scalar(query)
    return first or tx.now


def _backups_since(db: Database, time: dt.datetime) -> list[str]:
    """Return the backups that were written after `time`."""
    folder: Path = backup.folder(db)
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.is_file()]
    return sorted(str(path) for path in found if path.stat().st_mtime >= time.timestamp() - 1)


def imports_of(tx: Tx, members: Collection[int]) -> list[Run]:
    """Return the imports that brought what was said of these leads."""
    of_them = among(tx.conn, records.c.lead_id, members)
    own = list(tx.conn.scalars(sa.select(records.c.id).where(of_them)))
    ids = set(tx.conn.scalars(sa.select(records.c.run_id).where(of_them).distinct()))
    again = repetitions_of(tx, own)
    query = sa.select(records.c.run_id).where(among(tx.conn, records.c.id, again))
    ids.update(tx.conn.scalars(query.distinct()))
    columns = [runs.c[name] for name in Run.__dataclass_fields__]
    wanted = sa.select(*columns).where(runs.c.kind == "import", among(tx.conn, runs.c.id, ids))
    return [Run(*row) for row in tx.conn.execute(wanted)]


def _is_suppressed(tx: Tx, addresses: Collection[str]) -> bool:
    query = sa.select(suppressions.c.id).where(
        suppressions.c.workspace_id == tx.workspace_id,
        suppressions.c.kind == "email",
        suppressions.c.value.in_(addresses),
    )
    return tx.conn.scalar(query.limit(1)) is not None
