"""The leads, as a grid."""

from typing import Final

from leadloom.web import columns
from leadloom.web.grid import Grid
from leadloom.web.grid_screen import routes_of

GRID: Final = Grid(
    "leads",
    "lead",
    "Search name, company, title, email",
    columns.LEADS,
    columns.SHOWN_LEADS,
    filters=("lead_status", "country", "seniority", "email_status"),
    actions=("tag", "group", "enrich", "draft", "export", "delete"),
    has_rail=True,
)
routes = routes_of(GRID)
