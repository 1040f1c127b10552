"""The verbs on trust: how far a source is believed, which decides whose fact wins a field."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from leadloom.resolve.firm_shelf import refold_companies
from leadloom.resolve.merge import refold
from leadloom.runs import run as runs
from leadloom.runs.source import Source, list_sources, set_trust
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import companies, leads, records, sources
from leadloom.workspace.session import Session
from leadloom.workspace.views import RunView, run_view

_BATCH: Final = 200


class Trust:
    """How far sources are trusted, from 0 to 1."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[Source]:
        """Return every source, by name."""
        with self._session.read() as tx:
            return list_sources(tx)

    def set(
        self, name: str, trust: float, on_progress: Callable[[int], None] = lambda done: None
    ) -> RunView:
        """Trust the sources of this name more or less, and fold all they speak of afresh.

        One run; killed halfway, the same again does all of it. Raises NotFoundError for an unknown
        name and UsageError for a number that is none from 0 to 1.
        """
        with self._session.write() as tx:
            set_trust(tx, name, trust)
            people, firms = _spoken_of(tx, name)
            run = runs.start(tx, runs.EDIT, options={"verb": "trust", "source": name})
            runs.advance(tx, run.id, {}, 0, total=len(people) + len(firms))
        done = 0
        for part, is_people in _batches(people, firms):
            with self._session.write() as tx:
                if is_people:
                    refold(tx, part, run.id)
                else:
                    refold_companies(tx, part, run.id)
                done += len(part)
                runs.advance(tx, run.id, {}, done)
            on_progress(done)
        with self._session.write() as tx:
            return run_view(runs.finish(tx, run.id, "completed"), self._session.now())


def _batches(people: Sequence[int], firms: Sequence[int]) -> Iterator[tuple["list[int]", bool]]:
    """Yield inner keys, and whether they are those of people."""
    for keys, is_people in ((people, True), (firms, False)):
        for part in chunks(keys, _BATCH):
            yield list(part), is_people


def _spoken_of(tx: Tx, name: str) -> tuple[Sequence[int], Sequence[int]]:
    """Return the leads and the companies that the sources of a name speak of."""
    mine = sa.select(sources.c.id).where(
        sources.c.workspace_id == tx.workspace_id, sources.c.name == name
    )
    found = []
    for table, column in ((leads, records.c.lead_id), (companies, records.c.company_id)):
        root = sa.func.coalesce(table.c.root_id, table.c.id)
        query = (
            sa.select(root)
            .join_from(records, table, table.c.id == column)
            .where(records.c.workspace_id == tx.workspace_id, records.c.source_id.in_(mine))
            .distinct()
            .order_by(root)
        )
        found.append(tx.conn.scalars(query).all())
    return found[0], found[1]
