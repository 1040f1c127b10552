"""Errors as visitors see them: a page, or JSON for a script, that says what to do."""

import re
from typing import Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from leadloom import errors
from leadloom.web.access import StrangerError
from leadloom.web.site import Site
from leadloom.web.visit import BY_SCRIPT

_STATUS: Final[dict[type[Exception], int]] = {
    errors.NotFoundError: 404,
    errors.UsageError: 400,
    errors.InputError: 400,
    errors.AccessError: 403,
    errors.ConflictError: 409,
    errors.DatabaseError: 503,
}
_SAID: Final = {
    400: "What was sent cannot be read: load the page again, then send it once more.",
    404: "There is no such page: it was moved or deleted, or the address has a slip.",
    405: "That cannot be done at this address.",
    413: "That is too large: send fewer or smaller files at a time.",
}


_ELSEWHERE: Final = "`leadloom doctor`, where this site is kept, says more."
_UNFORESEEN: Final = f"Something went wrong that nobody foresaw: try again. {_ELSEWHERE}"
_DETAILS: Final = re.compile(r"\s*\(.*\)|\s*reported: .*", re.DOTALL)


def harmless(text: str, label: str) -> str:
    """Return an error's sentence without what tells where the database is, or who may open it.

    `label`: what the database is called in messages; what its driver said stands in brackets.
    """
    if label not in text:
        return text
    told = _DETAILS.sub("", text.replace(f" {label}", "")).rstrip(". ")
    return f"{told.replace(label, '').strip() or 'The database cannot answer'}. {_ELSEWHERE}"


async def answer(request: Request, error: Exception) -> Response:
    """Answer an error with one sentence and what to do."""
    site: Site = request.app.state.site
    by_script = BY_SCRIPT in request.headers
    if isinstance(error, StrangerError) and request.method == "GET" and not by_script:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
    status, sentence = _told(site, error)
    if by_script:
        return JSONResponse({"error": sentence}, status)
    page = site.render("error.html", status=status, sentence=sentence)
    return HTMLResponse(page, status)


def _told(site: Site, error: Exception) -> tuple[int, str]:
    if isinstance(error, StrangerError):
        return 401, str(error)
    if isinstance(error, errors.LeadloomError):
        kind = next((kind for kind in _STATUS if isinstance(error, kind)), None)
        said = harmless(str(error), site.ws.label)
        return _STATUS.get(kind, 500) if kind else 500, said
    if isinstance(error, HTTPException):
        return error.status_code, _SAID.get(error.status_code, f"{error.detail}.")
    explained = site.options.explain(error)
    return 500, _UNFORESEEN if site.options.needs_login else explained
