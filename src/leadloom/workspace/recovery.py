"""After a damaged file was saved: what can be had from the facts is made from them again."""

import contextlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa

from leadloom.accounts.acting import FIRST
from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.merge import refold
from leadloom.resolve.rekeying import rekey_companies, rekey_leads
from leadloom.resolve.verify import Finding, verify_companies, verify_leads
from leadloom.runs import run
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import among, chunks
from leadloom.storage.health.recover import RecoverReport
from leadloom.storage.tables import companies, leads, workspaces
from leadloom.workspace.session import Session

# What the run in which leads are folded again is called in the list of runs.
KIND = "recover"
_KEY = "key"  # what a finding about a key calls its field
_PAGE = 1_000


def fold_again(
    report: RecoverReport, on_progress: Callable[[int], None] = lambda done: None
) -> int:
    """Fold the leads and companies that are not what their records say: lost, garbled or spoilt.

    A flipped bit in a text shows in nothing else. Keys that are lost or spoilt are written again.
    Returns how many leads and companies came back. `on_progress` gets how many leads it looked at.
    """
    lost = {one.name: one.made_up + one.garbled for one in report.tables}
    database = Database(f"sqlite:///{report.target.absolute()}")
    with contextlib.closing(database):
        with database.read() as conn:
            homes = conn.scalars(sa.select(workspaces.c.id)).all()
        found = [_mend(database, home, lost, on_progress) for home in homes]
        for table, rekey in ((leads, rekey_leads), (companies, rekey_companies)):
            if any(table in keyless for _, keyless in found):
                _rekey(database, rekey)
    return sum(count for count, _ in found)


def _mend(
    database: Database, home: int, lost: dict[str, list[int]], on_progress: Callable[[int], None]
) -> tuple[int, set[sa.Table]]:
    """Fold what has to be in one workspace; return how many those were, and which lack keys."""
    with Session(database, acting=replace(FIRST, workspace_id=home)).upkeep() as tx:
        people, lack_keys = _differing(verify_leads(tx, on_progress))
        firms, firms_lack_keys = _differing(verify_companies(tx))
        of_leads = _ids(tx, leads, people) | _here(tx, leads, lost.get("leads", ()))
        of_firms = _ids(tx, companies, firms) | _here(tx, companies, lost.get("companies", ()))
        if of_leads or of_firms:
            counts = {"leads": len(of_leads), "companies": len(of_firms)}
            work = run.start(tx, KIND, options=counts)
            for some in chunks(sorted(of_firms)):
                refold_companies(tx, some, work.id)
            for some in chunks(sorted(of_leads)):
                refold(tx, list(some), work.id)
            run.finish(tx, work.id, "completed")
    keyless = {leads: lack_keys, companies: firms_lack_keys}
    return len(of_leads) + len(of_firms), {table for table, lacks in keyless.items() if lacks}


def _differing(findings: Iterable[Finding]) -> tuple[set[object], bool]:
    """Return who is not what the records say, by public id, and whether any key is missing."""
    found: set[object] = set()
    lack_keys = False
    for one in findings:
        if one.field == _KEY:
            lack_keys = True
        else:
            found.add(one.id)
    return found, lack_keys


def _ids(tx: Tx, table: sa.Table, uuids: Collection[object]) -> set[int]:
    found: set[int] = set()
    for some in chunks(list(uuids)):
        found.update(tx.conn.scalars(sa.select(table.c.id).where(table.c.uuid.in_(some))))
    return found


def _here(tx: Tx, table: sa.Table, ids: Collection[int]) -> set[int]:
    """Return those of some that are of this workspace."""
    found: set[int] = set()
    for some in chunks(list(ids)):
        mine = table.c.workspace_id == tx.workspace_id, among(tx.conn, table.c.id, some)
        found.update(tx.conn.scalars(sa.select(table.c.id).where(*mine)))
    return found


def _rekey(database: Database, page: Callable[[sa.Connection, int, int], int | None]) -> None:
    reached: int | None = 0
    while reached is not None:
        with database.write() as conn:
            reached = page(conn, reached, _PAGE)
