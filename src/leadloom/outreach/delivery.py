"""Delivery: what became of messages that left, and what that says of the texts they were of."""

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from leadloom.outreach.messages import Message, mark
from leadloom.outreach.performance import measure
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import messages


def tell(tx: Tx, refs: Iterable[str], state: str, at: dt.datetime | None = None) -> list[Message]:
    """Say that messages have reached a state, and measure their templates anew.

    Raises what `mark` raises; then none of them is marked when the caller's transaction ends so.
    """
    marked = [mark(tx, ref, state, at) for ref in refs]
    runs: set[int] = set()
    for some in chunks([message.key for message in marked]):
        query = sa.select(messages.c.run_id).where(messages.c.id.in_(some))
        runs.update(tx.conn.scalars(query))
    for run in sorted(runs):
        measure(tx, run)
    return marked
