"""From a row as received to an arrival: facts read, keys and columns worked out. Pure and costly,
so it may run in another process (see `workers`)."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from leadloom.imports.files.table import BadRow, Row
from leadloom.imports.mapping import Mapping, infer
from leadloom.imports.mended import WHOLE_ROW, as_received, rejoined
from leadloom.imports.read_row import Problem, read
from leadloom.imports.told_again import tell_again
from leadloom.leads import company as companies
from leadloom.leads import lead as leads
from leadloom.leads.fold import fold_alone
from leadloom.resolve.arrival import Arrival
from leadloom.resolve.firms import firm_facts
from leadloom.resolve.keys import company_keys, digest_of, lead_keys
from leadloom.runs.source import SCRAPER
from leadloom.storage.packing import pack
from leadloom.storage.types import dump_json
from leadloom.values import phone
from leadloom.values.cell import restore, unquoted

DELIMITED = "delimited"
OURS = "leadloom"
NO_IDENTITY = "nothing in it identifies a person or a company (no name, address, phone or domain)"


@dataclass(frozen=True)
class TableTask:
    """All that is needed to prepare the rows of one table, here or in another process."""

    file_index: int
    headers: Sequence[str]
    sample: Sequence[Map[str, Any]]
    kind: str
    overrides: Map[str, str]
    source_id: int
    source_kind: str
    scope: str
    policy: int
    country: str | None
    mapping: Mapping = field(init=False, repr=False, compare=False)
    usual_country: str | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        headers, sample, kind = as_received(self.headers, self.sample, self.kind)
        mapping = infer(headers, sample, kind=kind, overrides=self.overrides)
        object.__setattr__(self, "mapping", mapping)
        object.__setattr__(self, "usual_country", _usual_country(mapping, sample))

    def __reduce__(self) -> Any:
        given = [getattr(self, name) for name in self.__dataclass_fields__ if name not in _MADE]
        return TableTask, tuple(given)

    def prepare_all(self, rows: Sequence[tuple[int, Row | BadRow]]) -> list[Arrival]:
        """Read rows, each with its position."""
        return [self.prepare(position, row) for position, row in rows]

    def prepare(self, position: int, row: Row | BadRow) -> Arrival:
        """Read one row; one that cannot be used comes back with its verdict and reason."""
        if isinstance(row, BadRow):
            return self._unusable(
                position, row.number, {WHOLE_ROW: row.text}, row.verdict, row.reason
            )
        cells = _unguarded(row.cells) if self.kind == DELIMITED else row.cells
        if self.mapping.tells_problems:
            cells = rejoined(cells)
        pairs = self.mapping.pairs(cells)
        if not pairs:
            return self._unusable(position, row.number, cells, "skipped", "the row is empty")
        ours = self.mapping.provider == OURS  # what was a person here stays one
        reading = read(
            pairs,
            default_country=self.country,
            usual_country=self.usual_country,
            firms_in_names=not ours,
        )
        facts = reading.facts
        problems = reading.problems + tell_again(self.mapping, cells, facts)
        if not (companies.is_person(facts) or companies.is_company(facts)):
            reason = _with_problems(NO_IDENTITY, problems)
            return self._unusable(position, row.number, cells, "failed", reason, problems)
        if self.source_kind == SCRAPER:
            facts.setdefault("status", "scraped")
        return self._usable(position, row, cells, facts, problems)

    def _usable(
        self,
        position: int,
        row: Row,
        cells: Map[str, Any],
        facts: dict[str, Any],
        problems: Sequence[Problem],
    ) -> Arrival:
        external_id = self.mapping.external_id(cells)
        said, original = dump_json(facts), dump_json(row.cells)
        is_person = companies.is_person(facts)
        firm = firm_facts(facts)
        columns = _filled(leads.columns_of(fold_alone(facts))) if is_person else None
        return Arrival(
            position,
            self.source_id,
            external_id,
            self.mapping.external_url(cells),
            self.mapping.observed_at(cells),
            pack(original),
            pack(said),
            digest_of(self.source_id, external_id, self.policy, said, original),
            lead_keys(facts, self.scope, external_id) if is_person else (),
            firm,
            company_keys(firm),
            columns,
            self.policy,
            self.file_index,
            row.number,
            None,
            None,
            None,
            [[p.column, p.field, p.reason, str(p.value)] for p in problems] or None,
            1.0,
            columns["lead_score"] / 100 if columns else None,
        )

    def _unusable(
        self,
        position: int,
        number: int,
        cells: Map[str, Any],
        verdict: str,
        reason: str,
        problems: Sequence[Problem] = (),
    ) -> Arrival:
        fields = ", ".join(dict.fromkeys(problem.column for problem in problems))
        told = [[fields, fields, reason, ""]] if verdict == "failed" else None
        return Arrival(
            position,
            self.source_id,
            None,
            None,
            None,
            dump_json(cells),
            None,
            None,
            policy=self.policy,
            file_index=self.file_index,
            row_number=number,
            verdict=verdict,
            reason=reason,
            problems=told,
        )


_MADE = ("mapping", "usual_country")
_PHONES = ("phone", "company.phone")


def _usual_country(mapping: Mapping, sample: Sequence[Map[str, Any]]) -> str | None:
    """The country of nearly all numbers that the first rows or their own words place, if there are
    some."""
    if not any(column.field in _PHONES for column in mapping.columns.values()):
        return None
    placed: list[str] = []
    for cells in sample:
        facts = read(mapping.pairs(cells)).facts
        placed += facts.get("phone") or []
        placed += [facts["company.phone"]] if "company.phone" in facts else []
    return phone.country_of_most(placed)


def _filled(columns: Map[str, Any]) -> dict[str, Any]:
    """Leave out empty columns: most are, and the row may have to travel between processes."""
    return {name: value for name, value in columns.items() if value is not None}


def _unguarded(cells: Map[str, Any]) -> Map[str, Any]:
    """Take away the quote that keeps spreadsheets from running a cell as a formula."""
    if not any(type(value) is str and value[:1] == "'" for value in cells.values()):
        return cells
    return {
        column: unquoted(restore(value)) if type(value) is str else value
        for column, value in cells.items()
    }


def _with_problems(reason: str, problems: Sequence[Problem]) -> str:
    return "; ".join([reason, *(f"{p.column}: {p.reason}" for p in problems)])
