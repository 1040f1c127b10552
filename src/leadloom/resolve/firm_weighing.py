"""What no score overrules about two companies that are likely one.

Pure. A company and its subsidiary, the branches of a chain and the firms of one building share a
name, a place or a line, and nothing in their rows says that they are two. So likely is not enough:
they are one where they are called alike, share more than that, and nothing contradicts.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.defaults import firms
from leadloom.resolve.match.employers import Employer
from leadloom.resolve.match.firm import FirmTerms, terms_of
from leadloom.resolve.match.levels import level_of
from leadloom.resolve.match.matcher import OF_FIRMS, codes_of
from leadloom.resolve.match.model import Model

Seen = Mapping[str, str]
"""The level of each field that both have."""

_CALLED_ALIKE = ("mistyped", "exact")
_ONE_PLACE = ("alike", "exact")
_OTHER_PLACES = ("abroad", "different")
# Levels that hardly two companies reach who are not under one roof.
_OWN = {
    "line": ("another extension", "exact"),
    "mobile": ("exact",),
    "street": _ONE_PLACE,
    "profile": ("same",),
}
_OTHER_SITES = ("different", "alike")
_LIKE_SITES = ("other ending", "named alike")


def levels_of(model: Model, codes: tuple[int, ...]) -> dict[str, str]:
    """Return the level of each field that both have."""
    return {
        of.name: of.levels[level_of(code) - 1]
        for of, code in zip(model.fields, codes, strict=True)
        if code
    }


def held_back(seen: Seen) -> str | None:
    """Return why two companies are not one for certain, however likely they are, or None."""
    return contradiction(seen) or _too_little(seen)


def contradiction(seen: Seen) -> str | None:
    """Return what speaks against two companies being one, or None.

    One group has many legal forms, one chain many places: whose name is the same may be a sister.
    """
    if seen.get("profile") == "different":
        return "their LinkedIn pages differ"
    if seen.get("form") == "different":
        return "their legal forms differ"
    city = seen.get("city")
    if city == "abroad":
        return "they are in two countries"
    if city == "different" and not _share_their_own(seen):
        return "they are in two cities"
    return None


def _too_little(seen: Seen) -> str | None:
    name, site = seen.get("name"), seen.get("site")
    if name is None:
        return "only one of the two has a name"
    if name == "different":
        return "they are called differently"
    if name not in _CALLED_ALIKE:
        return "only a part of the name is the same"
    if _share_their_own(seen) or site == "exact":
        return None
    if site in _OTHER_SITES:
        return "their domains differ"
    if name != "exact":
        return "only a similar name is shared"
    if seen.get("city") in _ONE_PLACE or seen.get("postcode") == "exact":
        return None
    return "only the name is shared"


def _share_their_own(seen: Seen) -> bool:
    return any(seen.get(name) in levels for name, levels in _OWN.items())


def are_still_alike(mine: Iterable[Mapping[str, Any]], theirs: Iterable[Mapping[str, Any]]) -> bool:
    """Whether two companies share what they were found to be one by; of each, all that is said.

    What may speak against is not asked again: much is said of a company that it is not known by.
    """
    one, other = (_all_of(terms_of(facts) for facts in some) for some in (mine, theirs))
    codes = codes_of(OF_FIRMS, one, other, Census())
    seen = levels_of(firms(), codes)
    if seen.get("site") != "exact":
        seen.pop("site", None)
    return _too_little(seen) is None


def _all_of(terms: Iterable[FirmTerms]) -> FirmTerms:
    """Return what several rows say of one company as the terms of one."""
    rows = list(dict.fromkeys(terms))
    called = [row.called for row in rows]
    return FirmTerms(
        Employer(_each(one.names for one in called), _each(one.sites for one in called)),
        *(_each(part) for part in zip(*(row[1:] for row in rows), strict=True)),
    )


def _each(parts: Iterable[tuple[Any, ...]]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def why_alike(seen: Seen) -> str:
    """Return in a few words what two share, and what they do not."""
    alike = [name for name, level in seen.items() if level not in _DIFFERENT and name != "form"]
    names = alike[:4] or ["name"]
    return "alike in " + " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


# Levels that speak for nothing by themselves.
_DIFFERENT = ("different", *_OTHER_PLACES, "named alike")
