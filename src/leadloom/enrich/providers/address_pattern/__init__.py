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
MOST_COMMON = next(iter(_PATTERNS))
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


def patterns_at(site: str, question: Question) -> tuple[Counter[str], int]:
    """Return how often each pattern is shown at a domain, and by how many addresses there are."""
    at_site = [
        one
        for one in question.colleagues
        if one[2].endswith(f"@{site}") and not is_role(one[2])  # info@ shows no pattern
    ]
    patterns = [pattern_of(*colleague) for colleague in at_site]
    return Counter(kind for kind in patterns if kind), len(at_site)


def address_by(kind: str, question: Question, site: str) -> str | None:
    """Return the address that a pattern makes, unless a colleague has it or no name is known."""
    first = _plain(str(question.values["first_name"]))
    last = _plain(str(question.values["last_name"]))
    if not (site and first and last):
        return None
    address = f"{_PATTERNS[kind](first, last)}@{site}"
    return None if any(address == one[2] for one in question.colleagues) else address


def _find(question: Question) -> list[Answer]:
    site = str(question.values.get("domain") or question.company.get("domain") or "")
    shown, of = patterns_at(site, question)
    if not shown:
        return []
    kind, count = shown.most_common(1)[0]
    address = address_by(kind, question, site)
    if count < _AT_LEAST or count / of < _SHARE or address is None:
        return []
    evidence = f"{count} of {of} addresses at {site} are written {kind}"
    return [
        Answer("email", [address], confidence(count, of), evidence),
        Answer("email_confidence", "pattern", 1.0, evidence),
        Answer("email_status", "unverified", 0.3, evidence),
    ]


def confidence(count: int, of: int) -> float:
    """Return how sure a pattern is that so many show, of so many: the rule of succession, and
    never more than 0.8, for people have addresses of their own all the same.
    """
    return round(0.8 * (count + 1) / (of + 2), 3)


def _plain(name: str) -> str:
    folded = fold(name).replace("ß", "ss").replace("'", "").split()
    return folded[0] if folded and folded[0].isascii() and folded[0].isalpha() else ""


PROVIDER = Provider(
    "address pattern",
    ("email",),
    ("first_name", "last_name"),
    _find,
    about="how colleagues' addresses are written",
    example={"first_name": "Ada", "last_name": "Lind", "domain": "acme.com"},
)
