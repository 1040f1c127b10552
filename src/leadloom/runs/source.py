"""Sources: where facts come from, and how far they are trusted."""

from dataclasses import dataclass

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.events.event import record, record_many
from leadloom.ids import new_uuid
from leadloom.storage.database import Tx
from leadloom.storage.tables import sources

# A file somebody keeps outranks what a robot gathered; a guess of our own comes last.
PERSON, FILE, SCRAPER, ENRICHMENT = "person", "file", "scraper", "enrichment"
DEFAULT_TRUST = {PERSON: 1.0, FILE: 0.8, SCRAPER: 0.6, ENRICHMENT: 0.4}


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a scraper, a provider, a person; `trust` from 0 to 1."""

    id: int
    name: str
    kind: str
    provider: str | None
    trust: float


_NAMED = sa.select(sources).where(
    sources.c.workspace_id == sa.bindparam("workspace"),
    sources.c.name == sa.bindparam("name"),
    sources.c.kind == sa.bindparam("kind"),
)


def find_or_add_source(tx: Tx, name: str, kind: str, provider: str | None = None) -> Source:
    """Return the source of this name and kind, made on first use with its kind's trust."""
    named = {"workspace": tx.workspace_id, "name": name, "kind": kind}
    found = tx.conn.execute(_NAMED, named).first()
    if found is None:
        trust = DEFAULT_TRUST[kind]
        key = tx.conn.execute(
            sources.insert().values(
                uuid=new_uuid(),
                workspace_id=tx.workspace_id,
                name=name,
                kind=kind,
                provider=provider,
                trust=trust,
                **tx.stamp(),
            )
        ).inserted_primary_key
        assert key is not None
        record(tx, "source.added", key[0], data={"name": name, "kind": kind})
        return Source(key[0], name, kind, provider, trust)
    return Source(found.id, found.name, found.kind, found.provider, found.trust)


def list_sources(tx: Tx) -> list[Source]:
    """Return every source, by name."""
    query = (
        sa.select(sources).where(sources.c.workspace_id == tx.workspace_id).order_by(sources.c.name)
    )
    return [
        Source(row.id, row.name, row.kind, row.provider, row.trust)
        for row in tx.conn.execute(query)
    ]


def set_trust(tx: Tx, name: str, trust: float) -> int:
    """Set how far the sources called `name` are trusted (0 to 1); return how many there are.

    The leads they speak of must be folded again by the caller.
    """
    if not 0 <= trust <= 1:
        raise UsageError(f"Trust is a number from 0 to 1, not {trust}.")
    named = sa.and_(sources.c.workspace_id == tx.workspace_id, sources.c.name == name)
    keys = tx.conn.scalars(sa.select(sources.c.id).where(named)).all()
    if not keys:
        raise NotFoundError(f"There is no source called {name!r}: see `leadloom sources`.")
    tx.conn.execute(sources.update().where(named).values(trust=trust, **tx.touch()))
    record_many(tx, [("source.updated", key, {"changed": ["trust"]}) for key in keys])
    return len(keys)
