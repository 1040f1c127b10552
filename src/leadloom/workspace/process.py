"""The main job: from files to drafts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leadloom.outreach.drafting import Missing
from leadloom.workspace.reports import ProcessReport

if TYPE_CHECKING:
    from leadloom.workspace.workspace import Workspace

OnStep = Callable[[str, int, dict[str, int]], None]


def process(
    ws: "Workspace",
    paths: Sequence[str | Path],
    template: str | None,
    out: str | Path | None,
    variants: int | None,
    on_step: OnStep,
    on_missing: Missing,
) -> ProcessReport:
    """Import, enrich, draft and write out; each step tells `on_step` how far it is."""
    began = ws.db.now()

    def telling(step: str) -> Callable[[int, dict[str, int]], None]:
        return lambda done, counts: on_step(step, done, counts)

    taken = ws.import_files(paths, on_progress=telling("import"))
    keys = sorted(taken.touched)
    enriched = ws.enrich(lead_keys=keys, asking_outside=False, on_progress=telling("enrich"))
    drafted = ws.draft(
        template=template,
        variants=variants,
        lead_keys=keys,
        on_progress=telling("draft"),
        on_missing=on_missing,
    )
    written = None
    if out is not None:
        written = ws.campaigns.export(drafted.campaign, out, lead_keys=keys)
        on_step("export", written.rows, {})
    return ProcessReport(taken, enriched, drafted, written, (ws.db.now() - began).total_seconds())
