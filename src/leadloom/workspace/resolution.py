"""The verbs on resolution: group everybody again, learn, and say why two are one."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadloom.errors import UsageError
from leadloom.leads.query import get_company, get_lead
from leadloom.resolve import training
from leadloom.resolve.examples import Parted, Woven
from leadloom.resolve.firm_doubts import explained
from leadloom.resolve.match.model import Score, table
from leadloom.resolve.people import Verdict
from leadloom.resolve.resolver import Resolved, resolve
from leadloom.resolve.shelf import load_leads
from leadloom.resolve.splink.job import write_job
from leadloom.resolve.splink.links import OUTCOMES, take_links
from leadloom.resolve.versions import newest
from leadloom.runs.run import Progress, Run
from leadloom.storage.database import Tx
from leadloom.workspace.session import Session
from leadloom.workspace.views import View


@dataclass(frozen=True, slots=True)
class ResolveReport(View):
    """What grouping everybody again came to.

    `is_learned` where `version` was learned from the records for this. `groups` of leads were
    decided again; `merged` leads are one with another now, `parted` are leads of their own,
    `doubtful` pairs wait for a person. So do `doubtful_companies`; `merged_companies` are one with
    another now. `crowded` keys are shared by too many. `examples` are of the leads woven together,
    `partings` of those parted.
    """

    run: uuid.UUID | None
    status: str
    version: int
    is_learned: bool
    records: int
    groups: int
    merged: int
    parted: int
    doubtful: int
    crowded: int
    examples: list[Woven]
    partings: list[Parted]
    is_dry_run: bool
    doubtful_companies: int
    merged_companies: int
    company_examples: list[Woven]


@dataclass(frozen=True, slots=True)
class TrainReport(View):
    """A model that was learned: its version, of how many records, and how many words of people."""

    run: uuid.UUID
    version: int
    records: int
    words: int


@dataclass(frozen=True, slots=True)
class Level(View):
    """How often a field is at a level, of pairs that are one and of others; and that in bits."""

    field: str
    level: str
    same: float
    others: float
    bits: float


@dataclass(frozen=True, slots=True)
class ModelView(View):
    """The model in force: where it came from, its thresholds (0-1), and its table."""

    version: int
    origin: str
    records: int
    same_at: float
    unsure_at: float
    levels: list[Level]


@dataclass(frozen=True, slots=True)
class ReasonView(View):
    """What one field adds to the odds that two are one, in bits, or takes."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Explanation(View):
    """What the model in force makes of two leads, or of two companies, and why."""

    a: uuid.UUID
    b: uuid.UUID
    verdict: str
    score: float
    reason: str
    story: str
    fields: list[ReasonView]


@dataclass(frozen=True, slots=True)
class LinksReport(View):
    """What links came to: pairs `merged`, `doubtful` (waiting for a person), `known` to be one.

    And `apart` (a person said so, or one is deleted), `unlikely`, and `failed`: they add up to
    `links`.
    """

    run: uuid.UUID
    status: str
    links: int
    merged: int
    doubtful: int
    known: int
    apart: int
    unlikely: int
    failed: int
    problems: list[str]


class Resolution:
    """Resolve everybody, train the model, look at it, and ask why."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def run(
        self,
        *,
        everything: bool = False,
        dry_run: bool = False,
        on_reading: Callable[[int], None] = lambda rows: None,
        on_progress: Progress = lambda done, counts: None,
    ) -> ResolveReport:
        """Group those again that came since the last time, or everybody; see `resolver.resolve`."""
        options: dict[str, Any] = {"on_reading": on_reading, "on_progress": on_progress}
        if dry_run:
            with self._session.rehearsal() as rehearsal:
                found = resolve(rehearsal.write, everything=everything, **options)
            return _report(found, is_dry_run=True)
        return _report(resolve(self._session.write, everything=everything, **options))

    def resume(self, run: Run, on_progress: Progress | None = None) -> ResolveReport:
        """Go on with a run that was stopped."""
        tell = on_progress or (lambda done, counts: None)
        return _report(resolve(self._session.write, going_on=run, on_progress=tell))

    def train(self, on_reading: Callable[[int], None] = lambda rows: None) -> TrainReport:
        """Learn from all there is and from what people said; it judges what comes from now on."""
        with self._session.write() as tx:
            run, version, words = training.train(tx, on_reading)
        return TrainReport(run.uuid, version.number, version.records, words)

    def model(self) -> ModelView:
        """Return the model in force."""
        with self._session.read() as tx:
            version = newest(tx)
        model = version.matcher.model
        levels = [Level(*row) for row in table(model)]
        return ModelView(
            version.number, version.origin, version.records, model.same_at, model.unsure_at, levels
        )

    def export_splink(
        self,
        folder: str | Path,
        *,
        engine: str = "duckdb",
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        """Write everybody, the model and the blocking as a Splink job; return how many leads."""
        with self._session.read() as tx:
            return write_job(tx, Path(folder), engine, on_progress)

    def import_links(
        self,
        path: str | Path,
        *,
        same_at: float | None = None,
        unsure_at: float | None = None,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> LinksReport:
        """Take pairs in that were matched elsewhere; see `take_links`."""
        done = take_links(
            self._session.write,
            Path(path),
            same_at=same_at,
            unsure_at=unsure_at,
            on_progress=on_progress,
        )
        counts = {name: done.counts[name] for name in OUTCOMES}
        told = [f"line {one.line}: {one.reason}" for one in done.problems]
        return LinksReport(
            done.run.uuid, done.run.status, done.counts.total(), **counts, problems=told
        )

    def explain(self, a: str | uuid.UUID, b: str | uuid.UUID) -> Explanation:
        """Say what the model in force makes of two leads, field by field.

        Raises UsageError when they are the same.
        """
        with self._session.read() as tx:
            return _explanation(tx, str(a), str(b))

    def explain_companies(self, a: str | uuid.UUID, b: str | uuid.UUID) -> Explanation:
        """Say what the model of companies makes of two, field by field, as a `resolve` would now.

        All companies are read for it. Raises UsageError when they are the same.
        """
        with self._session.read() as tx:
            one, other = get_company(tx, str(a)), get_company(tx, str(b))
            _check_two("company", one.key, other.key)
            verdict, score = explained(tx, one.key, other.key)
        return _explained(one.id, other.id, verdict, score)


def _explanation(tx: Tx, a: str, b: str) -> Explanation:
    one, other = get_lead(tx, a), get_lead(tx, b)
    _check_two("lead", one.key, other.key)
    states = load_leads(tx, [one.key, other.key])
    mine, theirs = states[one.key].person, states[other.key].person
    version = newest(tx)
    verdict = version.rule.judge(mine, theirs)
    return _explained(one.id, other.id, verdict, version.rule.explain(mine, theirs))


def _check_two(noun: str, a: int, b: int) -> None:
    if a == b:
        raise UsageError(f"These are the same {noun} already: name two.")


def _explained(a: uuid.UUID, b: uuid.UUID, verdict: Verdict, score: Score) -> Explanation:
    fields = [ReasonView(reason.field, reason.level, reason.bits) for reason in score.reasons]
    likely = verdict.score if verdict.answer != "different" else score.probability
    return Explanation(a, b, verdict.answer, likely, verdict.reason, score.story, fields)


def _report(found: Resolved, *, is_dry_run: bool = False) -> ResolveReport:
    counts = found.counts
    return ResolveReport(
        None if is_dry_run else found.run.uuid,
        found.run.status,
        found.version,
        found.is_learned,
        found.records,
        found.groups,
        counts["merged"],
        counts["parted"],
        counts["doubtful"],
        found.crowded,
        found.examples,
        found.partings,
        is_dry_run,
        found.firms_waiting,
        found.firms.merged,
        found.firms.examples,
    )
