"""The main job: from files to drafts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from leadloom.outreach.drafting import Missing
from leadloom.resolve.merge import roots_of
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import leads
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
    enriched = ws.enrich(lead_keys=keys, on_progress=telling("enrich"))
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


def only_of(
    tx: Tx, rows: Iterable[Mapping[str, Any]], keys: Sequence[int]
) -> Iterator[Mapping[str, Any]]:
    """Yield the rows that are about these leads."""
    wanted: set[str] = set()
    for some in chunks(sorted(roots_of(tx, keys))):
        query = sa.select(leads.c.uuid).where(
            leads.c.workspace_id == tx.workspace_id, leads.c.id.in_(some)
        )
        wanted.update(str(one) for one in tx.conn.scalars(query))
    return (row for row in rows if str(row["lead_id"]) in wanted)
