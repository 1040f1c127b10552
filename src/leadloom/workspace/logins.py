"""The verbs on passwords and sessions: who may log in to the web app, and who has."""

import dataclasses
import uuid

from leadloom.accounts import password as passwords
from leadloom.accounts import session as sessions
from leadloom.accounts import user as users
from leadloom.accounts.acting import Acting
from leadloom.accounts.session import Login
from leadloom.errors import NotFoundError, UsageError
from leadloom.workspace.session import Session


class Logins:
    """Passwords and sessions; `ref` is a user's e-mail address, name or id."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def set_password(self, ref: str, password: str | None) -> int:
        """Give a user a password (None: take it), and log them out everywhere.

        Owners anybody's, everybody their own. Return from how many browsers they were logged out.
        """
        with self._session.upkeep() as tx:
            who = users.get_user(tx, ref)
            if who.key != tx.user_id:
                self._session.acting.must_be("owner")
            passwords.set_password(tx, who, password)
            return sessions.end_all(tx, who)

    def change_password(self, before: str, after: str, agent: str | None = None) -> str:
        """Give whoever acts another password, and log them in anew; return the token for that.

        Raises UsageError when `before` is not the one they have.
        """
        with self._session.upkeep() as tx:
            me = users.get_user(tx, self._session.acting.user)
            if passwords.who_has(tx, me.email or "", before) is None:
                raise UsageError("That is not the password you have now: nothing was changed.")
            passwords.set_password(tx, me, after)
            sessions.end_all(tx, me)
            return sessions.begin(tx, me, agent)

    def are_possible(self) -> bool:
        """Whether anybody here has a password."""
        with self._session.read() as tx:
            return passwords.can_anybody_log_in(tx)

    def begin(self, email: str, password: str, agent: str | None = None) -> str | None:
        """Log somebody in; return the token for their browser. None: wrong address or password."""
        with self._session.read() as tx:
            who = passwords.who_has(tx, email, password)
        if who is None:
            return None
        with self._session.upkeep() as tx:
            theirs = dataclasses.replace(tx, user_id=who.key)
            return sessions.begin(theirs, who, agent)

    def find(self, token: str) -> Acting | None:
        """Return who a browser's token says is there, if it opens a session still."""
        if not token:
            return None
        with self._session.read() as tx:
            found = sessions.find(tx, token)
        if found is None:
            return None
        if found.is_stale:
            with self._session.upkeep() as tx:
                sessions.touch(tx, found)
        here = self._session.acting
        return Acting(here.workspace_id, here.workspace, found.user_id, found.user, found.role)

    def end(self, token: str) -> None:
        """Log a browser out."""
        with self._session.upkeep() as tx:
            sessions.end(tx, token)

    def revoke(self, id: str | uuid.UUID) -> None:
        """End a session: owners anybody's, everybody their own. Raises NotFoundError."""
        try:
            known = uuid.UUID(str(id))
        except ValueError as error:
            raise NotFoundError(f"{str(id)[:60]!r} is no session: see their list.") from error
        with self._session.upkeep() as tx:
            mine = self._session.acting.role != "owner"
            who = users.get_user(tx, self._session.acting.user) if mine else None
            sessions.end_one(tx, known, who)

    def list(self, ref: str | None = None) -> list[Login]:
        """Return who is logged in, of all users or of one; only owners see others."""
        with self._session.read() as tx:
            who = users.get_user(tx, ref) if ref is not None else None
            if who is None or who.key != tx.user_id:
                self._session.acting.must_be("owner")
            return sessions.list_sessions(tx, who)
