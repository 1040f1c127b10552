"""The verbs on workspaces, users and secrets."""

from collections.abc import Mapping

from leadloom.accounts import choice, user, workspace
from leadloom.accounts.moving import Moved, move_rows
from leadloom.accounts.user import User
from leadloom.accounts.workspace import Home
from leadloom.secrets import secret
from leadloom.secrets.secret import Secret
from leadloom.workspace.session import Session


class Workspaces:
    """The workspaces of a database; `ref` is a workspace's name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[Home]:
        """Return every workspace."""
        with self._session.read() as tx:
            return workspace.list_workspaces(tx)

    def current(self) -> Home:
        """Return the workspace that is open."""
        with self._session.read() as tx:
            return next(one for one in workspace.list_workspaces(tx) if one.key == tx.workspace_id)

    def create(self, name: str) -> Home:
        """Make a workspace; whoever acts owns it. Owners only."""
        with self._session.manage() as tx:
            return workspace.create_workspace(tx, name)

    def rename(self, ref: str, name: str) -> Home:
        """Give a workspace another name. Owners only."""
        with self._session.manage() as tx:
            return workspace.rename_workspace(tx, ref, name)

    def use(self, ref: str) -> Home:
        """Open this workspace from now on, when none is named; for this person, on this machine."""
        with self._session.read() as tx:
            home = workspace.get_workspace(tx, ref)
        choice.write(self._session.db, str(home.id))
        return home

    def move(self, target: str, source: str | None = None) -> Moved:
        """Give everything a workspace owns (the open one by default) to another, which is made
        when there is none of that name. Owners only.
        """
        with self._session.manage() as tx:
            here = next(o for o in workspace.list_workspaces(tx) if o.key == tx.workspace_id)
            home = workspace.get_workspace(tx, source) if source else here
            other = workspace.find(tx.conn, target) or workspace.create_workspace(tx, target)
            moved = move_rows(tx, home, other)
        self._session.indexes.forget()
        return moved


class Users:
    """Who works in the workspace; `ref` is a user's e-mail address, name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[User]:
        """Return the users of the workspace."""
        with self._session.read() as tx:
            return user.list_users(tx)

    def get(self, ref: str) -> User:
        """Return one user. Raises NotFoundError."""
        with self._session.read() as tx:
            return user.get_user(tx, ref)

    def add(self, email: str, name: str | None = None, role: str = "member") -> User:
        """Let somebody in, as viewer, member or owner. Owners only."""
        with self._session.manage() as tx:
            return user.add_user(tx, email, name, role)

    def set(self, ref: str, values: Mapping[str, str]) -> User:
        """Change a user; owners anybody, everybody themselves, but for the role."""
        with self._session.upkeep() as tx:
            who = user.get_user(tx, ref)
            if who.key != tx.user_id or "role" in values:
                self._session.acting.must_be("owner")
            return user.change_user(tx, who, values)

    def remove(self, ref: str) -> None:
        """Let somebody do nothing here any more. Owners only."""
        with self._session.manage() as tx:
            user.remove_user(tx, user.get_user(tx, ref))


class Secrets:
    """Keys and passwords of other systems, encrypted at rest. Owners set them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[Secret]:
        """Return which secrets there are, never their values."""
        with self._session.read() as tx:
            return secret.list_secrets(tx)

    def get(self, name: str) -> str:
        """Return the value of a secret, for a connector to use; viewers may not."""
        self._session.acting.must_be("member")
        with self._session.read() as tx:
            return secret.get_secret(tx, self._session.db, name)

    def set(self, name: str, value: str) -> Secret:
        """Keep a secret, in place of the one of this name."""
        with self._session.manage() as tx:
            return secret.set_secret(tx, self._session.db, name, value)

    def remove(self, name: str) -> None:
        """Forget a secret."""
        with self._session.manage() as tx:
            secret.remove_secret(tx, name)

    def rotate(self) -> int:
        """Encrypt all secrets of the database with a new key; return how many there are.

        Killed halfway, everything can still be read, and the same again finishes it.
        """
        db = self._session.db
        self._session.acting.must_be("owner")
        with self._session.manage() as tx:  # whoever else rotates, or sets one, waits for it
            ring = secret.add_key(db)
            count = secret.encrypt_again(tx, ring)
        with self._session.manage():
            secret.drop_old_keys(db, ring.keys[0])
        return count
