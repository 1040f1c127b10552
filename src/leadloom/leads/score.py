"""The lead score, 0-100: how much can be done with a lead today. Every point has its reason."""

from collections.abc import Mapping
from typing import Any

# Chosen by us, to be read as "how far is this lead from a personal message to the right person":
# reaching them counts most, knowing what to say next, knowing whom they decide for last.
_POINTS: tuple[tuple[str, int, str], ...] = (
    ("email", 30, "has an e-mail address"),
    ("phone", 10, "has a phone number"),
    ("linkedin_url", 10, "has a LinkedIn profile"),
    ("full_name", 10, "has a name"),
    ("title", 10, "has a job title"),
    ("company", 10, "has a company"),
    ("domain", 5, "has a company domain"),
    ("country", 5, "has a country"),
)
_SENIOR = 10
_SENIOR_WORDS = frozenset(
    """
    ceo cto cfo coo cmo cio owner founder cofounder president chief director head vp partner
    inhaber inhaberin geschäftsführer geschäftsführerin leiter leiterin gründer gründerin
    directeur directrice gérant pdg director directora dueño gerente diretor diretora
    direttore titolare amministratore
    """.split()  # noqa: SIM905 - a list of words reads better than quotes and commas
)


def score(values: Mapping[str, Any]) -> int:
    """Return the score of a lead's folded values."""
    points = sum(weight for name, weight, _ in _POINTS if values.get(name))
    points += _SENIOR if _is_senior(values) else 0
    return 0 if values.get("do_not_contact") else points


def reasons(values: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Return (points, reason) of all that makes up `score`, most points first."""
    if values.get("do_not_contact"):
        return [(0, "must not be contacted")]
    given = [(weight, reason) for name, weight, reason in _POINTS if values.get(name)]
    if _is_senior(values):
        given.append((_SENIOR, "decides (by title)"))
    return sorted(given, key=lambda item: -item[0])


def _is_senior(values: Mapping[str, Any]) -> bool:
    title = values.get("title")
    if not title:
        return False
    if "product owner" in title.lower():
        return False
    words = title.lower().replace("-", "").replace("/", " ").replace(",", " ").split()
    return not _SENIOR_WORDS.isdisjoint(words)
