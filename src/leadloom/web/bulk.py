"""Doing something with many rows: asked for, shown as a plan, and only then done."""

import contextlib
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from leadloom.errors import UsageError
from leadloom.storage.types import load_json
from leadloom.web.background import go_on
from leadloom.web.grid import Grid
from leadloom.web.looks import several
from leadloom.web.route import Role, Route, post
from leadloom.web.visit import Visit, plain
from leadloom.workspace.bulk import Chosen
from leadloom.workspace.views import RunView

# More than this many are worked on while the page goes on.
AT_ONCE: Final = 300
_EXPORTS: Final = ("csv", "xlsx", "json", "jsonl", "vcf")
_CHOSEN_BYTES: Final = 10_000_000
Plan = dict[str, Any]


def tag(grid: Grid, visit: Visit) -> Response:
    """Put a tag on rows, or take one away."""
    add, remove = _list(visit.field("add")), _list(visit.field("remove"))

    def plan(chosen: Chosen) -> Plan:
        return {"plan": visit.ws.bulk.plan_tags(chosen, add, remove)} if add or remove else {}

    def act(chosen: Chosen) -> Response:
        return _work(visit, chosen, "Tagging", lambda: visit.ws.bulk.tag(chosen, add, remove))

    return _step(grid, visit, "tag", plan, act)


def delete(grid: Grid, visit: Visit) -> Response:
    """Delete leads."""

    def act(chosen: Chosen) -> Response:
        return _work(visit, chosen, "Deleting", lambda: visit.ws.bulk.delete(chosen))

    return _step(grid, visit, "delete", lambda c: {"plan": visit.ws.bulk.plan_deletion(c)}, act)


def group(grid: Grid, visit: Visit) -> Response:
    """Put people into a group."""
    name = visit.field("group").strip()

    def plan(chosen: Chosen) -> Plan:
        shown = {"known": visit.ws.groups.list()}
        return {**shown, "leads": len(visit.ws.bulk.people(chosen))} if name else shown

    def act(chosen: Chosen) -> Response:
        added = visit.ws.bulk.group(chosen, name)
        return visit.done(f"{added:,} new in the group {name}.", go="", changed=True)

    return _step(grid, visit, "group", plan, act)


def enrich(grid: Grid, visit: Visit) -> Response:
    """Find what is missing of people."""

    def plan(chosen: Chosen) -> Plan:
        keys = visit.ws.bulk.people(chosen)
        report = visit.ws.enrich(lead_keys=keys[:AT_ONCE], dry_run=True)
        return {"report": report, "leads": len(keys), "looked_at": min(len(keys), AT_ONCE)}

    def act(chosen: Chosen) -> Response:
        keys = visit.ws.bulk.people(chosen)
        go_on(visit, lambda: visit.ws.enrich(lead_keys=keys))
        return visit.done(f"Enriching {several(len(keys), 'lead')}: see Runs.")

    return _step(grid, visit, "enrich", plan, act)


def draft(grid: Grid, visit: Visit) -> Response:
    """Write drafts to people."""
    template = visit.field("template")

    def plan(chosen: Chosen) -> Plan:
        templates = sorted({one.name for one in visit.ws.templates.list()})
        if not template:
            return {"templates": templates}
        keys = visit.ws.bulk.people(chosen)
        # Trying out holds up whoever wants to write: a few tell enough of many.
        report = visit.ws.draft(template=template, lead_keys=keys[:AT_ONCE], dry_run=True)
        return {"templates": templates, "report": report, "leads": len(keys)}

    def act(chosen: Chosen) -> Response:
        keys = visit.ws.bulk.people(chosen)
        if len(keys) > AT_ONCE:
            go_on(visit, lambda: visit.ws.draft(template=template, lead_keys=keys))
            return visit.done(f"Drafting to {len(keys):,} leads: see Runs.")
        report = visit.ws.draft(template=template, lead_keys=keys)
        undo = [report.run.uuid] if report.run else []
        return visit.done(
            f"{report.drafted + report.updated:,} drafts written.", undo=undo, go="", changed=True
        )

    return _step(grid, visit, "draft", plan, act)


def export(grid: Grid, visit: Visit) -> Response:
    """Give rows out as a file."""
    kind = visit.field("kind")
    if kind not in _EXPORTS:
        return visit.page(
            "_bulk.html", grid=grid, action="export", chosen=visit.field("chosen"), plan={}
        )
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="leadloom-"))
        path = Path(folder) / f"{grid.name}.{kind}"
        visit.ws.bulk.export(path, chosen_of(grid, visit))
        cleaning = BackgroundTask(opened.pop_all().close)  # when it is sent
    return FileResponse(path, filename=path.name, background=cleaning)


def chosen_of(grid: Grid, visit: Visit) -> Chosen:
    """Read which rows are meant: {"ids": […]}, or {"list": "the list's query", "besides": […]}."""
    try:
        told = load_json(visit.field("chosen"))
        ids = [plain(str(one)) for one in told["ids"]] if "ids" in told else None
        besides = [plain(str(one)) for one in told.get("besides", ())]
        asked = parse_qs(str(told.get("list", "")))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError("It cannot be read whom you chose: choose them again.") from error
    text, where = plain(asked.get("q", [""])[0]), [plain(one) for one in asked.get("f", [])]
    return Chosen(ids, text, where, asked.get("deleted") == ["1"], besides, grid.name)


def _step(
    grid: Grid,
    visit: Visit,
    action: str,
    plan: Callable[[Chosen], Plan],
    act: Callable[[Chosen], Response],
) -> Response:
    """Do it when the plan was agreed to; else show the plan, as far as enough is said for one."""
    chosen = chosen_of(grid, visit)
    if visit.field("agreed"):
        return act(chosen)
    said: Mapping[str, str] = {
        name: visit.field(name) for name in ("add", "remove", "group", "template")
    }
    given = {"action": action, "chosen": visit.field("chosen"), "said": said}
    html = visit.html("_bulk.html", grid=grid, plan=plan(chosen), **given)
    return visit.done(html=html, into="bulk", dialog=True)


def _work(visit: Visit, chosen: Chosen, doing: str, work: Callable[[], RunView]) -> Response:
    number = len(visit.ws.bulk.keys(chosen))
    what = f"{doing} {several(number, chosen.kind.noun)}"
    if number > AT_ONCE:
        go_on(visit, work)
        return visit.done(f"{what}: see Runs, where it can be undone.")
    return visit.done(f"{what} is done.", undo=[work().id], go="", changed=True)


def _list(text: str) -> list[str]:
    return [part for part in (one.strip() for one in text.replace(",", ";").split(";")) if part]


_ANSWERS: Final[Mapping[str, Callable[[Grid, Visit], Response]]] = {
    "tag": tag,
    "group": group,
    "enrich": enrich,
    "draft": draft,
    "export": export,
    "delete": delete,
}


def route_of(grid: Grid, action: str) -> Route:
    """Return the route of what can be done with many."""
    role: Role = "viewer" if action == "export" else "member"
    path = f"/{grid.name}/bulk/{action}"
    return post(path, partial(_ANSWERS[action], grid), role, most_bytes=_CHOSEN_BYTES)
