"""Commands that take leads as well as companies: which of the two are meant."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.mergeable import Mergeable

_ANSWERS = "An id, a lead's e-mail address, or a company's domain."
First = Annotated[str, typer.Argument(metavar="A", help=_ANSWERS)]
Second = Annotated[str, typer.Argument(metavar="B", help="Another one's.")]
Either = Annotated[str, typer.Argument(metavar="ID", help=_ANSWERS)]


def verbs_of(ws: "Workspace", *refs: str) -> "Mergeable[Any]":
    """Return the verbs on leads, or those on companies: on what the refs name.

    Raises NotFoundError when one names neither, UsageError when they name one of each.
    """
    found = {ref: _is_lead(ws, ref) for ref in refs}
    if len(set(found.values())) > 1:
        lead, firm = sorted(found, key=lambda ref: not found[ref])
        raise UsageError(
            f"{lead!r} is a lead and {firm!r} a company: name two leads, or two companies."
        )
    return ws.leads if all(found.values()) else ws.companies


def name_of(one: Any) -> str:
    """Return what to call a lead or a company."""
    names = (getattr(one, name, None) for name in ("full_name", "name", "email", "domain"))
    return next((str(name) for name in names if name), str(one.id))


def _is_lead(ws: "Workspace", ref: str) -> bool:
    try:
        ws.leads.get(ref)
    except NotFoundError as error:
        try:
            ws.companies.get(ref)
        except NotFoundError:
            raise NotFoundError(_neither(str(error))) from None
        return False
    return True


def _neither(said: str) -> str:
    return said.replace("No lead answers", "No lead and no company answers", 1)
