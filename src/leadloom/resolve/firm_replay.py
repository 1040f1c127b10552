"""Deciding companies again: the records that remain are given to them as if they came anew."""

from collections.abc import Collection
from dataclasses import dataclass, field

from leadloom.resolve.closure import Closure
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.findings import write_pointers
from leadloom.resolve.firm_hearing import hear_firms
from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.hearing import voices_about
from leadloom.resolve.judgement import settled_about, take_back_joins
from leadloom.resolve.rows import make_rows, move, remove, rewrite_keys
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import leads


@dataclass(slots=True)
class FirmsDecided:
    """What deciding companies again came to: how many are gone or changed, and who moved."""

    removed: int = 0
    changed: int = 0
    leads: set[int] = field(default_factory=set)


def decide_companies(
    tx: Tx, closure: Closure, run_id: int, gone: Collection[int] = ()
) -> FirmsDecided:
    """Give the records of a closure, but those that are `gone`, to companies again.

    A company keeps its id when its first remaining record stays with it. The leads whose records
    moved are left to be folded by the caller.
    """
    said = [one for key, one in sorted(closure.records.items()) if key not in gone]
    voices, settled = voices_about(tx, closure.ids, COMPANY), settled_about(tx, closure.ids)
    heard = hear_firms(said, closure.ids, voices, settled)
    take_back_joins(tx, heard.fallen, COMPANY)
    made = [state for state in heard.used if state.id is None]
    make_rows(tx, made, run_id, COMPANY)
    held = [(state.new_keys, state.id) for state in heard.used]
    rewrite_keys(tx, closure, lambda one: one.company_keys, held, COMPANY)
    moved = {one.row.id: home.id for one, home in heard.homes if home.id != one.row.company_id}
    move(tx, moved, COMPANY)
    emptied = [key for key, state in heard.atoms.items() if state not in heard.used]
    for some in chunks(emptied):
        tx.conn.execute(leads.update().where(leads.c.company_id.in_(some)).values(company_id=None))
    write_pointers(tx, heard.atoms, heard.used, run_id, COMPANY)
    remove(tx, emptied, run_id, COMPANY)
    left = [state.id for state in heard.used if state.id is not None]
    changed = refold_companies(tx, left, run_id)
    people = {one.row.lead_id for one, _ in heard.homes if one.row.id in moved}
    return FirmsDecided(len(emptied), len(changed), people - {None})
