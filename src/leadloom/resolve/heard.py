"""What a hearing came to: who is who, and by what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from leadloom.resolve.desk import Desk, LeadState, Placement
from leadloom.resolve.said import Said

Known = Mapping[str, Any]

# The run and the record that show something of leads.
Finder = tuple[int, int]


@dataclass(slots=True)
class Heard:
    """What a hearing came to.

    `homes` has the lead of each record, `used` those that have any; `found` what was decided by
    what records show. `asked` is what was known when enrichment answered, by its record; `stale`
    are the answers to what would not have been asked.
    """

    atoms: dict[int, LeadState]
    desk: Desk = field(default_factory=Desk)
    homes: list[tuple[Said, LeadState]] = field(default_factory=list)
    used: dict[LeadState, None] = field(default_factory=dict)
    found: list[tuple[Finder, Placement]] = field(default_factory=list)
    asked: dict[int, Known] = field(default_factory=dict)
    stale: list[int] = field(default_factory=list)
