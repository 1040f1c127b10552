"""The contract of a provider: what it is asked, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a lead, without what enrichment found before; and of its company.

    `colleagues` are (first name, last name, address) of others at the same domain.
    """

    values: Mapping[str, Any]
    company: Mapping[str, Any]
    colleagues: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One field found: its value, how sure it is (0-1), and what it was read from."""

    field: str
    value: Any
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Finds fields of a lead. `needs` names what must be known for asking to make sense."""

    name: str
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    find: Callable[[Question], list[Answer]]
