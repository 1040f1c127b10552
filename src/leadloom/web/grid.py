"""A grid: what differs between the lists of leads and of companies.

A screen names its kind, `GRID = Grid("leads", …)`, and has `grid_screen.routes_of(GRID)`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadloom.web.columns import Column
from leadloom.web.listing import Listing, listing_of
from leadloom.web.visit import Visit
from leadloom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Grid:
    """What differs between grids.

    `name`: its path and the verbs of the workspace, "leads"; `noun`: one of them; `search`: what to
    look for. `columns`: all there are; `shown`: the usual ones. `filters`: what most lists are
    narrowed by, which have a button each; `actions`: what can be done with many, see `bulk`.
    `has_rail`: whether figures stand beside it.
    """

    name: str
    noun: str
    search: str
    columns: Sequence[Column]
    shown: Sequence[str]
    filters: Sequence[str]
    actions: Sequence[str]
    has_rail: bool = False

    def of(self, visit: Visit) -> Listing:
        """Return the list that the address asks for."""
        return listing_of(visit, f"/{self.name}", self.columns, self.shown)

    def verbs(self, ws: Workspace) -> Any:
        """Return what finds and changes its rows."""
        return getattr(ws, self.name)
