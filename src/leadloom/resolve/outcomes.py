"""What became of each record of a batch, as if each had come alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from leadloom.resolve.arrival import Placed
from leadloom.resolve.desk import CompanyState, LeadState
from leadloom.resolve.shelf import differences, lead_columns

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
