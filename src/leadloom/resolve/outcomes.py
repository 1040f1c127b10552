"""What became of each record of a batch, as if each had come alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from leadloom.resolve.arrival import Outcome, Placed
from leadloom.resolve.desk import CompanyState, LeadState
from leadloom.resolve.shelf import differences, lead_columns
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_rows
from leadloom.storage.tables import records

# Records of one lead in one batch that are folded one after the other to tell what each changed.
_TOLD_APART = 30


def settle(
    batch: Sequence[Placed],
    changed: Mapping[int, list[str]],
    firms: Mapping[int, list[str]],
    updated: str,
) -> None:
    """Say what became of each record, now that everything is folded."""
    by_lead = _changes_by_record(batch, changed)
    seen: set[CompanyState] = set()
    for placed in batch:
        if placed.status:
            continue
        company, is_first = placed.company, False
        firm_news: list[str] = []
        if company is not None:
            is_first = not company.is_stored and company not in seen
            if placed.record_id in company.news and not is_first:
                firm_news = firms.get(company.id or 0, []) if company.is_stored else ["data"]
            seen.add(company)
        news = by_lead.get(placed.record_id, [])
        if placed.is_new or (placed.lead is None and is_first):
            placed.status = "created"
        elif news or firm_news:
            placed.status = updated
            named = ", ".join(news + [f"company {name}" for name in firm_news])
            placed.reason = _join(placed.reason, f"changed {named}")
        else:
            placed.status = "unchanged"
            placed.reason = _join(placed.reason, "says nothing new")


def _changes_by_record(
    batch: Sequence[Placed], changed: Mapping[int, list[str]]
) -> dict[int, list[str]]:
    """Return which fields of its lead each record changed, as if each had come alone."""
    by_lead: dict[LeadState, list[Placed]] = defaultdict(list)
    for placed in batch:
        if placed.lead is not None and not placed.status:
            by_lead[placed.lead.root].append(placed)
    found: dict[int, list[str]] = {}
    for lead, placed_here in by_lead.items():
        if len(placed_here) == 1:
            found[placed_here[0].record_id] = changed.get(lead.id or 0, [])
        else:
            found |= _one_by_one(lead, [placed.record_id for placed in placed_here])
    return found


def _one_by_one(lead: LeadState, record_ids: Sequence[int]) -> dict[int, list[str]]:
    """Fold a lead record by record, to see what each of several in a batch changed.

    Beyond a few dozen they share the last one's outcome: nobody tells so many apart.
    """
    said = sorted(lead.testimonies, key=lambda testimony: testimony.record_id)
    first = next(n for n, t in enumerate(said) if t.record_id >= record_ids[0])
    before = lead_columns(said[:first])
    found: dict[int, list[str]] = {}
    names: list[str] = []
    for place in range(first, len(said)):
        if place - first < _TOLD_APART or place == len(said) - 1:
            after = lead_columns(said[: place + 1])
            names, before = list(differences(before, after)), after
        found[said[place].record_id] = names
    return found


def _join(*parts: str | None) -> str | None:
    return "; ".join(part for part in parts if part) or None


def write_records(tx: Tx, run_id: int, batch: Sequence[Placed], version: int | None) -> None:
    """Write the records of a batch: as received, what they say, and what became of them.

    `version` is the model's that placed them.
    """
    stamp = tx.stamp()
    rows = []
    free = dict.fromkeys({name for p in batch for name in p.arrival.toll or ()}) | {"attempts": 1}
    for placed in batch:
        arrival = placed.arrival
        is_light = placed.repeats is not None
        speaks = not is_light and placed.status not in ("skipped", "failed")
        rows.append(
            {
                "id": placed.record_id,
                "workspace_id": tx.workspace_id,
                "run_id": run_id,
                "source_id": arrival.source,
                "position": arrival.position,
                "file_index": arrival.file_index,
                "row_number": arrival.row_number,
                "external_id": arrival.external_id,
                "external_url": arrival.external_url,
                "observed_at": arrival.observed_at or tx.now,
                "original": None if is_light else arrival.original,
                "facts": arrival.facts if speaks else None,
                "digest": arrival.digest if speaks else None,
                "lead_id": placed.lead.id if placed.lead and not is_light else None,
                "company_id": placed.company.id if placed.company and not is_light else None,
                "same_as_id": placed.repeats.record_id if placed.repeats else None,
                "is_pinned": (arrival.pinned or arrival.pinned_company) is not None,
                "policy": arrival.policy,
                "status": placed.status,
                "reason": placed.reason,
                "problems": arrival.problems or None,
                "confidence": arrival.confidence,
                "completeness": arrival.completeness,
                "model_version": version if speaks else None,
                **stamp,
                **(free if arrival.toll is None else arrival.toll),
            }
        )
    insert_rows(tx.conn, records, rows)


def outcome_of(placed: Placed) -> Outcome:
    """Return what became of an arrival; one that only repeats another is where that went."""
    if placed.repeats and not placed.repeats.placed:
        return Outcome(placed.status, placed.reason, placed.repeats.lead, placed.repeats.company)
    if placed.repeats and placed.repeats.placed:
        first = outcome_of(placed.repeats.placed)
        return Outcome(placed.status, placed.reason, first.lead, first.company)
    lead = placed.lead.root.id if placed.lead else None
    company = placed.company.id if placed.company else None
    return Outcome(placed.status, placed.reason, lead, company)
