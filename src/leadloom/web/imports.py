"""Bringing files in: drop them, see what would become of them, mend it, and do it."""

import threading
from collections import defaultdict
from typing import Any, Final

from starlette.responses import Response

from leadloom.errors import LeadloomError, NotFoundError, UsageError
from leadloom.imports.importer import MappedTable
from leadloom.imports.request import POLICIES
from leadloom.web import imports_fields
from leadloom.web.background import go_on
from leadloom.web.imports_uploads import MOST_BYTES, MOST_FILES, UPLOADS, Upload
from leadloom.web.route import get, post
from leadloom.web.runs_look import OUTCOMES, listed, look
from leadloom.web.visit import Visit
from leadloom.workspace.reports import ImportReport
from leadloom.workspace.views import PreviewRow

# Rows of each table that are tried before; all of them are taken in.
TRIED: Final = 2_000
_SHOWN: Final = 40
_LONGEST: Final = 200
_RECENT: Final = 8
_STARTS_WITHIN_S: Final = 20
_POLICIES: Final = {
    "prefer-new": "The new value wins, if its source is trusted as much",
    "prefer-existing": "What is there stays, lists are joined",
    "fill-empty": "Only what is empty is filled",
}


def page(visit: Visit) -> Response:
    """Show where to drop files, those that wait, and the last imports."""
    return visit.page("import.html", **_start(visit))


def recent(visit: Visit) -> Response:
    """Show the last imports."""
    return visit.page("_import_recent.html", **_start(visit))


def upload(visit: Visit) -> Response:
    """Keep files, and go on to what they would bring."""
    taken = UPLOADS.take(visit, visit.files("file"))
    return visit.done(" ".join(taken.refused) or None, go=f"/import/{taken.token}")


def review(visit: Visit) -> Response:
    """Show the page of files that wait; what they would bring is loaded after it."""
    found = UPLOADS.get(visit, visit.part("token"))
    if found.run:
        return visit.go(f"/runs/{found.run}")
    return visit.page("import_review.html", upload=found, title=listed(found.names))


def plan(visit: Visit) -> Response:
    """Show what files would bring."""
    found = UPLOADS.get(visit, visit.part("token"))
    return visit.page("_import_plan.html", **_planned(visit, found))


def column(visit: Visit) -> Response:
    """Show what a column can become."""
    found = UPLOADS.get(visit, visit.part("token"))
    table, name = _column(found, visit.query("table"), visit.query("column"))
    return visit.page(
        "_import_column.html",
        upload=found,
        table=table,
        column=name,
        target=table.mapping.columns[name],
        said=found.of_table.get(table.key, {}).get(name, ""),
        choices=list(imports_fields.choices(name)),
    )


def map_(visit: Visit) -> Response:
    """Say what a column holds; without a field it is found out again."""
    found = UPLOADS.get(visit, visit.part("token"))
    table, name = _column(found, visit.field("table"), visit.field("column"))
    field = visit.field("field")
    known = {one for _, group in imports_fields.choices(name) for one, _ in group}
    if field and field not in known:
        raise UsageError(f"There is no field {field[:60]!r}: choose one of the list.")
    said = found.of_table.setdefault(table.key, {})
    said.pop(name, None)
    if field:
        said[name] = field
    return _replanned(visit, found)


def options(visit: Visit) -> Response:
    """Say how the files are to be read."""
    found = UPLOADS.get(visit, visit.part("token"))
    policy = visit.field("policy")
    if policy not in POLICIES:
        raise UsageError("Choose what happens to fields that hold something already.")
    found.policy = policy
    for name in ("source", "sheet", "encoding"):
        setattr(found, name, " ".join(visit.field(name).split())[:_LONGEST])
    return _replanned(visit, found)


def run(visit: Visit) -> Response:
    """Take the files in; the run's page shows how far it has come."""
    found = UPLOADS.get(visit, visit.part("token"))
    if not found.is_busy and not found.run:
        _begin(visit, found)
    return visit.done(go=f"/runs/{found.run}" if found.run else "/runs")


def drop(visit: Visit) -> Response:
    """Delete files that wait."""
    found = UPLOADS.get(visit, visit.part("token"))
    if found.is_busy:
        raise UsageError("These files are being imported: cancel the run first.")
    UPLOADS.drop(found)
    return visit.done("The files were deleted; nothing was imported.", go="/import")


def _begin(visit: Visit, found: Upload) -> None:
    """Start the import in a thread, and wait until its run is there or it failed."""
    begun = threading.Event()
    failed: list[LeadloomError] = []
    found.is_busy = True

    def started(run: object) -> None:
        found.run = str(run)
        begun.set()

    def work() -> None:
        try:
            report = visit.ws.import_files(found.paths, on_start=started, **_said(found))
            if report.run.status == "completed":
                UPLOADS.drop(found)
        except LeadloomError as error:
            failed.append(error)
            raise
        finally:
            found.is_busy = False
            begun.set()

    go_on(visit, work)
    begun.wait(_STARTS_WITHIN_S)
    if failed and not found.run:
        raise failed[0]


def _said(found: Upload) -> dict[str, Any]:
    """Return what was said of how files are to be read, as the verb takes it."""
    return {
        "policy": found.policy,
        "source": found.source or None,
        "sheet": found.sheet or None,
        "encoding": found.encoding or None,
        "of_table": found.of_table,
    }


def _replanned(visit: Visit, found: Upload) -> Response:
    html = visit.html("_import_plan.html", **_planned(visit, found))
    return visit.done(html=html, into="plan")


def _planned(visit: Visit, found: Upload) -> dict[str, Any]:
    """Return what the files would bring: tried out, and taken back."""
    known: dict[str, Any] = {"upload": found, "label": imports_fields.label, "outcomes": OUTCOMES}
    known |= {"policies": _POLICIES, "report": None, "problem": None, "tried": TRIED}
    try:
        report = visit.ws.import_files(found.paths, dry_run=True, dry_rows=TRIED, **_said(found))
    except LeadloomError as error:
        return known | {"problem": _shortened(found, str(error))}
    found.tables = report.tables
    if report.rows < TRIED:
        found.rows = report.rows
    return known | {
        "report": report,
        "plain": lambda text: _shortened(found, text),
        "rows": _by_outcome(report),
        "is_cut": report.rows >= TRIED,
        "unreadable": [_shortened(found, one.reason) for one in report.unreadable],
    }


def _shortened(found: Upload, text: str) -> str:
    """Return a text that names files without their folders, which are nobody's business."""
    for path in found.paths:
        text = text.replace(str(path), path.name)
    return text


def _by_outcome(report: ImportReport) -> dict[str, list[PreviewRow]]:
    rows: dict[str, list[PreviewRow]] = defaultdict(list)
    for one in report.previews:
        if len(rows[one.status]) < _SHOWN:
            rows[one.status].append(one)
    return rows


def _column(found: Upload, key: str, name: str) -> tuple[MappedTable, str]:
    table = next((one for one in found.tables if one.key == key), None)
    if table is None or name not in table.mapping.columns:
        raise NotFoundError("There is no such column any more: load the page again.")
    return table, name


def _start(visit: Visit) -> dict[str, Any]:
    found = visit.ws.runs.list(limit=_RECENT, kind="import").items
    now = visit.ws.db.now()
    return {
        "waiting": UPLOADS.waiting(visit),
        "looks": [look(one, now, UPLOADS.rows_of(str(one.id))) for one in found],
        "most_files": MOST_FILES,
        "most_mb": MOST_BYTES // 1_000_000,
    }


routes = [
    get("/import", page, role="viewer"),
    get("/import/recent", recent, role="viewer"),
    post("/import/upload", upload, role="member", most_bytes=MOST_BYTES),
    get("/import/{token}", review, role="member"),
    get("/import/{token}/plan", plan, role="member"),
    get("/import/{token}/column", column, role="member"),
    post("/import/{token}/column", map_, role="member"),
    post("/import/{token}/options", options, role="member"),
    post("/import/{token}/run", run, role="member"),
    post("/import/{token}/drop", drop, role="member"),
]
