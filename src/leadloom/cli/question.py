"""Asking before something that cannot be taken back lightly."""

import typer

from leadloom.errors import LeadloomError, UsageError


class RefusedError(LeadloomError):
    """The user said no."""


def confirm(question: str) -> None:
    """Ask; return when the answer is yes.

    Raises RefusedError when it is no, UsageError when there is nobody to answer.
    """
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        raise UsageError(f"Nobody answered {question!r}: add --yes to go on without it.") from None
    if not agreed:
        raise RefusedError("Nothing was changed, as you asked.")
