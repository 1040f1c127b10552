"""What the long verbs come to, in the shapes that scripts rely on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from leadloom.enrich.enricher import Enriched
from leadloom.enrich.estimate import Estimate
from leadloom.exports import Written
from leadloom.ids import IdSet
from leadloom.imports.importer import Imported, MappedTable, Unreadable
from leadloom.outreach.drafting import DraftReport
from leadloom.runs.run import Run
from leadloom.workspace.views import PreviewRow, View, jsonable


@dataclass(frozen=True, slots=True)
class ImportReport(View):
    """What became of every row of an import, and which files could not be read (to their end).

    `woven` is how many rows spoke of a person another row had spoken of; `touched` the inner keys
    of the leads the rows belong to.
    """

    run: Run
    files: list[str]
    rows: int
    counts: dict[str, int]
    leads: int
    companies: int
    woven: int
    seconds: float
    problems: Path | None
    tables: list[MappedTable]
    previews: list[PreviewRow]
    touched: IdSet
    is_dry_run: bool
    unreadable: list[Unreadable]

    @classmethod
    def of(cls, imported: Imported, *, is_dry_run: bool = False) -> "ImportReport":
        """Make the report of an import."""
        previews = [
            PreviewRow(
                arrival.row_number or arrival.position,
                outcome.status,
                outcome.reason,
                _name(arrival.said()),
            )
            for arrival, outcome in imported.previews
        ]
        return cls(
            imported.run,
            imported.files,
            imported.rows,
            imported.counts,
            len(imported.leads),
            imported.companies,
            imported.people_rows - len(imported.leads),
            imported.seconds,
            imported.problems,
            imported.tables,
            previews,
            imported.leads,
            is_dry_run,
            imported.unreadable,
        )

    @property
    def has_failures(self) -> bool:
        """Whether a row could not be used, or a file not be read."""
        return bool(self.counts["failed"] or self.unreadable)

    def as_json(self) -> dict[str, Any]:
        """Return the contract's object; a dry run adds the mapping and what each row would do."""
        shape: dict[str, Any] = {
            "run": None if self.is_dry_run else str(self.run.uuid),
            "files": self.files,
            "rows": self.rows,
            **self.counts,
            "leads": self.leads,
            "companies": self.companies,
            "seconds": self.seconds,
            "problems": str(self.problems) if self.problems else None,
        }
        if self.unreadable:
            shape["unreadable"] = jsonable(self.unreadable)
        if self.is_dry_run:
            shape |= {"dry_run": True, "tables": [_table(one) for one in self.tables]}
            shape["preview"] = jsonable(self.previews)
        return shape


def _name(said: Mapping[str, Any]) -> str | None:
    address = (said.get("email") or [None])[0]
    return said.get("full_name") or address or said.get("company")


def _table(table: MappedTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "layout": table.mapping.layout,
        "notes": table.notes,
        "columns": [
            {
                "column": column,
                "field": target.field,
                "why": target.why,
                "samples": table.samples.get(column, []),
            }
            for column, target in table.mapping.columns.items()
        ],
    }


@dataclass(frozen=True, slots=True)
class EnrichReport(View):
    """What enrichment came to."""

    run: Run
    counts: dict[str, int]
    facts: int
    by_field: dict[str, int]
    cost: Decimal
    seconds: float
    by_provider: dict[str, dict[str, int]]
    expected: Estimate | None
    left_out: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        done: Enriched,
        seconds: float,
        expected: Estimate | None = None,
        left_out: dict[str, str] | None = None,
    ) -> "EnrichReport":
        """Make the report of a run; `left_out` says why somebody was not asked, by name."""
        fields = dict(done.by_field.most_common())
        return cls(
            done.run,
            dict(done.counts),
            sum(fields.values()),
            fields,
            done.cost_usd,
            round(seconds, 3),
            done.by_provider,
            expected,
            left_out or {},
        )

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        shape: dict[str, Any] = {
            "run": str(self.run.uuid),
            "status": self.run.status,
            "counts": self.counts,
            "facts": self.facts,
            "by_field": self.by_field,
            "cost": float(self.cost),
            "seconds": self.seconds,
        }
        if self.by_provider:
            shape["by_provider"] = self.by_provider
        if self.left_out:
            shape["left_out"] = self.left_out
        if self.expected:
            shape["expected"] = _expected(self.expected)
        return shape


def _expected(expected: Estimate) -> dict[str, Any]:
    return {
        "leads": expected.leads,
        "least_usd": str(expected.least_usd),
        "most_usd": str(expected.most_usd),
        "by_provider": {
            name: {
                "cached": one.cached,
                "least": one.least,
                "most": one.most,
                "least_usd": str(one.least_usd),
                "most_usd": str(one.most_usd),
            }
            for name, one in expected.by_provider.items()
        },
    }


@dataclass(frozen=True, slots=True)
class ProcessReport(View):
    """What the main job came to. `changed` is false when everything was there already."""

    import_: ImportReport
    enrich: EnrichReport
    draft: DraftReport
    written: Written | None
    seconds: float

    @property
    def cost(self) -> Decimal:
        """What outside calls cost, in USD."""
        return self.enrich.cost

    @property
    def changed(self) -> bool:
        """Whether anything is different from before."""
        counts = self.import_.counts
        news = counts["created"] + counts["updated"] + self.enrich.counts.get("enriched", 0)
        news += self.draft.drafted + self.draft.updated
        return bool(news or (self.written and self.written.changed))

    def as_json(self) -> dict[str, Any]:
        """Return this as JSON-able values."""
        return {
            "changed": self.changed,
            "import": self.import_.as_json(),
            "enrich": self.enrich.as_json(),
            "draft": jsonable(self.draft.as_json()),
            "leads": self.import_.leads,
            "companies": self.import_.companies,
            "duplicates_woven": self.import_.woven,
            "facts": self.enrich.facts,
            "cost": float(self.cost),
            "drafts": self.written.path if self.written else None,
            "exported": self.written.rows if self.written else 0,
            "seconds": self.seconds,
        }
