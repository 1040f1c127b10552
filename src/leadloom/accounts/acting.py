"""Who acts, in which workspace, with what role: settled once, when a workspace is opened."""

import os
from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.accounts import choice, user, workspace
from leadloom.errors import AccessError, NotFoundError
from leadloom.storage import schema, walls
from leadloom.storage.database import Database

NEEDS = {
    "member": "may look but not change anything",
    "owner": "may not do what only owners may",
}


@dataclass(frozen=True, slots=True)
class Acting:
    """A user at work in a workspace."""

    workspace_id: int
    workspace: str
    user_id: int
    user: str
    role: str

    def must_be(self, role: str) -> None:
        """Raise AccessError unless whoever acts has at least this role."""
        if user.ROLES.index(self.role) < user.ROLES.index(role):
            raise AccessError(
                f"{self.user} is a {self.role} of the workspace {self.workspace} and "
                f"{NEEDS[role]}: an owner can change that with "
                f"`leadloom users set {self.user} role={role}`."
            )


# The workspace and the user there are from the first start.
FIRST = Acting(schema.DEFAULT_WORKSPACE, "default", schema.DEFAULT_USER, "owner", "owner")


def find_acting(
    db: Database, workspace_ref: str | None = None, user_ref: str | None = None
) -> Acting:
    """Return who acts: as told, else as the environment says, else whoever is there from the start.

    The workspace: `workspace_ref`, LEADLOOM_WORKSPACE, the one that was last chosen with
    `workspaces use`, the first. The user: `user_ref`, LEADLOOM_USER, the workspace's first owner.
    Raises NotFoundError when there is none of that name.
    """
    named = workspace_ref or os.environ.get("LEADLOOM_WORKSPACE")
    wanted = user_ref or os.environ.get("LEADLOOM_USER")
    with db.read() as conn:
        home = workspace.find(conn, named) if named else _chosen(db, conn)
        if home is None:
            raise NotFoundError(
                f"There is no workspace {named!r} in {db.label}: see `leadloom workspaces list`, "
                "or make it with `leadloom workspaces create`."
            )
        walls.enter(conn, home.key)
        who = user.find(conn, home.key, wanted) if wanted else user.first_owner(conn, home.key)
    if who is None and wanted is None:
        return Acting(home.key, home.name, schema.DEFAULT_USER, FIRST.user, FIRST.role)
    if who is None:
        raise NotFoundError(
            f"There is no user {wanted!r} in the workspace {home.name}: set LEADLOOM_USER to one "
            "of its users, or have an owner add this one with `leadloom users add`."
        )
    return Acting(home.key, home.name, who.key, who.email or who.name, who.role)


def _chosen(db: Database, conn: sa.Connection) -> workspace.Home | None:
    """Return the workspace last chosen on this machine; the first when none was, or it is gone."""
    chosen = choice.read(db)
    return (workspace.find(conn, chosen) if chosen else None) or workspace.first(conn)
