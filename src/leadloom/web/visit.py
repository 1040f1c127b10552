"""A visit: one request by somebody who may make it, as the functions that answer see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from leadloom.errors import UsageError
from leadloom.web.tokens import FIELD as TOKEN
from leadloom.workspace import Workspace
from leadloom.workspace.views import jsonable

if TYPE_CHECKING:
    from leadloom.web.site import Site

# Scripts of our own say so; a page of somebody else cannot without being asked first (CORS).
BY_SCRIPT = "x-leadloom"


@dataclass(frozen=True, slots=True)
class Visit:
    """What was asked, of whose workspace, and the ways to answer.

    `ws` acts as whoever visits; `token` is what forms carry against forgery.
    """

    request: Request
    site: "Site"
    ws: Workspace
    token: str
    form: FormData

    def part(self, name: str) -> str:
        """Return what stands in the path for {name}."""
        return plain(str(self.request.path_params[name]))

    def query(self, name: str, default: str = "") -> str:
        """Return a parameter of the address."""
        return plain(self.request.query_params.get(name, default))

    def queries(self, name: str) -> list[str]:
        """Return all parameters of one name."""
        return [plain(one) for one in self.request.query_params.getlist(name)]

    def number(self, name: str, default: int = 0, most: int = 2**53) -> int:
        """Return a parameter that is a whole number from 0 to `most`. Raises UsageError."""
        text = self.query(name) or str(default)
        # Leading zeros too: Python reads no number of thousands of digits.
        is_whole = text.isascii() and text.isdigit() and len(text) < 17
        if not is_whole or int(text) > most:
            raise UsageError(f"{name}={text[:40]!r}: write a whole number from 0 to {most}.")
        return int(text)

    def field(self, name: str, default: str = "") -> str:
        """Return a field of the form."""
        value = self.form.get(name, default)
        return plain(value) if isinstance(value, str) else default

    def fields(self, name: str) -> list[str]:
        """Return all fields of one name."""
        return [plain(value) for value in self.form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """Return the files of the form; see `uploads.kept` for putting them down safely."""
        return [value for value in self.form.getlist(name) if isinstance(value, UploadFile)]

    def is_at(self, path: str) -> bool:
        """Whether this is a page of the place at `path`."""
        here = self.request.url.path
        return here == path or here.startswith(f"{path}/")

    @property
    def theme(self) -> str:
        """Return "light" or "dark" as chosen on this browser; "" follows the system."""
        said = self.request.cookies.get("leadloom-theme", "")
        return said if said in ("light", "dark") else ""

    @property
    def is_logged_in(self) -> bool:
        """Whether it is somebody who logged in, and may log out."""
        return self.site.options.needs_login

    @property
    def may_write(self) -> bool:
        """Whether who visits may change anything."""
        return self.ws.acting.role != "viewer"

    @property
    def is_by_script(self) -> bool:
        """Whether one of our own scripts asks, and wants a piece or an answer in JSON."""
        return BY_SCRIPT in self.request.headers

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Answer with a page, or a piece of one, made of a template."""
        return HTMLResponse(self.html(template, **context), status)

    def html(self, template: str, **context: Any) -> str:
        """Return what a template makes of the context."""
        return self.site.render(template, visit=self, **context)

    @property
    def token_field(self) -> Markup:
        """Return the hidden field that every form must carry."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN, self.token)

    def done(
        self,
        said: str | None = None,
        *,
        undo: Sequence[Any] = (),
        go: str | None = None,
        html: str | None = None,
        into: str | None = None,
        **more: Any,
    ) -> Response:
        """Answer a form that was acted upon.

        `said` appears as a toast, with Undo when `undo` names the runs that did it. `go`: the
        address to go to ("" stays and loads again). `html` takes the place of what stands in the
        element with the id `into`. Without scripts it goes back to where the form was.
        """
        if not self.is_by_script:
            return self.go(go or self.request.headers.get("referer", "/"))
        answer: dict[str, Any] = {"said": said, "undo": [str(run) for run in undo]}
        answer |= {"go": go, "html": html, "into": into, **jsonable(more)}
        return JSONResponse(
            {name: value for name, value in answer.items() if value not in (None, [])}
        )

    def json(self, value: Any) -> Response:
        """Answer with values for a script."""
        return JSONResponse(jsonable(value))

    def go(self, url: str) -> Response:
        """Send the visitor to another page of this site."""
        return RedirectResponse(own_path(url), 303)


def plain(text: str) -> str:
    """Return a text without the character that no database can look for or keep (NUL)."""
    return text.replace("\0", "")


def own_path(url: str) -> str:
    """Return the part of an address that lies on this site; "/" when it leads elsewhere."""
    for scheme in ("http://", "https://"):
        if url.startswith(scheme):
            url = "/" + url[len(scheme) :].partition("/")[2]
    is_own = url.startswith("/") and not url.startswith(("//", "/\\"))
    return url if is_own and url.isprintable() and "\\" not in url else "/"
