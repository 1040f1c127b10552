"""How much of what one wants to know of a lead is known, and how sure what was found is."""

from collections.abc import Mapping, Sequence
from typing import Any

# What a message to the right person is made of, and what leads are sorted by.
WANTED = (
    *("full_name", "title", "seniority", "department"),
    *("email", "phone", "linkedin_url"),
    *("company", "domain", "industry", "city", "country"),
)
"""The fields that a lead is complete with."""


def completeness(values: Mapping[str, Any]) -> float:
    """Return the share (0-1) of `WANTED` that a lead's folded values have."""
    return round(sum(bool(values.get(name)) for name in WANTED) / len(WANTED), 2)


def mean_confidence(confidences: Sequence[float]) -> float | None:
    """Return how sure answers are on average (0-1); None when there are none."""
    return round(sum(confidences) / len(confidences), 2) if confidences else None
