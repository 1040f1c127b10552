"""An example of what a `resolve` wove together."""

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
