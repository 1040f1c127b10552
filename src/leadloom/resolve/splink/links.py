"""Pairs that were matched elsewhere come in: who is one is merged, what is likely waits for a word.

They count like what a person says (the run that brought them can be undone), but a person's own
"different" stands, and what no score overrules makes a question of a merge. So does the rule here,
which knows more than the job, unless somebody says from which probability on the job is believed.
"""

import csv
import itertools
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from leadloom.errors import ConflictError, InputError
from leadloom.resolve.desk import LeadState
from leadloom.resolve.judgement import ask, kept_apart
from leadloom.resolve.merge import merge
from leadloom.resolve.shelf import load_leads
from leadloom.resolve.versions import newest
from leadloom.resolve.weighing import Rule
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads

LINKS = "links"
"""The verb of the run that links come in by."""

# Pairs in one transaction.
BATCH = 500
OUTCOMES = ("merged", "doubtful", "known", "apart", "unlikely", "failed")
MERGED, DOUBTFUL, KNOWN, APART, UNLIKELY, FAILED = OUTCOMES


class Link(NamedTuple):
    """Two leads by their ids, and how likely they are one (0-1); `line` of the file it is on."""

    line: int
    a: uuid.UUID
    b: uuid.UUID
    probability: float


class Problem(NamedTuple):
    """A line that could not be taken in, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Linked:
    """What links came to: pairs by outcome, which add up to those in the file."""

    run: runs.Run
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    asked: set[tuple[int, int]] = field(default_factory=set)

    def fail(self, line: int, reason: str) -> None:
        """Count a line that could not be taken in."""
        self.counts[FAILED] += 1
        self.problems.append(Problem(line, reason))


def take_links(
    open_tx: Callable[[], Any],
    path: Path,
    *,
    same_at: float | None = None,
    unsure_at: float | None = None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Linked:
    """Take a CSV of links (columns a, b, probability) in, best first as it should be.

    From `same_at` on two are merged, from `unsure_at` on they wait for a person; by default at the
    thresholds of the model in force, and merged only where the rule here finds them the same, too.
    Raises InputError when the file is no such CSV.
    """
    lines = read_links(path)
    first = next(lines, None)
    with open_tx() as tx:
        model = newest(tx).matcher.model
        run = runs.start(tx, "edit", options={"verb": LINKS}, input=str(path))
    done = Linked(run)
    sure, likely = same_at or model.same_at, unsure_at or model.unsure_at
    everything = itertools.chain([first] if first else [], lines)
    while some := list(itertools.islice(everything, BATCH)):
        with open_tx() as tx:
            if runs.is_cancel_requested(tx, run.id):
                done.run = runs.finish(tx, run.id, "cancelled")
                return done
            _take(tx, done, some, sure, likely, is_believed=same_at is not None)
            runs.advance(tx, run.id, dict(done.counts), done.counts.total())
        on_progress(done.counts.total())
    with open_tx() as tx:
        done.run = runs.finish(tx, run.id, "completed", total=done.counts.total())
    return done


def read_links(path: Path) -> Iterator[Link | Problem]:
    """Yield the links of a CSV, and what is wrong with the lines that are none.

    Raises InputError when the file cannot be read or lacks a column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = {"a", "b", "probability"} - set(rows.fieldnames or ())
            if missing:
                raise InputError(
                    f"{path} has no column {sorted(missing)[0]!r}: links are a CSV with the "
                    "columns a, b and probability."
                )
            for row in rows:
                yield _link(rows.line_num, row)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read as a CSV of links: {error}.") from error


def _link(line: int, row: Mapping[str, str | None]) -> Link | Problem:
    try:
        a, b = uuid.UUID(row["a"] or ""), uuid.UUID(row["b"] or "")
    except ValueError:
        return Problem(line, f"{row['a']!r} and {row['b']!r} are not the ids of two leads")
    try:
        probability = float(row["probability"] or "")
    except ValueError:
        probability = -1.0
    if not 0 <= probability <= 1:
        return Problem(line, f"the probability {row['probability']!r} is not between 0 and 1")
    return Link(line, a, b, probability)


def _take(
    tx: Tx,
    done: Linked,
    some: Sequence[Link | Problem],
    sure: float,
    likely: float,
    *,
    is_believed: bool,
) -> None:
    links = [one for one in some if isinstance(one, Link)]
    for one in some:
        if isinstance(one, Problem):
            done.fail(*one)
    known = _known(tx, links)
    states = load_leads(tx, set(known.values()), with_rows=False)
    apart = kept_apart(tx, [member for state in states.values() for member in state.members])
    rule = newest(tx).rule
    for one in links:
        a, b = known.get(one.a), known.get(one.b)
        if a is None or b is None:
            done.fail(one.line, f"there is no lead {one.a if a is None else one.b}")
        elif one.probability < likely:
            done.counts[UNLIKELY] += 1
        else:
            mine, theirs = states[a].root, states[b].root
            is_sure = one.probability >= sure
            if is_sure and not is_believed:
                is_sure = rule.judge(mine.person, theirs.person).answer == "same"
            outcome = _join(tx, done, (mine, theirs), one, is_sure, apart, rule)
            done.counts[outcome] += 1


def _join(
    tx: Tx,
    done: Linked,
    pair: tuple[LeadState, LeadState],
    link: Link,
    is_sure: bool,
    apart: Iterable[frozenset[int]],
    rule: Rule,
) -> str:
    mine, theirs = sorted(pair, key=lambda state: state.age)
    assert mine.id
    assert theirs.id
    if mine is theirs:
        return KNOWN
    if any(frozenset((x, y)) in apart for x in mine.members for y in theirs.members):
        return APART
    against = rule.contradiction(mine.person, theirs.person)
    if is_sure and not against:
        try:
            merge(tx, mine.id, theirs.id, done.run.id)
        except ConflictError:  # one of them was deleted
            return APART
        mine.speak_for(theirs)
        mine.person.absorb(theirs.person)
        return MERGED
    if (mine.id, theirs.id) in done.asked:  # others of the two were asked about
        return DOUBTFUL
    done.asked.add((mine.id, theirs.id))
    told = f"matched elsewhere at {link.probability:.0%}"
    reasons = [f"{told}, but {against}" if against else told]
    ask(tx, mine.id, theirs.id, done.run.id, link.probability, reasons)
    return DOUBTFUL


def _known(tx: Tx, links: Sequence[Link]) -> dict[uuid.UUID, int]:
    """Return the leads that speak for those that links name."""
    named = list({name for one in links for name in (one.a, one.b)})
    query = sa.select(leads.c.uuid, sa.func.coalesce(leads.c.root_id, leads.c.id)).where(
        leads.c.workspace_id == tx.workspace_id, leads.c.uuid.in_(named)
    )
    return {row[0]: row[1] for row in tx.conn.execute(query)}
