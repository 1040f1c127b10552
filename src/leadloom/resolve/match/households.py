"""Whether people of one address and surname who are called differently are two, or one misnamed.

Pairs alone do not tell: a wife looks like her husband with the wrong first name. How often each is
written down does. Members of a family are in the table as often as anybody is; a wrong name stands
next to the right one, and hardly ever comes twice.
"""

from typing import NamedTuple

import numpy as np

from leadloom.resolve.match.levels import level_of
from leadloom.resolve.match.model import Model, bits_of
from leadloom.resolve.match.outcomes import Floats, Outcomes
from leadloom.resolve.match.pairs import Candidates, Whole, grouped_by

_AT_HOME = {"given": ("different",), "surname": ("near", "part", "exact")}
_AT_HOME |= {"street": ("alike", "exact")}
# Of those written down at least twice, no more than so many have a wrong name beside the right one.
_MOST_MISNAMED = 0.25
# Where none was seen there are half of one, as like as not (Jeffreys), and at most three.
_LIKELY, _UNSEEN = 0.5, 3.0


class AtHome(NamedTuple):
    """Of those at one address with one surname, called differently: how many are two people (0-1,
    at most), such pairs for each record, and how often a given name is lost if they are one."""

    two: float
    relatives: float
    lost: float


UNTOLD = AtHome(1.0, 0.0, 0.0)
"""What a table shows that does not tell."""


def at_home(
    model: Model, pairs: Candidates, outcomes: Outcomes, which: Whole, odds: Floats, records: int
) -> AtHome:
    """Return what the table shows of those who live at one address.

    `odds` are those of the pairs by a model that takes another given name for another person.
    """
    is_sure = odds >= bits_of(model.unsure_at)
    low, high = pairs.low, pairs.high
    groups = grouped_by(records, low[is_sure], high[is_sure])
    sizes = np.bincount(groups, minlength=records)
    alike = _alike(model, outcomes)[which]
    a, b = groups[low[alike]], groups[high[alike]]
    couples = np.unique(np.minimum(a, b)[a != b] * records + np.maximum(a, b)[a != b])
    twice = int((sizes > 1).sum())
    if not len(couples) or len(couples) > _MOST_MISNAMED * twice:
        return UNTOLD
    both = (sizes[couples // records] > 1) & (sizes[couples % records] > 1)
    expected = len(couples) * (twice / int((sizes > 0).sum())) ** 2
    seen = int(both.sum())
    likely, most = (min(1.0, (seen + more) / expected) for more in (_LIKELY, _UNSEEN))
    return AtHome(most, likely * len(couples) / records, len(couples) / (len(couples) + twice))


def _alike(model: Model, outcomes: Outcomes) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    found = np.ones(len(outcomes), dtype=bool)
    for place, field in enumerate(model.fields):
        if named := _AT_HOME.get(field.name):
            wanted = [field.levels.index(name) + 1 for name in named]
            codes, places = outcomes.fields[place]
            found &= np.array([level_of(one) in wanted for one in codes.tolist()])[places]
    return found
