"""Performance: how often each text of a template was used, and what came of it, run by run."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from leadloom.outreach.messages import SENT
from leadloom.storage.database import Tx
from leadloom.storage.dialect import insert_new
from leadloom.storage.tables import leads, messages, template_performance, templates

# The rows of a run, by the type of text and of message ("" for all) they serve.
_Texts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of messages; whoever replied has opened, and whoever opened was sent to."""

    sent: int = 0
    opened: int = 0
    replied: int = 0
    converted: int = 0

    def __add__(self, other: "Outcomes") -> "Outcomes":
        return Outcomes(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def rate(self, name: str) -> float | None:
        """The share of sent messages that came to this; None while nothing was sent."""
        return round(getattr(self, name) / self.sent, 4) if self.sent else None


@dataclass(frozen=True, slots=True)
class Performance:
    """What came of one text in one run, as shares of the messages sent, from 0 to 1."""

    template_key: int
    run_key: int
    open_rate: float | None
    response_rate: float | None
    conversion_rate: float | None


def count_use(tx: Tx, run_id: int, uses: Mapping[int, int]) -> None:
    """Count how many drafts of a run used each text; `uses` is by the text's inner key."""
    _change_usage(tx, uses)
    rows = [
        {"workspace_id": tx.workspace_id, "template_id": key, "run_id": run_id} | tx.stamp()
        for key in uses
    ]
    insert_new(tx.conn, template_performance, rows)


def discount_use(tx: Tx, run_id: int, drafts: Iterable[tuple[str | None, Collection[str]]]) -> None:
    """Take back the use of texts by drafts of a run, each given as message type and text types."""
    texts = _texts_of_runs(tx, [run_id])[run_id]
    uses: Counter[int] = Counter()
    for message_type, types in drafts:
        for type in types:
            key = texts.get((type, message_type or "")) or texts.get((type, ""))
            if key is not None:
                uses[key] -= 1
    _change_usage(tx, uses)


def forget_run(tx: Tx, run_id: int) -> None:
    """Drop the figures of a run that has no messages any more."""
    is_left = sa.select(messages.c.id).where(messages.c.run_id == run_id).limit(1)
    if tx.conn.scalar(is_left) is None:
        of_run = template_performance.c.run_id == run_id
        tx.conn.execute(template_performance.delete().where(of_run))


def measure(tx: Tx, run_id: int) -> list[Performance]:
    """Work out anew what came of each text in a draft run, and each text's success so far.

    A message counts as converted when the lead it went to is.
    """
    texts = _texts_of_runs(tx, [run_id])[run_id]
    outcomes = _by_text(texts, _outcomes(tx, [run_id])[run_id])
    measured = [
        Performance(key, run_id, *(of.rate(name) for name in ("opened", "replied", "converted")))
        for key, of in outcomes.items()
    ]
    for one in measured:
        _write(tx, one)
    _rate_success(tx, list(outcomes))
    return measured


def _write(tx: Tx, one: Performance) -> None:
    tx.conn.execute(
        template_performance.update()
        .where(
            template_performance.c.template_id == one.template_key,
            template_performance.c.run_id == one.run_key,
        )
        .values(
            open_rate=one.open_rate,
            response_rate=one.response_rate,
            conversion_rate=one.conversion_rate,
            **tx.touch(),
        )
    )


def _rate_success(tx: Tx, keys: Collection[int]) -> None:
    """Write replies by sent messages over all runs of these texts."""
    of_keys = template_performance.c.template_id.in_(keys)
    runs = sorted(set(tx.conn.scalars(sa.select(template_performance.c.run_id).where(of_keys))))
    texts, outcomes = _texts_of_runs(tx, runs), _outcomes(tx, runs)
    total: defaultdict[int, Outcomes] = defaultdict(Outcomes)
    for run in runs:
        for key, of in _by_text(texts[run], outcomes[run]).items():
            total[key] += of
    for key in keys:
        changed = templates.update().where(templates.c.id == key)
        tx.conn.execute(changed.values(success_rate=total[key].rate("replied")))


def _by_text(texts: _Texts, outcomes: Mapping[str, Outcomes]) -> dict[int, Outcomes]:
    """Give each text the outcomes of the messages it served: its own type, or what is left."""
    by_text: dict[int, Outcomes] = {}
    for (type, message_type), key in texts.items():
        served = [
            of
            for name, of in outcomes.items()
            if message_type == name or (not message_type and (type, name) not in texts)
        ]
        by_text[key] = sum(served, Outcomes())
    return by_text


def _outcomes(tx: Tx, runs: Collection[int]) -> dict[int, dict[str, Outcomes]]:
    """Return what became of the messages of runs, by type of message."""
    atom, root = leads.alias("atom"), leads.alias("root")
    query = (
        sa.select(
            messages.c.run_id,
            sa.func.coalesce(messages.c.message_type, ""),
            _count(messages.c.status.in_(SENT)),
            _count(messages.c.status.in_(("opened", "replied"))),
            _count(messages.c.status == "replied"),
            _count(sa.and_(messages.c.status.in_(SENT), root.c.lead_status == "converted")),
        )
        .join(atom, atom.c.id == messages.c.lead_id)
        .join(root, root.c.id == sa.func.coalesce(atom.c.root_id, atom.c.id))
        .where(messages.c.workspace_id == tx.workspace_id, messages.c.run_id.in_(runs))
        .group_by(messages.c.run_id, messages.c.message_type)
    )
    found: dict[int, dict[str, Outcomes]] = {run: {} for run in runs}
    for run, message_type, *counts in tx.conn.execute(query):
        found[run][message_type] = Outcomes(*map(int, counts))
    return found


def _count(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _texts_of_runs(tx: Tx, runs: Collection[int]) -> dict[int, dict[tuple[str, str], int]]:
    query = (
        sa.select(
            template_performance.c.run_id,
            templates.c.type,
            templates.c.message_type,
            templates.c.id,
        )
        .join(templates, templates.c.id == template_performance.c.template_id)
        .where(
            template_performance.c.workspace_id == tx.workspace_id,
            template_performance.c.run_id.in_(runs),
        )
    )
    found: dict[int, dict[tuple[str, str], int]] = {run: {} for run in runs}
    for row in tx.conn.execute(query):
        found[row.run_id][row.type, row.message_type] = row.id
    return found


def _change_usage(tx: Tx, uses: Mapping[int, int]) -> None:
    for key, count in sorted(uses.items()):
        changed = templates.update().where(templates.c.id == key)
        tx.conn.execute(changed.values(usage_count=templates.c.usage_count + count))
