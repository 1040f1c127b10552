"""The web app: a thin door over the workspace, like the command line.

A screen is one file of this package, a template, and (when it does more than forms can) one module
of script. To add one, "shows" say:

1. `web/shows.py`: functions that take a `Visit` and return a response, and at the end

       routes = [
           get("/shows", page, role="viewer"),
           post("/shows/add", add, role="member"),
       ]

   Looking is `get` and changes nothing; doing is `post`. The role is checked before the function
   runs. Everything goes through `visit.ws`, the public Python API acting as whoever visits; raise
   `leadloom.errors` and the visitor sees the sentence. Answer with `visit.page("shows.html", …)`,
   or after doing something with `visit.done("Added the show.", undo=[run], go="/shows")`.
2. `web/routes.py`: one line. `nav.py` has its place in the side bar already: it appears with the
   route.
3. `templates/shows.html`: `{% extends "layout.html" %}`, blocks `title`, `actions` (buttons at the
   top right) and `main`. Pieces that are loaded again are files of their own, `_name.html`.
   Macros are in `_parts.html`, badges and faces in `pieces.py`. No style attribute and no inline
   script: the policy forbids both.
   `{{ icon("users") }}` draws an icon, filters are in `looks.py`, classes in `static/app.css`.
   A list of rows is a `grid.Grid`: say what its columns are, and it has all that grids have.
4. Behaviour without a script of your own (`static/act.js`):
   * `<form method="post" action="/shows/add" data-send>{{ visit.token_field }} …` is sent in the
     background and its `done` acted upon: toast, Undo, other page, or a piece put in place (`html`,
     `into`); `data-confirm="Delete it?"` asks first.
   * `<a href="/shows/new" data-dialog>` shows what the address answers (a piece) in a dialog.
   * `<section id="x" data-live="run.* show.*" data-src="/shows/list">` is loaded again when such
     events happen; `data-load` loads it once the page is there.
   A script of your own is `static/shows.js`, named by `{% block script %}`; all own scripts
   together stay under 30 KB.
5. `tests/web/test_shows.py`: the main task in a real browser with the fixtures of
   `tests/web/conftest.py`; `visit` fails a test on console errors and foreign requests, `axe`
   on what cannot be read or reached. `tests/web/test_access.py` tries every route by itself.
"""

from leadloom.web.app import create_app
from leadloom.web.server import serve
from leadloom.web.site import Options

__all__ = ["Options", "create_app", "serve"]
