"""The fold: a lead is what its facts say, in trust order.

Pure: testimonies in, values out. The winner of a field is the fact that comes first by: a person's
edit; not deferring to what was there (import policies); verified; trust x confidence; newest.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from leadloom.leads.fields import FIELDS, Field, is_custom

NORMAL, PREFER_EXISTING, FILL_EMPTY = 0, 1, 2

# Reserved keys of a record's facts: how sure and verified a field is, and what was taken away.
SURENESS, REMOVED = "~", "-"

# Parts of a name belong together: they are taken from the record whose full name wins.
NAME_PARTS = (
    "first_name",
    "middle_name",
    "last_name",
    "name_prefix",
    "name_suffix",
    "nickname",
)
# What is said of an address holds for the address that was meant.
OF_THE_EMAIL = ("email_status", "email_confidence")

Rank = tuple[bool, bool, bool, float, float, int]


class Testimony(NamedTuple):
    """What one record says: its facts, and what decides how far they are believed.

    `ref` names the thing in the system it comes from: another record with the same is a newer
    version of it.
    """

    record_id: int
    source_id: int
    ref: str | None
    is_edit: bool
    policy: int
    trust: float
    observed_at: dt.datetime
    facts: Mapping[str, Any]
    company_id: int | None = None


class Claim(NamedTuple):
    """One testimony's word on one field."""

    field: str
    value: Any
    rank: Rank
    testimony: Testimony


@dataclass(frozen=True, slots=True)
class Folded:
    """The outcome: values by field ("many" fields hold lists), and all claims, best first."""

    values: dict[str, Any]
    claims: dict[str, list[Claim]]


def fold(testimonies: Sequence[Testimony], prefix: str = "") -> Folded:
    """Fold what all testimonies say into one value, or list of values, a field.

    `prefix` ("company.") is what the table of fields has before the names used in the facts.
    """
    claims = _claims(testimonies)
    values: dict[str, Any] = {}
    for name, said in claims.items():
        if len(said) > 1:
            said.sort(key=lambda claim: claim.rank, reverse=True)
        field = FIELDS.get(prefix + name)
        value = _FOLDS[field.folding](said, field) if field else said[0].value
        if value is not None and value != []:
            values[name] = value
    if len(testimonies) > 1:
        _keep_name_together(values, claims)
    _keep_email_together(values, claims)
    return Folded(values, claims)


def fold_alone(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a lead of which this is all that is said: what `fold` gives, sooner."""
    values = {
        name: value
        for name, value in facts.items()
        if value is not None and value != [] and name != SURENESS and name != REMOVED
    }
    if not values.get("do_not_contact", True):
        del values["do_not_contact"]
    if "email" not in values:
        for name in OF_THE_EMAIL:
            values.pop(name, None)
    return values


def _claims(testimonies: Sequence[Testimony]) -> dict[str, list[Claim]]:
    claims: dict[str, list[Claim]] = {}
    superseded = _superseded(testimonies) if len(testimonies) > 1 else frozenset()
    for testimony in testimonies:
        sureness = testimony.facts.get(SURENESS) or {}
        plain = rank_of(testimony, None)
        for name, value in _mentions(testimony.facts):
            if superseded and (testimony.record_id, name) in superseded:
                continue
            rank = rank_of(testimony, sureness[name]) if name in sureness else plain
            claims.setdefault(name, []).append(Claim(name, value, rank, testimony))
    return claims


def _mentions(facts: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in facts.items():
        if name != SURENESS and name != REMOVED:
            yield name, value
    for name in facts.get(REMOVED) or ():
        if name not in facts:
            yield name, []


def _superseded(testimonies: Sequence[Testimony]) -> frozenset[tuple[int, str]]:
    """Name what an outside system said before and says differently now: (record id, field)."""
    newest: dict[tuple[str, str], tuple[dt.datetime, int]] = {}
    older: set[tuple[int, str]] = set()
    for testimony in testimonies:
        if testimony.ref is None or testimony.is_edit:
            continue
        age = (testimony.observed_at, testimony.record_id)
        for name, _ in _mentions(testimony.facts):
            key = (testimony.ref, name)
            if (other := newest.get(key)) is None:
                newest[key] = age
            else:
                older.add((min(age, other)[1], name))
                newest[key] = max(age, other)
    return frozenset(older)


def rank_of(testimony: Testimony, sureness: Mapping[str, Any] | None) -> Rank:
    """Return what puts a testimony's word on a field before or after others (higher wins)."""
    confidence = sureness.get("c", 1.0) if sureness else 1.0
    is_verified = bool(sureness and sureness.get("v"))
    is_deferring = testimony.policy != NORMAL
    # Among those that defer, the one that was there first is the one the others defer to.
    direction = -1 if is_deferring else 1
    return (
        testimony.is_edit,
        not is_deferring,
        is_verified,
        round(testimony.trust * confidence, 6),
        direction * testimony.observed_at.timestamp(),
        direction * testimony.record_id,
    )


def _fold_one(said: list[Claim], _: Field) -> Any:
    return said[0].value


def _fold_many(said: list[Claim], _: Field) -> list[Any]:
    """Unite all values, best claim first, less those whose last word by a person was "remove"."""
    removed = _removed_by_people(said)
    united: list[Any] = []
    for claim in said:
        if claim.testimony.policy == FILL_EMPTY and united:
            break
        united += [v for v in claim.value or () if v not in united and v not in removed]
    return united


def _removed_by_people(said: list[Claim]) -> list[Any]:
    removed: list[Any] = []
    name = said[0].field
    edits = [claim.testimony for claim in said if claim.testimony.is_edit]
    for edit in sorted(edits, key=lambda edit: (edit.observed_at, edit.record_id)):
        added = edit.facts.get(name) or ()
        removed = [value for value in removed if value not in added]
        removed += (edit.facts.get(REMOVED) or {}).get(name, ())
    return removed


def _fold_furthest(said: list[Claim], field: Field) -> Any:
    if said[0].testimony.is_edit:
        return said[0].value
    return max((claim.value for claim in said), key=field.choices.index)


def _fold_tightening(said: list[Claim], _: Field) -> Any:
    """True once anybody said so, unless a person took it back after the last who did."""
    if said[0].testimony.is_edit and not said[0].value:
        taken_back = said[0].testimony.observed_at
        return any(c.value and c.testimony.observed_at > taken_back for c in said) or None
    return any(claim.value for claim in said) or None


_FOLDS = {
    "one": _fold_one,
    "many": _fold_many,
    "furthest": _fold_furthest,
    "tighten": _fold_tightening,
}


def _keep_name_together(values: dict[str, Any], claims: dict[str, list[Claim]]) -> None:
    if "full_name" not in claims:
        return
    facts = claims["full_name"][0].testimony.facts
    for name in NAME_PARTS:
        values.pop(name, None)
        if facts.get(name) is not None:
            values[name] = facts[name]


def _keep_email_together(values: dict[str, Any], claims: dict[str, list[Claim]]) -> None:
    """Describe the address that won by what was said with it.

    Whether it is a guess is told by the best who say it: one who states it plainly has seen it.
    """
    first = next(iter(values.get("email") or ()), None)
    for name in OF_THE_EMAIL:
        if name not in claims:
            continue
        values.pop(name, None)
        tellers = [claim for claim in claims.get("email", ()) if first in (claim.value or ())]
        best = tellers[0].testimony.record_id if tellers else None
        for claim in claims[name]:
            if name == "email_confidence" and claim.testimony.record_id != best:
                continue
            if first in (claim.testimony.facts.get("email") or ()):
                values[name] = claim.value
                break


def winners(folded: Folded, prefix: str = "") -> list[Testimony]:
    """Reduce all testimonies to those that made the values, with only the facts that did.

    Folding them with a new testimony gives what folding everything with it would, unless the new
    one supersedes a winner (same `ref`): then everything must be read again.
    """
    kept: dict[int, tuple[Testimony, dict[str, Any]]] = {}
    for name, said in folded.claims.items():
        field = FIELDS.get(prefix + name)
        for claim in said if field and field.folding != "one" else said[:1]:
            _, facts = kept.setdefault(claim.testimony.record_id, (claim.testimony, {}))
            for reserved in (SURENESS, REMOVED):
                part = (claim.testimony.facts.get(reserved) or {}).get(name)
                if part is not None:
                    facts.setdefault(reserved, {})[name] = part
            facts[name] = claim.value
    return [testimony._replace(facts=facts) for testimony, facts in kept.values()]


def supersedes(new: Testimony, others: Iterable[Testimony]) -> bool:
    """Whether `new` is a newer version of one of `others` on a field both mention."""
    if new.ref is None:
        return False
    fields = {name for name, _ in _mentions(new.facts)}
    return any(
        other.ref == new.ref and any(name in fields for name, _ in _mentions(other.facts))
        for other in others
    )


def custom_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the custom fields among folded values, by their own names."""
    return {name.partition(".")[2]: value for name, value in values.items() if is_custom(name)}
