"""After a damaged file was saved: what can be had from the facts is folded from them again."""

import contextlib

from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.merge import refold
from leadloom.runs import run
from leadloom.storage.database import Database
from leadloom.storage.dialect import chunks
from leadloom.storage.health.recover import RecoverReport
from leadloom.workspace.session import Session

# What the run in which leads are folded again is called in the list of runs.
KIND = "recover"


def fold_again(report: RecoverReport) -> int:
    """Fold the leads and companies whose rows were lost or garbled from what their records say.

    Returns how many came back.
    """
    lost = {one.name: one.made_up + one.garbled for one in report.tables}
    leads, companies = lost.get("leads", []), lost.get("companies", [])
    if not (leads or companies):
        return 0
    database = Database(f"sqlite:///{report.target.absolute()}")
    with contextlib.closing(database), Session(database).upkeep() as tx:
        work = run.start(tx, KIND, options={"leads": len(leads), "companies": len(companies)})
        for some in chunks(companies):
            refold_companies(tx, some, work.id)
        for some in chunks(leads):
            refold(tx, list(some), work.id)
        run.finish(tx, work.id, "completed")
    return len(leads) + len(companies)
