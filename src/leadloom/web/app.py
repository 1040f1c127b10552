"""The application: routes with their guard, files, news, and errors, put together."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path

from leadloom.web import access, background, faults, nav, tokens
from leadloom.web.assets import Assets
from leadloom.web.headers import SafeHeaders
from leadloom.web.imports_uploads import UPLOADS
from leadloom.web.live import Live
from leadloom.web.rendering import Rendering
from leadloom.web.route import Route
from leadloom.web.routes import ROUTES
from leadloom.web.site import Options, Site
from leadloom.web.visit import Visit
from leadloom.workspace import Workspace

_MOST_FIELDS = 20_000
_MOST_FILES = 50
# Of one field: unlike files, fields are held in memory.
_MOST_FIELD_BYTES = 10_000_000


def create_app(ws: Workspace, options: Options) -> Starlette:
    """Put the site together over an open workspace, which stays the caller's to close."""
    assets = Assets()
    site = Site(ws, options, assets, Live(ws), Rendering(assets))
    site.rendering.add(
        navigation=nav.shown(ROUTES), harmless=lambda text: faults.harmless(text, ws.label)
    )
    app = Starlette(
        routes=[
            Path("/static/{version}/{name}", assets.serve, methods=["GET"]),
            *(_path(site, one) for one in ROUTES),
        ],
        middleware=[Middleware(SafeHeaders), Middleware(GZipMiddleware, 500, 5)],
        exception_handlers={HTTPException: faults.answer},
        lifespan=_lifespan,
    )
    app.state.site = site
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    site: Site = app.state.site
    await run_in_threadpool(site.rendering.warm)
    site.live.start()
    await run_in_threadpool(background.go_on_again, site.ws, site.options.explain)
    yield
    site.live.stop()
    await run_in_threadpool(background.stop)
    await run_in_threadpool(UPLOADS.close)


def _path(site: Site, route: Route) -> Path:
    answer = _guarded(site, route)
    return Path(route.path, answer, methods=[route.method], max_body_size=route.most_bytes)


def _guarded(site: Site, route: Route) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers at a route, with its guard before it."""

    async def answer(request: Request) -> Response:
        try:
            return await visited(request)
        except Exception as error:
            return await faults.answer(request, error)

    async def visited(request: Request) -> Response:
        access.check_host(site, request)
        access.check_place(site, request)
        if site.options.needs_login:
            who = await run_in_threadpool(access.visitor, site, request, route)
        else:  # nothing is looked up then: no thread is worth it
            who = access.visitor(site, request, route)
        async with contextlib.AsyncExitStack() as opened:
            form = FormData()
            if route.method == "POST":
                access.check_origin(request)
                form = await opened.enter_async_context(_form(request, route))
                access.check_token(request, form, who.seed)
            visit = Visit(request, site, who.ws, tokens.mask(who.seed), form)
            response = await run_in_threadpool(route.answer, visit)
        access.remember_seed(response, request, who)
        return response

    return answer


def _form(request: Request, route: Route) -> contextlib.AbstractAsyncContextManager[FormData]:
    return request.form(
        max_files=_MOST_FILES,
        max_fields=_MOST_FIELDS,
        max_part_size=min(route.most_bytes, _MOST_FIELD_BYTES),
    )
