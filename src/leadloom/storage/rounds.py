"""A round of all workspaces, for what looks after each of them and belongs to none."""

from collections.abc import Iterator

import sqlalchemy as sa

from leadloom.storage import walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import workspaces


def reading_each(db: Database) -> Iterator[Tx]:
    """Yield a transaction in each workspace, as nobody, that ends before the next begins.

    Gather first what is to be done, and write afterwards: meanwhile this one holds its view.
    """
    with db.read() as conn:
        homes = list(conn.scalars(sa.select(workspaces.c.id)))
    for home in homes:
        with db.read() as conn:
            walls.enter(conn, home)
            yield Tx(conn, db.now(), home, 0)
