"""What a person typed about a company: a record from the source that outranks all others."""

import uuid
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from leadloom.errors import UsageError
from leadloom.imports.edits import read_typed, submit
from leadloom.leads.company import PLAIN, PREFIX, Company
from leadloom.leads.fields import CUSTOM, is_custom
from leadloom.leads.fold import REMOVED
from leadloom.resolve.arrival import Outcome
from leadloom.storage.database import Tx

# What a fact about a company is called where it stands beside the facts about a person.
_FACT_NAMES = {"name": "company", "domain": "domain", "tags": PREFIX + "tags"}
# A number of people may be typed for the range, and the other way round.
_EITHER = {"employee_count": "employee_range", "employee_range": "employee_count"}


def change_company(
    tx: Tx, company: Company, values: Mapping[str, str]
) -> tuple[Outcome, uuid.UUID]:
    """Set fields of a company; an empty value empties the field, whatever other sources say.

    `tags` replaces the whole list. Raises UsageError when a field is unknown or a value cannot be
    read.
    """
    facts: dict[str, Any] = {}
    for name, value in values.items():
        _check_field(name)
        if value != "":
            facts |= _read(company, name, value)
        elif name != "tags":
            facts[_fact_name(name)] = None
    if "tags" in values:
        kept = facts.get(_fact_name("tags")) or ()
        if gone := [tag for tag in company.tags if tag not in kept]:
            facts[REMOVED] = {_fact_name("tags"): gone}
    return submit(tx, "set company", facts, values, company=company.key)


def _read(company: Company, name: str, value: str) -> dict[str, Any]:
    wanted = {_fact_name(one) for one in (name, _EITHER.get(name, name))}
    read = read_typed([(_fact_name(name), value, name)], default_country=company.country)
    facts = {fact: said for fact, said in read.items() if fact in wanted}
    if not facts:
        raise UsageError(f"{name}={value!r} does not say what is asked for: write it otherwise.")
    return facts


def _fact_name(name: str) -> str:
    return name if is_custom(name) else _FACT_NAMES.get(name, PREFIX + name)


def _check_field(name: str) -> None:
    if name in PLAIN or name == "tags" or (is_custom(name) and name != CUSTOM):
        return
    near = get_close_matches(name, [*PLAIN, "tags"], 1)
    hint = f"did you mean {near[0]!r}?" if near else "a field of your own is written custom.NAME."
    raise UsageError(f"A company has no field {name!r}: {hint}")
