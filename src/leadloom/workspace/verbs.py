"""Verbs of one kind, imported when first used: a command needs few of them, and they are many."""

from pkgutil import resolve_name
from typing import Any

from leadloom.undisturbed import undisturbed


def verbs(of: str) -> Any:
    """Return an attribute of `Workspace` that is made of its session when first asked for.

    `of`: "module:Class" within this package; the class takes a `Session`.
    """
    return _Verbs(of)


class _Verbs:
    def __init__(self, of: str) -> None:
        self._of = of

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, workspace: Any, owner: type | None = None) -> Any:
        if workspace is None:
            return self
        with undisturbed():
            kind = resolve_name(f"{__package__}.{self._of}")
        made = kind(workspace._session)
        workspace.__dict__[self._name] = made  # found there before here from now on
        return made
