"""The address a colleague's address suggests: how a company writes its addresses."""

from collections import Counter
from collections.abc import Callable

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.values.email import is_role
from leadloom.values.text import fold

# How companies write local parts, most common first.
_PATTERNS: dict[str, Callable[[str, str], str]] = {
    "first.last": lambda first, last: f"{first}.{last}",
    "first": lambda first, last: first,
    "flast": lambda first, last: f"{first[0]}{last}",
    "f.last": lambda first, last: f"{first[0]}.{last}",
    "firstlast": lambda first, last: f"{first}{last}",
    "last": lambda first, last: last,
    "first_last": lambda first, last: f"{first}_{last}",
    "last.first": lambda first, last: f"{last}.{first}",
    "firstl": lambda first, last: f"{first}{last[0]}",
}
# A pattern is believed when so many colleagues show it, and so large a share of them.
_AT_LEAST = 2
_SHARE = 0.75


def pattern_of(first: str, last: str, address: str) -> str | None:
    """Return the name of the pattern that `address` was made by, if any."""
    local = address.partition("@")[0]
    name = _plain(first), _plain(last)
    if not all(name):
        return None
    return next((kind for kind, make in _PATTERNS.items() if make(*name) == local), None)


def _find(question: Question) -> list[Answer]:
    site = question.values.get("domain") or question.company.get("domain")
    first = _plain(str(question.values["first_name"]))
    last = _plain(str(question.values["last_name"]))
    at_site = [
        one
        for one in question.colleagues
        if one[2].endswith(f"@{site}") and not is_role(one[2])  # info@ shows no pattern
    ]
    patterns = [pattern_of(*colleague) for colleague in at_site]
    shown = Counter(kind for kind in patterns if kind)
    if not shown or not site or not first or not last:
        return []
    kind, count = shown.most_common(1)[0]
    share = count / len(at_site)
    address = f"{_PATTERNS[kind](first, last)}@{site}"
    if count < _AT_LEAST or share < _SHARE or any(address == one[2] for one in at_site):
        return []
    evidence = f"{count} of {len(at_site)} addresses at {site} are written {kind}"
    return [
        Answer("email", [address], round(0.6 * share, 3), evidence),
        Answer("email_confidence", "pattern", 1.0, evidence),
        Answer("email_status", "unverified", 1.0, evidence),
    ]


def _plain(name: str) -> str:
    folded = fold(name).replace("ß", "ss").replace("'", "").split()
    return folded[0] if folded and folded[0].isascii() and folded[0].isalpha() else ""


PROVIDER = Provider(
    "address pattern",
    ("email",),
    ("first_name", "last_name"),
    _find,
)
