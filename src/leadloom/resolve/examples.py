"""Examples of what a `resolve` came to."""

from dataclasses import dataclass

EXAMPLES = 10
"""So many are told of."""


@dataclass(frozen=True, slots=True)
class Woven:
    """Two leads (or companies) that are one now, by name, the one that goes on first, and why."""

    kept: str | None
    absorbed: str | None
    score: float | None
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Parted:
    """Two leads that are one no more, by name, and what speaks for and against it."""

    left: str | None
    parted: str | None
    score: float
    reasons: list[str]
