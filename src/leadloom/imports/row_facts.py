"""What a row says, while it is read: its facts so far, and the problems met."""

from dataclasses import dataclass
from typing import Any

from leadloom.leads.fields import CUSTOM, FIELDS
from leadloom.values import Cleaned, text

LONGEST_TEXT = 100_000
LONGEST_IN_PROBLEM = 500

MANY = frozenset(name for name, field in FIELDS.items() if field.folding == "many")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be read: where it stood, what was wrong, and its text (shortened)."""

    column: str
    field: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row says. `facts` is stored as it is: {field: clean value}.

    Fields that hold many values are lists without repeats. The key "~" holds what is not simply
    believed: {field: {"c": confidence from 0 to 1, "v": True when verified}}.
    """

    facts: dict[str, Any]
    problems: tuple[Problem, ...]


class RowFacts:
    """A row while it is read: facts so far, and what has to wait until all cells are seen."""

    __slots__ = (
        *("called", "facts", "firms", "firms_in_names", "names", "offers", "phones", "places"),
        *("problems", "statuses", "sure", "usual_country"),
    )

    def __init__(self, *, firms_in_names: bool = False, usual_country: str | None = None) -> None:
        self.firms_in_names = firms_in_names
        self.usual_country = usual_country
        self.facts: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.sure: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self.firms: list[tuple[str, str, str]] = []  # companies found where names are: and where
        self.called: dict[str, str] = {}  # what stands beside an address, if there is no name
        self.phones: list[tuple[str, str, str]] = []
        self.places: list[tuple[str, str]] = []
        self.statuses: dict[str, str] = {}
        self.offers: list[tuple[str, Any, str]] = []

    def put(self, field: str, value: Any, column: str) -> None:
        """Set a fact; a second, different one is kept under its column's name."""
        if field in MANY:
            self.add(field, value)
        elif self.facts.setdefault(field, value) != value:
            self.keep(f"{CUSTOM}{column or field}", value)

    def add(self, field: str, value: Any) -> None:
        values = self.facts.setdefault(field, [])
        for one in value if isinstance(value, list) else [value]:
            if one not in values:
                values.append(one)

    def keep(self, field: str, value: Any) -> None:
        """Set a custom field, or append to it."""
        known = self.facts.setdefault(field, value)
        if known != value:
            self.facts[field] = f"{known}; {value}"[:LONGEST_TEXT]

    def accept(self, cleaned: Cleaned, field: str, received: str, column: str) -> Any:
        """The clean value; None when it was blank, or bad and therefore rejected."""
        if cleaned.problem is None:
            return cleaned.value
        self.reject(field, received, column, cleaned.problem)
        return None

    def reject(self, field: str, received: str, column: str, reason: str) -> None:
        """Note a problem and keep the text as received."""
        self.problems.append(Problem(column, field, reason, received[:LONGEST_IN_PROBLEM]))
        kept = text.tidy_lines(received[:LONGEST_TEXT])
        if kept:
            self.keep(f"{CUSTOM}{field}_as_received", kept)
