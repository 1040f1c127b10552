"""What leads and companies have in common: two may be one, and people say so."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from leadloom.errors import UsageError
from leadloom.events.event import record
from leadloom.leads.query import get_one
from leadloom.resolve.entity import Entity
from leadloom.runs import run as runs
from leadloom.storage.database import Tx
from leadloom.workspace.listed import Listed

if TYPE_CHECKING:
    from leadloom.resolve.duplicates import Duplicate

VERDICTS = ("same", "different", "unsure")

T = TypeVar("T")


class Mergeable(Listed[T]):
    """Merges, parts and judges rows of one kind."""

    entity: ClassVar[Entity]

    def get(self, ref: str | uuid.UUID) -> T:
        """Return the one that answers to `ref`. Raises NotFoundError."""
        with self._session.read() as tx:
            found: T = self._one(tx, ref)
            return found

    def merge(self, a: str | uuid.UUID, b: str | uuid.UUID) -> T:
        """Let `a` speak for `b` too; `unmerge` takes it back exactly."""
        from leadloom.resolve import merge

        with self._session.write() as tx:
            kept, absorbed = self._one(tx, a), self._one(tx, b)
            run = runs.start(tx, "edit", options={"verb": "merge", "kept": str(kept.id)})
            merge.merge(tx, kept.key, absorbed.key, run.id, self.entity)
            runs.finish(tx, run.id, "completed")
            merged: T = self._one(tx, kept.id)
            return merged

    def unmerge(self, ref: str | uuid.UUID) -> T:
        """Give back what was merged; return it. `ref` may also name the one it is in."""
        from leadloom.resolve import parting

        with self._session.write() as tx:
            one = self._one(tx, ref, with_merged=True)
            run = runs.start(tx, "edit", options={"verb": "unmerge"})
            returned = parting.unmerge(tx, one.key, run.id, self.entity)
            runs.finish(tx, run.id, "completed")
            query = self.kind.select(tx).where(self.kind.table.c.id == returned)
            found: T = self.kind.make(tx.conn.execute(query).one())
            return found

    def judge(self, a: str | uuid.UUID, b: str | uuid.UUID, verdict: str) -> None:
        """Say whether two are the same; "same" merges them."""
        from leadloom.resolve.judgement import say

        if verdict not in VERDICTS:
            raise UsageError(f"A verdict is one of {', '.join(VERDICTS)}, not {verdict!r}.")
        if verdict == "same":
            self.merge(a, b)
            return
        noun = self.entity.noun
        with self._session.write() as tx:
            one, other = self._one(tx, a), self._one(tx, b)
            if one.key == other.key:
                raise UsageError(f"These two are one {noun} already: unmerge it first.")
            run = runs.start(tx, "edit", options={"verb": "judge"})
            say(tx, one.key, other.key, verdict, run.id, self.entity)
            for this, that in ((one, other), (other, one)):
                data = {"other": str(that.id), "verdict": verdict}
                record(tx, f"{noun}.judged", this.key, run_id=run.id, data=data)
            runs.finish(tx, run.id, "completed")

    def duplicates(self, limit: int = 100, of: str | uuid.UUID | None = None) -> "list[Duplicate]":
        """Return pairs that may be one, best first; those of one if given."""
        from leadloom.resolve.duplicates import list_duplicates

        with self._session.read() as tx:
            key = self._one(tx, of).key if of is not None else None
            return list_duplicates(tx, limit=limit, of=key, entity=self.entity)

    def count_duplicates(self) -> int:
        """Return how many pairs wait for a person to decide."""
        from leadloom.resolve.duplicates import count_duplicates

        with self._session.read() as tx:
            return count_duplicates(tx, self.entity)

    def _one(self, tx: Tx, ref: str | uuid.UUID, *, with_merged: bool = False) -> Any:
        return get_one(tx, self.kind, str(ref), with_merged=with_merged)
