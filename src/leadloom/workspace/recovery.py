"""After a damaged file was saved: what can be had from the facts is made from them again."""

import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import sqlalchemy as sa

from leadloom.accounts.acting import FIRST
from leadloom.resolve.entity import COMPANY, LEAD
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.health.recover import RecoverReport, Saved
from leadloom.storage.tables import records, workspaces
from leadloom.workspace.repair import look, mend
from leadloom.workspace.session import Session

# What the run in which leads are folded again is called in the list of runs.
KIND = "recover"


def fold_again(
    report: RecoverReport, on_progress: Callable[[int], None] = lambda done: None
) -> int:
    """Fold the leads and companies that are not what their records say: lost, garbled or spoilt.

    A flipped bit in a text shows in nothing else. Keys that are lost or spoilt are written again.
    Returns how many leads and companies came back. `on_progress` gets how many leads it looked at.
    """
    tables = {one.name: one for one in report.tables}
    database = Database(f"sqlite:///{report.target.absolute()}")
    with contextlib.closing(database):
        with database.write() as conn:
            _forget_what_is_lost(conn)
            homes = conn.scalars(sa.select(workspaces.c.id)).all()
        return sum(_mend(database, home, tables, on_progress) for home in homes)


def _forget_what_is_lost(conn: sa.Connection) -> None:
    """Let what a record said that is lost be news when its file is imported again."""
    is_lost = records.c.facts.is_(None) | records.c.original.is_(None)
    lost = records.update().where(records.c.digest.is_not(None), is_lost)
    conn.execute(lost.values(digest=None))


def _mend(
    database: Database, home: int, saved: Mapping[str, Saved], on_progress: Callable[[int], None]
) -> int:
    """Mend what has to be in one workspace; return how many were folded again."""
    session = Session(database, acting=replace(FIRST, workspace_id=home))
    with session.read() as tx:
        _, amiss = look(tx, on_progress)
        for entity in (LEAD, COMPANY):
            if (one := saved.get(entity.table.name)) is not None:
                amiss.folded[entity.noun] |= _here(tx, entity.table, one.made_up + one.garbled)
        if "leads" in saved:
            amiss.hollow["lead"] = _here(tx, LEAD.table, saved["leads"].made_up)
    repaired = mend(session, amiss, KIND)
    counts = repaired.counts if repaired else {}
    return counts.get("leads_folded", 0) + counts.get("companies_folded", 0)


def _here(tx: Tx, table: sa.Table, ids: Collection[int]) -> set[int]:
    """Return those of some that are of this workspace."""
    found: set[int] = set()
    for some in chunks(list(ids)):
        mine = table.c.workspace_id == tx.workspace_id, among(tx.conn, table.c.id, some)
        found.update(tx.conn.scalars(sa.select(table.c.id).where(*mine)))
    return found
