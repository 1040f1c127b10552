"""Making anew what the facts say: leads and companies that are not their fold, and their keys."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from leadloom.errors import LeadloomError
from leadloom.events.event import record_many
from leadloom.resolve.entity import COMPANY, LEAD, Entity
from leadloom.resolve.firm_shelf import all_testimonies, refold_companies
from leadloom.resolve.merge import refold
from leadloom.resolve.received import altered
from leadloom.resolve.rekeying import give_company_keys, give_lead_keys
from leadloom.resolve.shelf import load_leads
from leadloom.resolve.verify import EVENT, KEYS, Finding, verify_companies, verify_leads
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks
from leadloom.workspace.session import Session
from leadloom.workspace.views import Difference, Repaired, VerifyReport

KIND = "repair"
"""What the run in which something is mended is called in the list of runs."""

RECORD = "record"
"""The kind of a difference that is a record's: `id` is its run's, `field` where it is in there."""

# Leads and companies mended in one transaction; others write in between.
_BATCH = 500

Fix = Callable[[Tx, list[int], int], dict[str, int]]


def _of_either() -> dict[str, set[int]]:
    return {LEAD.noun: set(), COMPANY.noun: set()}


@dataclass(slots=True)
class Amiss:
    """Who is to be mended, by inner key: folded, given keys, and made known by an event.

    `hollow` are folded whatever is left of their facts: rows made up for those that are lost.
    """

    folded: dict[str, set[int]] = field(default_factory=_of_either)
    keyless: dict[str, set[int]] = field(default_factory=_of_either)
    unheard: dict[str, set[int]] = field(default_factory=_of_either)
    hollow: dict[str, set[int]] = field(default_factory=_of_either)

    def count(self) -> int:
        """Return how much there is to do."""
        parts = (self.folded, self.keyless, self.unheard, self.hollow)
        return sum(len(keys) for part in parts for keys in part.values())


def verify(
    session: Session, on_progress: Callable[[int], None], *, is_mended: bool
) -> VerifyReport:
    """Fold everything afresh, say where that differs from what is stored, and mend it if wanted.

    By records that are not what was received nothing is mended, and by unreadable ones not folded.
    """
    if is_mended and not session.is_rehearsal:
        session.acting.must_be("member")
    with session.read() as tx:
        spoilt = list(altered(tx.conn, tx.workspace_id))
        is_legible = not any(one.is_unreadable for one in spoilt)
        found, amiss = look(tx, on_progress) if is_legible else ([], Amiss())
        people, firms = (_count(tx, one.table) for one in (LEAD, COMPANY))
    told = [Difference(RECORD, one.run, one.place, one.problem, None) for one in spoilt]
    told += [Difference(one.kind, one.id, one.field, one.stored, one.folded) for one in found]
    is_mended = is_mended and not spoilt
    return VerifyReport(people, firms, told, mend(session, amiss) if is_mended else None)


def _count(tx: Tx, table: sa.Table) -> int:
    """Return how many stand for themselves."""
    here = table.c.workspace_id == tx.workspace_id, table.c.root_id.is_(None)
    return tx.conn.scalar(sa.select(sa.func.count()).where(*here)) or 0


def look(tx: Tx, on_progress: Callable[[int], None]) -> tuple[list[Finding], Amiss]:
    """Fold everything afresh; return what differs, and who is to be mended for it."""
    found = [*verify_leads(tx, on_progress), *verify_companies(tx)]
    return found, _who(tx, found)


def mend(session: Session, amiss: Amiss, kind: str = KIND) -> Repaired | None:
    """Mend in batches, in a run of its own; None where nothing was amiss.

    Killed on its way, what it did stands; who looks again finds only the rest.
    """
    if not amiss.count():
        return None
    with session.upkeep() as tx:
        run = runs.start(tx, kind, options={})
        runs.advance(tx, run.id, {}, 0, total=amiss.count())
    try:
        counts = _work_off(session, amiss, run.id)
    except LeadloomError as error:
        with session.upkeep() as tx:
            runs.end(tx, run.id, "failed", error=str(error))
        raise
    with session.upkeep() as tx:
        runs.end(tx, run.id, "completed")
    return Repaired(run.uuid, counts)


def _work_off(session: Session, amiss: Amiss, run_id: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    done = 0
    for fix, keys in _steps(amiss):
        for some in chunks(sorted(keys), _BATCH):
            with session.upkeep() as tx:
                counts.update(fix(tx, list(some), run_id))
                done += len(some)
                runs.advance(tx, run_id, dict(+counts), done)
    return dict(+counts)


def _who(tx: Tx, found: Iterable[Finding]) -> Amiss:
    amiss = Amiss()
    parts = {KEYS: amiss.keyless, EVENT: amiss.unheard}
    uuids: dict[tuple[str, str | None], set[Any]] = {}
    for one in found:
        what = one.field if one.field in parts else None
        uuids.setdefault((one.kind, what), set()).add(one.id)
    for (kind, what), some in uuids.items():
        entity = COMPANY if kind == COMPANY.noun else LEAD
        parts.get(what or "", amiss.folded)[kind] |= keys_of(tx, entity, some)
    return amiss


def keys_of(tx: Tx, entity: Entity, uuids: Collection[Any]) -> set[int]:
    """Return the inner keys of leads or companies by their public ids."""
    own, found = entity.table.c, set[int]()
    for some in chunks(list(uuids)):
        found.update(tx.conn.scalars(sa.select(own.id).where(own.uuid.in_(some))))
    return found


def _steps(amiss: Amiss) -> list[tuple[Fix, set[int]]]:
    """Companies first: a lead names the one that its records were given to."""
    return [
        (_fold_companies, amiss.folded["company"]),
        (_fill_leads, amiss.hollow["lead"]),
        (_fold_leads, amiss.folded["lead"] - amiss.hollow["lead"]),
        (_give(give_company_keys, "companies"), amiss.keyless["company"]),
        (_give(give_lead_keys, "leads"), amiss.keyless["lead"]),
        (_tell(COMPANY), amiss.unheard["company"]),
        (_tell(LEAD), amiss.unheard["lead"]),
    ]


def _fold_leads(tx: Tx, keys: list[int], run_id: int) -> dict[str, int]:
    """Fold leads afresh, but for those of whom no fact is left: nothing would remain of them."""
    told = [key for key, one in load_leads(tx, keys, with_rows=False).items() if one.testimonies]
    refold(tx, told, run_id)
    return {"leads_folded": len(told), "leads_without_facts": len(keys) - len(told)}


def _fill_leads(tx: Tx, keys: list[int], run_id: int) -> dict[str, int]:
    refold(tx, keys, run_id)
    return {"leads_folded": len(keys)}


def _fold_companies(tx: Tx, keys: list[int], run_id: int) -> dict[str, int]:
    told = [key for key, said in all_testimonies(tx, keys).items() if said]
    refold_companies(tx, told, run_id)
    return {"companies_folded": len(told), "companies_without_facts": len(keys) - len(told)}


def _give(give: Callable[[Tx, list[int]], None], what: str) -> Fix:
    def fix(tx: Tx, keys: list[int], run_id: int) -> dict[str, int]:
        give(tx, keys)
        return {f"{what}_given_keys": len(keys)}

    return fix


def _tell(entity: Entity) -> Fix:
    """Write the event that is lacking: whoever follows them, as every search does, takes it in."""
    what = "leads" if entity is LEAD else "companies"

    def fix(tx: Tx, keys: list[int], run_id: int) -> dict[str, int]:
        heard = sa.select(entity.table.c.id).where(among(tx.conn, entity.table.c.id, keys))
        there = sorted(tx.conn.scalars(heard))
        record_many(tx, [(f"{entity.noun}.created", key, None) for key in there], run_id=run_id)
        return {f"{what}_told": len(there)}

    return fix
