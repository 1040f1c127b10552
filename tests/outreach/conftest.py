"""A workspace with leads in it, for the part of outreach that is on the database."""

import contextlib
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from leadloom.resolve.arrival import Arrival
from leadloom.resolve.arrive import arrive
from leadloom.resolve.keys import lead_keys
from leadloom.resolve.merge import merge
from leadloom.resolve.parting import unmerge
from leadloom.runs import run as runs
from leadloom.runs.source import find_or_add_source
from leadloom.storage import tables
from leadloom.storage.database import Database, Tx
from leadloom.storage.types import dump_json


@dataclass
class Office:
    """Opens transactions and brings leads in, each as a file would."""

    db: Database
    position: int = 0

    @contextlib.contextmanager
    def write(self, workspace=1):
        with self.db.write() as conn:
            yield Tx(conn, self.db.now(), workspace, 1)

    def do(self, verb, *args, **options):
        with self.write() as tx:
            return verb(tx, *args, **options)

    def add(self, source="cards.csv", pinned=None, **facts):
        """Take in one record of a lead and return the lead's inner key."""
        if "email" in facts:
            facts["email"] = facts["email"].split()
        with self.write() as tx:
            return self._take_in(tx, source, pinned, facts)

    def _take_in(self, tx, source, pinned, facts):
        origin = find_or_add_source(tx, source, "file")
        run = runs.start(tx, "import", options={})
        self.position += 1
        arrival = Arrival(
            self.position,
            origin.id,
            None,
            None,
            None,
            dump_json(facts),
            dump_json(facts),
            None,
            lead_keys=lead_keys(facts, f"source:{origin.id}", None),
            pinned=pinned,
        )
        outcome = arrive(tx, run.id, {origin.id: origin}, [arrival])[0]
        runs.finish(tx, run.id, "completed")
        assert outcome.lead, outcome
        return outcome.lead

    def merge(self, kept, absorbed):
        with self.write() as tx:
            run = runs.start(tx, "edit", options={})
            merge(tx, kept, absorbed, run.id)

    def unmerge(self, key):
        with self.write() as tx:
            run = runs.start(tx, "edit", options={})
            unmerge(tx, key, run.id)

    def lead(self, key):
        with self.db.read() as conn:
            return conn.execute(sa.select(tables.leads).where(tables.leads.c.id == key)).one()

    def delete_lead(self, key):
        with self.write() as tx:
            tx.conn.execute(
                tables.leads.update().where(tables.leads.c.id == key).values(deleted_at=tx.now)
            )

    def rows(self, name):
        table = tables.metadata.tables[name]
        with self.db.read() as conn:
            return conn.execute(sa.select(table).order_by(table.c.id)).all()

    def events(self, prefix):
        return [row.type for row in self.rows("events") if row.type.startswith(prefix)]


@pytest.fixture
def office(db):
    return Office(db)
