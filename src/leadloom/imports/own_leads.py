"""Rows of our own exports that say nothing but a name: their id says whose they are."""

import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from leadloom.resolve.arrival import Arrival
from leadloom.runs.source import Source
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks
from leadloom.storage.tables import leads

OWN = "leadloom"
UUIDS_AT_ONCE = 500
_TELLING = ("email", "phone", "linkedin_url")  # by these resolution finds the lead itself


def pinned_to_own(
    tx: Tx, sources: Mapping[int, Source], arrivals: Sequence[Arrival]
) -> Sequence[Arrival]:
    """The arrivals, those that only their id can place given to the lead that has it here."""
    ids = {
        position: key
        for position, arrival in enumerate(arrivals)
        if sources[arrival.source].provider == OWN and (key := _id_of(arrival))
    }
    if not ids:
        return arrivals
    homes = _homes(tx, set(ids.values()))
    return [
        arrival._replace(pinned=homes[key])
        if (key := ids.get(position)) in homes and key is not None
        else arrival
        for position, arrival in enumerate(arrivals)
    ]


def _id_of(arrival: Arrival) -> uuid.UUID | None:
    columns = arrival.columns
    if columns is None or arrival.external_id is None or any(map(columns.get, _TELLING)):
        return None
    try:
        return uuid.UUID(arrival.external_id)
    except ValueError:
        return None


def _homes(tx: Tx, ids: set[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The lead that each of these ids is one of today."""
    homes: dict[uuid.UUID, int] = {}
    home = sa.func.coalesce(leads.c.root_id, leads.c.id)
    for some in chunks(sorted(ids), UUIDS_AT_ONCE):
        query = sa.select(leads.c.uuid, home).where(
            leads.c.workspace_id == tx.workspace_id, leads.c.uuid.in_(some)
        )
        homes.update((key, root) for key, root in tx.conn.execute(query))
    return homes
