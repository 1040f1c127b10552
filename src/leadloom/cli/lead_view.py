"""One lead or company, and everything known about it, on the screen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadloom.cli.render import counted, say, show_pairs, show_table, text_of

if TYPE_CHECKING:
    from leadloom.workspace.views import CompanyView, EventView, LeadView

_PEOPLE_SHOWN = 50
_EVENTS_SHOWN = 20


def show_lead(view: "LeadView") -> None:
    """Print a lead: who, its fields with their facts, its score, duplicates and history."""
    lead = view.lead
    parts = (lead.full_name or lead.email, lead.title, lead.company)
    say(" · ".join(part for part in parts if part), style="bold")
    show_pairs(
        [
            ("id", lead.id),
            ("deleted", lead.deleted_at),
            ("status", f"{lead.status}, {lead.lead_status}"),
            ("groups", view.groups),
            ("do not contact", "yes" if lead.do_not_contact else None),
        ]
    )
    say()
    _show_fields(view)
    _show_score(view)
    _show_absorbed(view, ("full_name", "company", "email", "id"))
    _show_latest(view.history, f"leadloom history {lead.id}")


def show_company(view: "CompanyView") -> None:
    """Print a company: its fields with their facts, its people and its history."""
    firm = view.company
    say(firm.name or firm.domain or str(firm.id), style="bold")
    show_pairs([("id", firm.id), ("deleted", firm.deleted_at)])
    say()
    _show_fields(view)
    _heading(counted(len(view.leads), "person", "people"))
    people = view.leads[:_PEOPLE_SHOWN]
    if people:
        rows = [[one.full_name, one.title, one.email, one.id] for one in people]
        show_table(["full_name", "title", "email", "id"], rows)
    if len(view.leads) > len(people):
        say(f'The first {len(people)}; all: `leadloom leads -w "company_id={firm.id}"`.')
    _show_absorbed(view, ("name", "domain", "city", "id"))
    _show_latest(view.history, f"leadloom companies history {firm.id}")


def show_history(events: Sequence["EventView"]) -> None:
    """Print what happened, newest first."""
    rows = [[event.at, event.type, _told(event.data), event.actor, event.run] for event in events]
    show_table(["when", "what", "details", "by", "run id"], rows, wraps=True)


def _show_latest(events: Sequence["EventView"], all_of_them: str) -> None:
    if events:
        _heading("History")
        show_history(events[:_EVENTS_SHOWN])
    if len(events) > _EVENTS_SHOWN:
        say(f"All {len(events)}: `{all_of_them}`.", style="dim")


def _show_fields(view: "LeadView | CompanyView") -> None:
    rows: list[list[Any]] = []
    dimmed: set[int] = set()
    for field in view.fields:
        rows.append([field.field, field.value, _place(field), field.observed_at])
        for other in field.others:
            dimmed.add(len(rows))
            rows.append(["  also", other.value, _place(other), other.observed_at])
    show_table(["field", "value", "source", "when"], rows, dimmed=dimmed, wraps=True)


def _show_absorbed(view: "LeadView | CompanyView", columns: Sequence[str]) -> None:
    if view.absorbed:
        _heading(f"Woven in: {counted(len(view.absorbed), 'duplicate')}")
        rows = [[getattr(one, name) for name in columns] for one in view.absorbed]
        show_table(list(columns), rows)


def _show_score(view: "LeadView") -> None:
    _heading(f"Score {view.lead.lead_score}")
    show_pairs([(f"{points:+d}", reason) for points, reason in view.score_reasons])
    sure = view.enrichment_confidence
    found = f"; what enrichment found is {sure:.0%} sure" if sure is not None else ""
    say(f"{view.completeness:.0%} of what one wants to know is known{found}.", style="dim")


def _place(fact: Any) -> str:
    row = f", row {fact.row}" if fact.row else ""
    sure = f" ({fact.confidence:.0%} sure)" if fact.confidence < 1 else ""
    return f"{fact.source}{row}{sure}"


def _told(data: dict[str, Any] | None) -> str:
    """Return what an event says, each change of status as "status: raw → enriched"."""
    told = dict(data or {})
    changed, old, new = told.pop("changed", None), told.pop("old", {}), told.pop("new", {})
    parts = [f"changed {text_of(changed)}"] if changed else []
    parts += [f"{name}: {text_of(value)}" for name, value in told.items()]
    parts += [
        f"{name}: {text_of(old.get(name)) or 'nothing'} → {text_of(value) or 'nothing'}"
        for name, value in new.items()
    ]
    return "; ".join(parts)


def _heading(text: str) -> None:
    say(f"\n{text}", style="bold")
