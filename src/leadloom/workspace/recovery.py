"""After a damaged file was saved: what can be had from the facts is made from them again."""

import contextlib
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.merge import refold
from leadloom.resolve.rekeying import rekey_companies, rekey_leads
from leadloom.runs import run
from leadloom.storage.database import Database
from leadloom.storage.dialect import chunks
from leadloom.storage.health.recover import RecoverReport
from leadloom.workspace.session import Session

# What the run in which leads are folded again is called in the list of runs.
KIND = "recover"
_KEYS = {"lead_keys": rekey_leads, "company_keys": rekey_companies}
_PAGE = 1_000


def fold_again(report: RecoverReport) -> int:
    """Fold the leads and companies whose rows were lost or garbled from what their records say.

    Where keys were lost, all are found by theirs again. Returns how many came back.
    """
    lost = {one.name: one.made_up + one.garbled for one in report.tables}
    leads, companies = lost.get("leads", []), lost.get("companies", [])
    keyless = [one.name for one in report.tables if one.name in _KEYS and one.gaps]
    if not (leads or companies or keyless):
        return 0
    database = Database(f"sqlite:///{report.target.absolute()}")
    with contextlib.closing(database):
        if leads or companies:
            _fold(Session(database), leads, companies)
        for name in keyless:
            _find_keys(database, _KEYS[name])
    return len(leads) + len(companies)


def _find_keys(database: Database, rekey: Callable[[Connection, int, int], int | None]) -> None:
    reached: int | None = 0
    while reached is not None:
        with database.write() as conn:
            reached = rekey(conn, reached, _PAGE)


def _fold(session: Session, leads: Sequence[int], companies: Sequence[int]) -> None:
    with session.upkeep() as tx:
        work = run.start(tx, KIND, options={"leads": len(leads), "companies": len(companies)})
        for some in chunks(companies):
            refold_companies(tx, some, work.id)
        for some in chunks(leads):
            refold(tx, list(some), work.id)
        run.finish(tx, work.id, "completed")
