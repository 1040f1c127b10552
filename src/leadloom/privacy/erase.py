"""Erasing leads with everything that was ever held about them; companies keep what is theirs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from leadloom.leads.company import PREFIX
from leadloom.leads.fold import REMOVED, SURENESS
from leadloom.privacy.traces import (
    Names,
    loose_records,
    naming,
    repetitions_of,
    tables_naming_leads,
)
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.family import roots_of
from leadloom.resolve.firm_shelf import all_testimonies, fold_company
from leadloom.storage import vectors
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among, chunks, update_rows
from leadloom.storage.tables import (
    companies,
    email_participants,
    emails,
    events,
    judgements,
    lead_keys,
    leads,
    lookups,
    messages,
    records,
    suppressions,
)
from leadloom.storage.types import dump_json, load_json

REASON = "erased"
# What a person's record says of their company in plain words.
_OF_COMPANIES = ("company", "domain", "industry")
# Companies folded at a time: a large one may have thousands of records.
_AT_ONCE = 500
_EMPTIED = (
    "external_id",
    "external_url",
    "original",
    "digest",
    "lead_id",
    "same_as_id",
    "problems",
)


def erase(tx: Tx, members: Collection[int], names: Names | None = None) -> Counter[str]:
    """Erase the leads `members`; return how many rows of each kind that took.

    `names` also finds them where no key leads: records of nobody, mails, suppressions and the
    data of other events. What their records say of companies is kept, and nothing else of them.
    """
    ids = sorted(members)
    counts: Counter[str] = Counter()
    own = list(
        tx.conn.scalars(sa.select(records.c.id).where(among(tx.conn, records.c.lead_id, ids)))
    )
    firms = _strip(tx, own)
    repeated = repetitions_of(tx, own)
    loose = loose_records(tx, names.texts) if names else []
    firms |= _strip(tx, [*repeated, *loose])
    counts["records"] = len({*own, *repeated, *loose})
    _refold(tx, firms)
    counts["events"] = _silence(tx, ids, names)
    counts["mails"] = _erase_mails(tx, ids, names.emails if names else ())
    if names:
        mine = sa.and_(suppressions.c.kind == "email", suppressions.c.value.in_(names.emails))
        here = suppressions.c.workspace_id == tx.workspace_id
        counts["suppressions"] = _delete(tx, suppressions, sa.and_(here, mine))
        told = naming(tx, lookups, lookups.c.answers, names.texts)
        counts[lookups.name] = _delete(tx, lookups, told)
    counts["judgements"] = _delete(
        tx,
        judgements,
        judgements.c.entity == "lead",
        sa.or_(among(tx.conn, judgements.c.low_id, ids), among(tx.conn, judgements.c.high_id, ids)),
    )
    counts["vectors"] = vectors.delete(tx, "lead", ids)
    for table in tables_naming_leads():
        counts[table.name] += _delete(tx, table, among(tx.conn, table.c.lead_id, ids))
    _delete(tx, lead_keys, among(tx.conn, lead_keys.c.lead_id, ids))
    counts["leads"] = _delete(tx, leads, among(tx.conn, leads.c.id, ids))
    return +counts


def company_part(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a record's facts what they say of a company."""
    kept = {name: value for name, value in facts.items() if _is_of_company(name)}
    for note in (SURENESS, REMOVED):
        if about := {k: v for k, v in (facts.get(note) or {}).items() if _is_of_company(k)}:
            kept[note] = about
    return kept if any(name not in (SURENESS, REMOVED) for name in kept) else {}


def _is_of_company(name: str) -> bool:
    return name.startswith(PREFIX) or name in _OF_COMPANIES


def _strip(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Leave of these records only what they say of companies; return which companies those are."""
    firms: set[int] = set()
    for some in chunks(sorted(set(ids)), 1_000):
        query = sa.select(records.c.id, records.c.facts, records.c.company_id)
        changes = []
        for row in tx.conn.execute(query.where(among(tx.conn, records.c.id, some))).all():
            kept = company_part(load_json(row.facts)) if row.facts and row.company_id else {}
            changes.append({"key": row.id, "kept": dump_json(kept) if kept else None})
            if row.company_id is not None:
                firms.add(row.company_id)
        if changes:
            blank = dict.fromkeys(_EMPTIED)
            tx.conn.execute(
                records.update()
                .where(records.c.id == sa.bindparam("key"))
                .values(
                    **blank,
                    facts=sa.bindparam("kept", type_=records.c.facts.type),
                    is_pinned=False,
                    reason=REASON,
                    **tx.touch(),
                ),
                changes,
            )
    return firms


def _refold(tx: Tx, firms: Iterable[int]) -> None:
    """Fold companies again from what their records still say; it comes to the same values."""
    for some in chunks(sorted(roots_of(tx, set(firms), COMPANY)), _AT_ONCE):
        told = all_testimonies(tx, some)
        folded = [{"key": key, **fold_company(said)} for key, said in told.items() if said]
        update_rows(tx.conn, companies, folded)


def _silence(tx: Tx, ids: list[int], names: Names | None) -> int:
    """Take the data out of all events about these leads and their messages."""
    theirs = sa.select(messages.c.id).where(among(tx.conn, messages.c.lead_id, ids))
    about = [
        sa.and_(events.c.entity == "lead", among(tx.conn, events.c.entity_id, ids)),
        sa.and_(events.c.entity == "message", events.c.entity_id.in_(theirs)),
    ]
    if names:
        about.append(naming(tx, events, events.c.data, names.texts))
    count = 0
    for one in about:
        silent = events.update().where(events.c.workspace_id == tx.workspace_id, one)
        silent = silent.where(events.c.data.is_not(None)).values(data=sa.null())
        count += tx.conn.execute(silent).rowcount
    return count


def _erase_mails(tx: Tx, ids: list[int], addresses: Collection[str]) -> int:
    """Erase the mails in which these leads took part."""
    took_part = sa.or_(
        among(tx.conn, email_participants.c.lead_id, ids),
        sa.and_(
            email_participants.c.workspace_id == tx.workspace_id,
            email_participants.c.email.in_(addresses),
        ),
    )
    mails = list(
        tx.conn.scalars(sa.select(email_participants.c.email_id).where(took_part).distinct())
    )
    count = 0
    for some in chunks(mails):
        count += _delete(tx, emails, among(tx.conn, emails.c.id, some))
        _delete(tx, email_participants, among(tx.conn, email_participants.c.email_id, some))
    return count


def _delete(tx: Tx, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return tx.conn.execute(table.delete().where(*where)).rowcount
