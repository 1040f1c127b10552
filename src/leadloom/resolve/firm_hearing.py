"""A hearing of companies: records are given to them again, in order of arrival, on paper.

What people said of companies counts from when they said it; that two are different, from the start.
What a `resolve` found to be one counts so, too, while what it rests on is still said.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadloom.resolve.desk import CompanyState, Desk
from leadloom.resolve.firm_weighing import are_still_alike
from leadloom.resolve.hearing import Voices
from leadloom.resolve.judgement import Join
from leadloom.resolve.said import Said
from leadloom.runs.source import PERSON


@dataclass(slots=True)
class FirmsHeard:
    """What a hearing came to: the company of each record, and those that have any.

    `told` is what was said of each by then, and `fallen` what was found to be one and is no more.
    """

    atoms: dict[int, CompanyState]
    desk: Desk = field(default_factory=Desk)
    homes: list[tuple[Said, CompanyState]] = field(default_factory=list)
    used: dict[CompanyState, None] = field(default_factory=dict)
    told: dict[CompanyState, list[Said]] = field(default_factory=lambda: defaultdict(list))
    fallen: list[Join] = field(default_factory=list)


def hear_firms(
    said: Iterable[Said], ids: Collection[int], voices: Voices, settled: Collection[int] = ()
) -> FirmsHeard:
    """Give records (in order of arrival) to the companies `ids`, or to new ones.

    Those `settled` by a parting are where they are for good.
    """
    heard = FirmsHeard({key: CompanyState(id=key, is_stored=True) for key in sorted(ids)})
    heard.desk.kept_apart = voices.apart
    waiting = sorted(voices.joins, key=lambda join: join.record_id)
    for one in said:
        while waiting and waiting[0].record_id < one.row.id:
            _join(heard, waiting.pop(0))
        _take(heard, one, is_settled=one.row.id in settled)
    for join in waiting:
        _join(heard, join)
    return heard


def is_named_outright(one: Said) -> bool:
    """Whether a person, or who was asked about it, named the company a record speaks of."""
    return one.row.is_pinned and one.row.lead_id is None and one.row.company_id is not None


def shared_out(
    said: Iterable[Said], left: Collection[int], since: int
) -> tuple[list[Said], list[Said]]:
    """Return which records of two that were one are open, from `since` on, and which move.

    `left` are the ids of the part that leaves. As in an import: in order of arrival, each by what
    was known of the two when it came; what cannot be told stays.
    """
    desk, survivor, returned = Desk(), CompanyState(), CompanyState()
    survivor.hear_of(0)
    moved: list[Said] = []
    settled: list[Said] = []
    for one in said:
        home = returned if one.row.company_id in left else survivor
        is_open = one.row.id >= since and home is survivor and not is_named_outright(one)
        is_edit = _is_edit(one)
        if is_open and one.company_keys:
            settled.append(one)
            home = desk.place_company(one.firm, one.company_keys, survivor, is_edit=is_edit)
            if home is returned:
                moved.append(one)
        else:
            desk.adopt_company(home, one.firm, one.company_keys, is_edit=is_edit)
        home.hear_of(one.row.id)
    return settled, moved


def _is_edit(one: Said) -> bool:
    return is_named_outright(one) or one.row.kind == PERSON


def _take(heard: FirmsHeard, one: Said, *, is_settled: bool) -> None:
    own = heard.atoms.get(one.row.company_id)
    home: CompanyState | None = None
    if own is not None and (is_settled or is_named_outright(one)):
        heard.desk.adopt_company(own, one.firm, one.company_keys, is_edit=_is_edit(one))
        home = own
    elif one.company_keys:
        home = _find_home(heard, one, own)
    if (about := home or own) is not None:
        heard.told[about].append(one)
    if home is None:
        return
    home.root.hear_of(one.row.id)
    heard.used[home] = None
    heard.homes.append((one, home))


def _find_home(heard: FirmsHeard, one: Said, own: CompanyState | None) -> CompanyState:
    fresh = None if own in heard.used else own
    is_edit = _is_edit(one)
    home = heard.desk.place_company(one.firm, one.company_keys, fresh, is_edit=is_edit)
    if own is None or own is home or own not in heard.used or own.root is not home:
        return home
    # A record of a company that was merged stays that company's own.
    heard.desk.adopt_company(own, one.firm, one.company_keys, is_edit=is_edit)
    return own


def _join(heard: FirmsHeard, join: Join) -> None:
    kept, absorbed = heard.atoms[join.kept].root, heard.atoms[join.absorbed].root
    if kept is absorbed or heard.desk.is_kept_apart(kept, absorbed):
        return
    if join.found_by is not None and not are_still_alike(*_told(heard, kept, absorbed)):
        heard.fallen.append(join)
        return
    heard.desk.join_companies(kept, absorbed)
    kept.has_domain = kept.is_bare = False
    for one, home in heard.homes:
        if home.root is kept:
            kept.hear_domain(one.firm, is_edit=_is_edit(one))


def _told(heard: FirmsHeard, *roots: CompanyState) -> Iterator[list[Mapping[str, Any]]]:
    """Yield what is said of each of these companies, and of all that they speak for."""
    for root in roots:
        yield [one.firm for home, said in heard.told.items() if home.root is root for one in said]
