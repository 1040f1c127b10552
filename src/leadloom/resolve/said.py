"""A stored record, with all that was worked out of it when it arrived."""

from dataclasses import dataclass, replace
from typing import Any

from leadloom.leads import company as companies_fold
from leadloom.resolve.firms import firm_facts
from leadloom.resolve.keys import company_keys as keys_of_company
from leadloom.resolve.keys import lead_keys as keys_of_lead
from leadloom.resolve.keys import own_keys
from leadloom.resolve.shelf import scope_of
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.types import load_json


@dataclass(frozen=True, slots=True)
class Said:
    """A stored record with its facts read and its keys worked out again."""

    row: Any
    facts: dict[str, Any]
    firm: dict[str, Any]
    lead_keys: list[int]
    company_keys: list[int]
    own_keys: frozenset[int] = frozenset()


def read_record(row: Any) -> Said:
    """Read a row of `testimonies_of` as it was read when it arrived."""
    facts = load_json(row.facts)
    firm = firm_facts(facts)
    is_person = row.is_pinned or companies_fold.is_person(facts)
    scope = scope_of(row.source_id, row.provider)
    # What enrichment guessed finds nobody: a wrong guess must not weave two people together.
    is_guess = row.kind == ENRICHMENT
    if is_guess:
        return Said(row, facts, firm, [], [])
    keys = keys_of_lead(facts, scope, row.external_id) if is_person else []
    own = own_keys(facts, scope, row.external_id) if is_person else ()
    return Said(row, facts, firm, keys, keys_of_company(firm), frozenset(own))


class Reader:
    """Reads records once each, however often they are met on the way round what hangs together."""

    def __init__(self) -> None:
        self._read: dict[int, Said] = {}

    def read(self, row: Any) -> Said:
        """Return what `read_record` gives for a row of `testimonies_of`."""
        known = self._read.get(row.id)
        if known is None:
            known = read_record(row)
        elif known.row != row:  # moved meanwhile, or said otherwise
            known = replace(known, row=row) if _is_same(known.row, row) else read_record(row)
        self._read[row.id] = known
        return known


def _is_same(one: Any, other: Any) -> bool:
    """Whether two rows of a record are read to the same."""
    return all(getattr(one, name) == getattr(other, name) for name in _READ)


_READ = ("facts", "kind", "is_pinned", "source_id", "provider", "external_id")
