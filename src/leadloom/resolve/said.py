"""A stored record, and all that is worked out of it as it was when it arrived."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leadloom.errors import DatabaseError
from leadloom.leads import company as companies_fold
from leadloom.resolve.firms import firm_facts
from leadloom.resolve.keys import company_keys as keys_of_company
from leadloom.resolve.keys import lead_keys as keys_of_lead
from leadloom.resolve.keys import own_keys
from leadloom.resolve.shelf import scope_of
from leadloom.runs.source import ENRICHMENT
from leadloom.storage.packing import DAMAGED
from leadloom.storage.types import load_json


@dataclass(frozen=True)
class Said:
    """A stored record with its facts read; its keys are worked out again when asked for."""

    row: Any
    facts: dict[str, Any]
    firm: dict[str, Any]

    @cached_property
    def lead_keys(self) -> list[int]:
        """What finds its person."""
        if not self._is_person:
            return []
        return keys_of_lead(self.facts, self._scope, self.row.external_id)

    @cached_property
    def own_keys(self) -> frozenset[int]:
        """Those of them that are a person's own."""
        if not self._is_person:
            return frozenset()
        return frozenset(own_keys(self.facts, self._scope, self.row.external_id))

    @cached_property
    def company_keys(self) -> list[int]:
        """What finds its company."""
        return [] if self._is_guess else keys_of_company(self.firm)

    def moved_to(self, row: Any) -> "Said":
        """Return the same of a row that says the same, but is somebody else's by now."""
        moved = Said(row, self.facts, self.firm)
        vars(moved).update(vars(self) | {"row": row})
        return moved

    @property
    def _is_guess(self) -> bool:
        # What enrichment guessed finds nobody: a wrong guess must not weave two people together.
        return bool(self.row.kind == ENRICHMENT)

    @property
    def _is_person(self) -> bool:
        is_person = self.row.is_pinned or companies_fold.is_person(self.facts)
        return not self._is_guess and is_person

    @property
    def _scope(self) -> str:
        return scope_of(self.row.source_id, self.row.provider)


def read_record(row: Any) -> Said:
    """Read a row of `testimonies_of` as it was read when it arrived.

    Raises DatabaseError for one that was damaged since.
    """
    try:
        facts = load_json(row.facts)
    except ValueError as error:
        raise DatabaseError(DAMAGED) from error
    return Said(row, facts, firm_facts(facts))


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
            known = known.moved_to(row) if _is_same(known.row, row) else read_record(row)
        self._read[row.id] = known
        return known


def _is_same(one: Any, other: Any) -> bool:
    """Whether two rows of a record are read to the same."""
    return all(getattr(one, name) == getattr(other, name) for name in _READ)


_READ = ("facts", "kind", "is_pinned", "source_id", "provider", "external_id")
