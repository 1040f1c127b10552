"""Leadloom: a lead database that fills itself, stays clean, and turns into outreach.

import leadloom

with leadloom.open("sqlite:///leads.db") as ws:
    ws.import_files(["Connections.csv"])
    for lead in ws.leads.find(status="raw").items:
        print(lead.full_name, lead.company)
"""

from importlib.metadata import version as _version
from typing import TYPE_CHECKING

from leadloom.undisturbed import undisturbed

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

__all__ = ["__version__", "open"]

__version__ = _version("leadloom")


def open(
    url: str | None = None, *, workspace: str | None = None, user: str | None = None
) -> "Workspace":
    """Open the database at `url`, made or upgraded on first use.

    `url`: sqlite:///file.db, a path, or postgresql://…; default `LEADLOOM_DB`, else a SQLite file
    in the user's data folder. `workspace`, `user`: by name, which workspace of it and who acts;
    default `LEADLOOM_WORKSPACE` and `LEADLOOM_USER`, else those of the first start. Raises
    leadloom.errors.LeadloomError.
    """
    with undisturbed():
        from leadloom.workspace import Workspace

    return Workspace(url, workspace=workspace, user=user)
