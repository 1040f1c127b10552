"""The verbs on saved views: a list as somebody wants to find it again, by a name of their own."""

from dataclasses import dataclass
from typing import Final

from leadloom.accounts import user as users
from leadloom.errors import NotFoundError, UsageError
from leadloom.workspace.session import Session
from leadloom.workspace.views import View

_SETTING: Final = "view."
_LISTS: Final = ("leads", "companies")
_LONGEST_NAME: Final = 60
_LONGEST_QUERY: Final = 2_000


@dataclass(frozen=True, slots=True)
class SavedView(View):
    """A view: its name, and what the list's address says after the question mark."""

    name: str
    query: str


class SavedViews:
    """Views of whoever acts; `of` is the list, "leads" or "companies"."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, of: str) -> list[SavedView]:
        """Return the views of a list, by name."""
        prefix = _prefix(of)
        with self._session.read() as tx:
            kept = users.get_user(tx, self._session.acting.user).settings
        found = [
            SavedView(name.removeprefix(prefix), query)
            for name, query in kept.items()
            if name.startswith(prefix)
        ]
        return sorted(found, key=lambda view: view.name.casefold())

    def save(self, of: str, name: str, query: str) -> SavedView:
        """Keep a view, in place of one of this name. Raises UsageError for a name that is none."""
        name = " ".join(name.split())
        if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
            raise UsageError(f"A view's name is 1 to {_LONGEST_NAME} printable characters.")
        if len(query) > _LONGEST_QUERY:
            raise UsageError("This list has too many conditions to be kept: take some away.")
        self._set(_prefix(of) + name, query or "-")
        return SavedView(name, query)

    def remove(self, of: str, name: str) -> None:
        """Forget a view. Raises NotFoundError."""
        if all(view.name != name for view in self.list(of)):
            raise NotFoundError(f"There is no view {name[:60]!r} of the {of}.")
        self._set(_prefix(of) + name, "")

    def _set(self, setting: str, value: str) -> None:
        with self._session.upkeep() as tx:
            me = users.get_user(tx, self._session.acting.user)
            users.change_user(tx, me, {f"setting.{setting}": value})


def _prefix(of: str) -> str:
    if of not in _LISTS:
        raise UsageError(f"Views are of {' or '.join(_LISTS)}, not of {of!r}.")
    return f"{_SETTING}{of}."
