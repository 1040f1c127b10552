"""What a person typed: a record like any other, from a source that outranks all others."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from leadloom.errors import UsageError
from leadloom.imports.read_row import read
from leadloom.leads import company as companies
from leadloom.leads.company import Company
from leadloom.leads.fields import CUSTOM, FIELDS, is_custom
from leadloom.leads.fold import NAME_PARTS, REMOVED
from leadloom.leads.lead import Lead
from leadloom.resolve.arrival import Arrival, Outcome
from leadloom.resolve.arrive import arrive
from leadloom.resolve.deletion import BY_HAND
from leadloom.resolve.firms import firm_facts
from leadloom.resolve.keys import company_keys, lead_keys
from leadloom.resolve.shelf import scope_of
from leadloom.runs import run as runs
from leadloom.runs.source import PERSON, find_or_add_source
from leadloom.storage.database import Tx
from leadloom.storage.types import dump_json
from leadloom.values import flag

# Lists are known by their plural outside; setting one replaces the whole list.
_PLURALS = {"emails": "email", "phones": "phone", "social_urls": "social_url"}
_WHOLE_LISTS = ("tags", "notes", "social_url")
_ATTRIBUTES = {"email": "emails", "phone": "phones", "social_url": "social_urls", "tags": "tags"}


def add(tx: Tx, values: Mapping[str, str]) -> tuple[Outcome, uuid.UUID]:
    """Add a lead from what a person typed; one who is there already is updated instead.

    Raises UsageError when a field is unknown, a value cannot be read, or nobody is identified.
    """
    facts = _read({name: value for name, value in values.items() if value != ""})
    if not companies.is_person(facts):
        raise UsageError(
            "A lead needs at least a name, an e-mail address, a phone number or a LinkedIn URL."
        )
    return submit(tx, "add", facts, values)


def change(tx: Tx, lead: Lead, values: Mapping[str, str]) -> tuple[Outcome, uuid.UUID]:
    """Set fields of a lead; an empty value empties the field, whatever other sources say.

    `email` and `phone` replace the first one; `emails`, `phones`, `tags` and `notes` the whole
    list. Raises UsageError when a field is unknown or a value cannot be read.
    """
    named = {_PLURALS.get(name, name): value for name, value in values.items()}
    facts: dict[str, Any] = {}
    removed: dict[str, list[Any]] = {}
    given = {name: value for name, value in named.items() if value != ""}
    read_facts = _read(given) if given else {}
    facts.update({name: value for name, value in read_facts.items() if name in _meant(given)})
    for name in named:
        _check_field(name)
        if name in _listed():
            whole = name in _WHOLE_LISTS or any(_PLURALS.get(v) == name for v in values)
            removed[name] = _removals(lead, name, facts.get(name) or [], whole or name not in given)
        elif name not in given:
            facts[name] = None
    _keep_name_whole(lead, facts, named)
    if gone := {name: values for name, values in removed.items() if values}:
        facts[REMOVED] = gone
    return submit(tx, "set", facts, values, lead=lead.key)


def tag(tx: Tx, lead: Lead, add: list[str], remove: list[str]) -> tuple[Outcome, uuid.UUID]:
    """Put tags on a lead and take others away."""
    facts = _tag_facts(lead, add, remove)
    return submit(tx, "tag", facts, {"add": add, "remove": remove}, lead=lead.key)


def tag_many(
    tx: Tx,
    run: runs.Run,
    rows: Sequence[Lead | Company],
    add: Sequence[str],
    remove: Sequence[str],
    done: int,
) -> dict[str, int]:
    """Tag the next rows of a run, `done` of which are; return how many came to which end."""
    source = find_or_add_source(tx, BY_HAND, PERSON)
    typed = {"add": list(add), "remove": list(remove)}
    arrivals = [
        _arrival(position, source.id, _tag_facts(row, add, remove), typed, **_pinned(row))
        for position, row in enumerate(rows, done + 1)
    ]
    outcomes = arrive(tx, run.id, {source.id: source}, arrivals)
    return dict(Counter(outcome.status for outcome in outcomes))


def _tag_facts(row: Lead | Company, add: Sequence[str], remove: Sequence[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    name = "tags" if isinstance(row, Lead) else companies.PREFIX + "tags"
    if add:
        facts[name] = _read({"tags": "; ".join(add)})["tags"]
    if remove:
        gone = {one.casefold() for one in remove}
        facts[REMOVED] = {name: [tag for tag in row.tags if tag.casefold() in gone]}
    return facts


def _pinned(row: Lead | Company) -> dict[str, int]:
    return {"lead" if isinstance(row, Lead) else "company": row.key}


def _meant(given: Mapping[str, str]) -> set[str]:
    """Return the facts meant by the fields given: a name may be written in one or in parts."""
    meant = set(given)
    if meant & {"full_name", *NAME_PARTS}:
        meant |= {"full_name", *NAME_PARTS}
    return meant


def _listed() -> set[str]:
    return {field.name for field in FIELDS.values() if field.folding == "many"}


def _check_field(name: str) -> None:
    if name in FIELDS or (is_custom(name) and name != CUSTOM):
        return
    near = get_close_matches(name, [*FIELDS, *_PLURALS], 1)
    hint = f"did you mean {near[0]!r}?" if near else "a field of your own is written custom.NAME."
    raise UsageError(f"There is no field {name!r}: {hint}")


def _read(values: Mapping[str, str]) -> dict[str, Any]:
    """Read what was typed into the fields of a lead."""
    for name in values:
        _check_field(_PLURALS.get(name, name))
    flags = {name: _flag(name, value) for name, value in values.items() if _is_flag(name)}
    values = {name: value for name, value in values.items() if name not in flags}
    typed = [(_PLURALS.get(name, name), value, name) for name, value in values.items()]
    return {**read_typed(typed), **flags}


def read_typed(
    typed: Sequence[tuple[str, str, str]], default_country: str | None = None
) -> dict[str, Any]:
    """Return the facts that typed values come to, given as (fact, value, name it was typed by).

    Raises UsageError when a value cannot be read.
    """
    reading = read(typed, default_country=default_country)
    if reading.problems:
        problem = reading.problems[0]
        raise UsageError(f"{problem.column}={problem.value!r}: {problem.reason}.")
    return dict(reading.facts)


def _is_flag(name: str) -> bool:
    return name in FIELDS and FIELDS[name].type == "flag"


def _flag(name: str, text: str) -> bool:
    """A person may say no where a file may not: only people take an opt-out back."""
    said = flag.clean(text)
    if said.problem or said.value is None:
        raise UsageError(f"{name}={text!r}: write yes or no.")
    return bool(said.value)


def _removals(lead: Lead, name: str, new: list[Any], whole: bool) -> list[Any]:
    if name == "notes":
        current: list[Any] = lead.notes.split("\n\n") if lead.notes else []
    else:
        current = list(getattr(lead, _ATTRIBUTES.get(name, name), None) or [])
    gone = current if whole else current[:1]
    return [value for value in gone if value not in new]


def _keep_name_whole(lead: Lead, facts: dict[str, Any], named: Mapping[str, str]) -> None:
    """A name is kept as a whole: a part that was set is joined by the parts that were not."""
    if "full_name" in named or not any(part in named for part in NAME_PARTS):
        return
    parts = {part: getattr(lead, part) for part in NAME_PARTS if getattr(lead, part)}
    parts |= {part: facts.get(part) for part in NAME_PARTS if part in named}
    kept = {part: value for part, value in parts.items() if value}
    whole = read([(part, value, part) for part, value in kept.items()]).facts
    facts.update(kept)
    facts["full_name"] = whole.get("full_name")


def submit(
    tx: Tx,
    kind: str,
    facts: dict[str, Any],
    typed: Mapping[str, Any],
    *,
    lead: int | None = None,
    company: int | None = None,
) -> tuple[Outcome, uuid.UUID]:
    """Bring in what a person typed, about the lead or company named by its inner key.

    Return what became of it, and the run's id.
    """
    source = find_or_add_source(tx, BY_HAND, PERSON)
    run_id, run = runs.begin(tx, "edit", options={"verb": kind})
    arrival = _arrival(1, source.id, facts, typed, lead=lead, company=company)
    outcome = arrive(tx, run_id, {source.id: source}, [arrival])[0]
    runs.end(tx, run_id, "completed", counts={outcome.status: 1}, processed=1, total=1)
    return outcome, run


def _arrival(
    position: int,
    source_id: int,
    facts: dict[str, Any],
    typed: Mapping[str, Any],
    *,
    lead: int | None = None,
    company: int | None = None,
) -> Arrival:
    firm = firm_facts(facts)
    return Arrival(
        position,
        source_id,
        None,
        None,
        None,
        dump_json(typed),
        dump_json(facts),
        None,
        lead_keys(facts, scope_of(source_id, None), None),
        firm,
        company_keys(firm),
        pinned=lead,
        pinned_company=company,
    )
