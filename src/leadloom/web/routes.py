"""Every address of the site and the role it demands. A screen adds its own in one line."""

from typing import Final

from leadloom.web import (
    activity,
    campaigns,
    companies,
    company,
    counts,
    drafts,
    duplicates,
    enrich,
    groups,
    home,
    imports,
    lead,
    leads,
    login,
    palette,
    rail,
    runs,
    settings,
    shows,
    templates,
    undoing,
)
from leadloom.web.route import Route, checked

ROUTES: Final[list[Route]] = checked(
    [
        *home.routes,
        *counts.routes,
        *leads.routes,
        *rail.routes,
        *lead.routes,
        *runs.routes,
        *companies.routes,
        *company.routes,
        *duplicates.routes,
        *enrich.routes,
        *imports.routes,
        *groups.routes,
        *templates.routes,
        *campaigns.routes,
        *drafts.routes,
        *activity.routes,
        *shows.routes,
        *settings.routes,
        *palette.routes,
        *login.routes,
        *undoing.routes,
    ]
)
