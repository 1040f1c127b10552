"""Everything that was done, and is being done: how far it came, what it cost, and its records."""

import time
from pathlib import Path
from typing import Any, Final

from starlette.responses import FileResponse, Response

from leadloom.errors import ConflictError, LeadloomError, NotFoundError, UsageError
from leadloom.runs.record import OUTCOMES as RECORD_OUTCOMES
from leadloom.web.background import go_on
from leadloom.web.enrich_money import read_usd, usd
from leadloom.web.imports_uploads import UPLOADS
from leadloom.web.route import get, post
from leadloom.web.runs_look import OUTCOMES, lasting, look
from leadloom.web.visit import Visit
from leadloom.workspace.views import RunView

PAGE: Final = 30
RECORDS: Final = 50
# What a run was about; those there are none of need no button.
KINDS: Final = {
    "import": "Imports",
    "enrich": "Enrichments",
    "draft": "Drafts",
    "resolve": "Comparisons",
    "edit": "Edits by hand",
}
# Reasons are counted again at every step only while that is quick.
_COUNTED_AT_WORK: Final = 100_000
# What did more than this is taken back while the page goes on.
_AT_ONCE: Final = 5_000
_EDITS: Final = 20
_REASONS: Final = 12
_CANCEL_WITHIN_S: Final = 600.0
_LOOK_EVERY_S: Final = 0.25
_BEGINS_WITHIN_S: Final = 5.0


def page(visit: Visit) -> Response:
    """Show the runs."""
    template = "_runs.html" if visit.is_by_script else "runs.html"
    return visit.page(template, **_list(visit))


def show(visit: Visit) -> Response:
    """Show one run and the first of its records."""
    if visit.is_by_script:
        return records(visit)
    run = visit.ws.runs.get(visit.part("id"))
    return visit.page("run.html", **_known(visit, run), **_records(visit, run))


def head(visit: Visit) -> Response:
    """Show how far a run has come."""
    return visit.page("_run.html", **_known(visit, visit.ws.runs.get(visit.part("id"))))


def records(visit: Visit) -> Response:
    """Show a page of a run's records."""
    run = visit.ws.runs.get(visit.part("id"))
    return visit.page("_run_records.html", run=run, **_records(visit, run))


def cancel(visit: Visit) -> Response:
    """Ask a run to stop; it can go on, unless what it did is to be taken back as well."""
    ref = visit.part("id")
    run = visit.ws.runs.cancel(ref)
    if visit.field("undo"):
        go_on(visit, lambda: _undo_when_it_stands(visit, ref))
        return _redrawn(visit, run, "Stopping, and taking back what was done.")
    said = "Paused." if run.status == "cancelled" else "It stops after its present batch."
    return _redrawn(visit, run, said)


def resume(visit: Visit) -> Response:
    """Let a run go on where it stopped, in a thread."""
    ref = visit.part("id")
    run = visit.ws.runs.get(ref)
    if not look(run, visit.ws.db.now()).may_go_on:
        raise ConflictError(f"This run cannot go on: it is {run.status}.")
    _check_files(run)
    budget = read_usd(visit.field("budget"))
    failed: list[LeadloomError] = []

    def work() -> None:
        try:
            visit.ws.runs.resume(ref, budget_usd=budget)
        except LeadloomError as error:
            failed.append(error)
            raise
        if visit.ws.runs.get(ref).status == "completed":
            UPLOADS.forget(str(run.id))

    go_on(visit, work)
    return _redrawn(visit, _once_it_goes(visit, run, failed), "It goes on.")


def plan_undo(visit: Visit) -> Response:
    """Show what undoing would take back."""
    ref = visit.part("id")
    return visit.page(
        "_run_undo.html", run=visit.ws.runs.get(ref), report=visit.ws.runs.undo(ref, dry_run=True)
    )


def undo(visit: Visit) -> Response:
    """Take back what a run did."""
    ref = visit.part("id")
    if visit.ws.runs.get(ref).processed > _AT_ONCE:
        go_on(visit, lambda: visit.ws.runs.undo(ref))
        return _redrawn(visit, visit.ws.runs.get(ref), "Taking it back; this page tells when.")
    report = visit.ws.runs.undo(ref)
    said = f"Taken back: {report.leads_removed:,} leads removed, {report.leads_changed:,} changed."
    return _redrawn(visit, visit.ws.runs.get(ref), said)


def problems(visit: Visit) -> Response:
    """Give the rows that could not be used, to be mended in a spreadsheet."""
    run = visit.ws.runs.get(visit.part("id"))
    path = _problems(visit, run)
    if path is None:
        raise NotFoundError("This run has no problems to download.")
    return FileResponse(
        path,
        media_type="text/csv; charset=utf-8",
        filename=f"problems-{path.name}",
        headers={"cache-control": "no-store"},
    )


def _problems(visit: Visit, run: RunView) -> Path | None:
    """Return the file of problems, only ever out of the folder they are written to."""
    if run.kind != "import" or not run.output:
        return None
    path, folder = Path(run.output), (visit.ws.db.folder / "problems").resolve()
    return path if path.is_file() and path.resolve().parent == folder else None


def _undo_when_it_stands(visit: Visit, ref: str) -> None:
    until = time.monotonic() + _CANCEL_WITHIN_S
    while visit.ws.runs.get(ref).status == "processing" and time.monotonic() < until:
        time.sleep(_LOOK_EVERY_S)
    visit.ws.runs.undo(ref)


def _once_it_goes(visit: Visit, before: RunView, failed: list[LeadloomError]) -> RunView:
    """Return the run as soon as it goes on. Raises what kept it from that."""
    until = time.monotonic() + _BEGINS_WITHIN_S
    run = before
    while run.status == before.status and time.monotonic() < until and not failed:
        time.sleep(_LOOK_EVERY_S / 5)
        run = visit.ws.runs.get(str(before.id))
    if failed and run.status == before.status:
        raise failed[0]
    return run


def _check_files(run: RunView) -> None:
    """Raise ConflictError when files that a run read are no longer there."""
    gone = [one["path"] for one in run.options.get("files", ()) if not Path(one["path"]).exists()]
    if gone:
        raise ConflictError(
            f"{Path(gone[0]).name} is no longer kept: import it again, rows that are in already "
            "will be found unchanged."
        )


def _redrawn(visit: Visit, run: RunView, said: str) -> Response:
    return visit.done(said, html=visit.html("_run.html", **_known(visit, run)), into="run")


def _list(visit: Visit) -> dict[str, Any]:
    kind = visit.query("kind")
    if kind and kind not in KINDS:
        raise UsageError(f"There are no runs of kind {kind[:40]!r}.")
    after = visit.query("after") or None
    found = visit.ws.runs.list(limit=PAGE, kind=kind or None, after=after)
    now = visit.ws.db.now()
    # Edits are many and seldom of interest, but for one of many leads that goes on, or could.
    edits = [] if kind or after else visit.ws.runs.list(limit=_EDITS, kind="edit").items
    seen = [look(one, now) for one in edits]
    shown = [one.run for one in seen if one.is_at_work or one.may_go_on] + found.items
    return {
        "looks": [look(one, now, UPLOADS.rows_of(str(one.id))) for one in shown],
        "next": found.next,
        "kind": kind,
        "kinds": KINDS,
        "lasting": lasting,
        "usd": usd,
        "after": after,
        "is_anything_there": bool(shown) or bool(visit.ws.runs.list(limit=1).items),
    }


def _known(visit: Visit, run: RunView) -> dict[str, Any]:
    seen = look(run, visit.ws.db.now(), UPLOADS.rows_of(str(run.id)))
    left_out = run.counts.get("failed", 0) + run.counts.get("skipped", 0)
    are_counted = left_out and (not seen.is_at_work or run.processed <= _COUNTED_AT_WORK)
    return {
        "run": run,
        "look": seen,
        "url": f"/runs/{run.id}",
        "outcomes": OUTCOMES,
        "lasting": lasting,
        "usd": usd,
        "reasons": visit.ws.runs.reasons(str(run.id), _REASONS) if are_counted else [],
        "asked": visit.ws.runs.asked(str(run.id)) if run.kind == "enrich" else [],
        "problems": _problems(visit, run),
    }


def _records(visit: Visit, run: RunView) -> dict[str, Any]:
    status, after = visit.query("status") or None, visit.query("after")
    at = int(after) if after.isdecimal() and len(after) < 12 else -1
    found = visit.ws.runs.record_page(str(run.id), status, after=at, limit=RECORDS)
    return {
        "records": found.items,
        "more": found.next,
        "chosen": status,
        "statuses": [one for one in _SHOWN if run.counts.get(one)],
        "is_first": at < 0,
    }


_SHOWN: Final = (*RECORD_OUTCOMES, "enriched", "deleted", "restored")

routes = [
    get("/runs", page, role="viewer"),
    get("/runs/{id}", show, role="viewer"),
    get("/runs/{id}/head", head, role="viewer"),
    get("/runs/{id}/records", records, role="viewer"),
    get("/runs/{id}/problems", problems, role="viewer"),
    get("/runs/{id}/undo", plan_undo, role="viewer"),
    post("/runs/{id}/cancel", cancel, role="member"),
    post("/runs/{id}/resume", resume, role="member"),
    post("/runs/{id}/undo", undo, role="member"),
]
