"""The companies, as a grid; groups, enrichment and drafts are about their people."""

from typing import Final

from leadloom.web import columns
from leadloom.web.grid import Grid
from leadloom.web.grid_screen import routes_of

GRID: Final = Grid(
    "companies",
    "company",
    "Search name, domain, place",
    columns.COMPANIES,
    columns.SHOWN_COMPANIES,
    filters=("industry", "country", "city", "employee_range"),
    actions=("tag", "group", "enrich", "draft", "export"),
)
routes = routes_of(GRID)
