"""Vectors: what leads and companies are about, as numbers, so that what is alike is near.

A vector is kept as a signed byte for each dimension, its largest number made 127: cosines come out
within 0.01, in an eighth of the room of doubles. Every database gives the same answers: the nearest
are found by comparing with all of a model's vectors, a chunk in memory at a time. On PostgreSQL
with pgvector, an HNSW index names the likeliest first, and only those are compared.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.storage import side_indexes, walls
from leadloom.storage.database import Database, Tx
from leadloom.storage.dialect import among, chunks, insert_rows
from leadloom.storage.tables import vectors
from leadloom.storage.telling import telling

# So many vectors of a model are worth an index: comparing with fewer takes under 0.1 s.
WORTH_AN_INDEX = 10_000
# More dimensions no model gives, and no HNSW index of half-precision numbers takes.
MOST_DIMENSIONS = 4_000
_MOST_NEIGHBOURS = 1_000
_CHUNK_BYTES = 8 * 1024 * 1024  # of 4-byte numbers
# What an index names may be off by what bytes and its shortcuts lose: it is asked for more.
_SPARE, _LEAST_ASKED = 8, 200
# halfvec came with 0.7; an index that goes on until enough rows pass a filter with 0.8.
_LEAST_PGVECTOR = (0, 8)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What is near: its inner key, and the cosine of the angle between (1: the same direction)."""

    entity_id: int
    score: float


def put(tx: Tx, entity: str, model: str, given: Mapping[int, Sequence[float]]) -> None:
    """Keep the vectors of some rows ("lead", by inner key) as `model` gives them.

    One that was there is replaced. Raises UsageError for a vector of no use (empty, all zeros, not
    finite), or of other dimensions than the model's vectors have.
    """
    packed = {key: _pack(key, one) for key, one in given.items()}
    sizes = {len(one) for one in packed.values()}
    sizes |= {size for size in [_dimensions(tx, entity, model)] if size and packed}
    if len(sizes) > 1:
        raise UsageError(
            f"The vectors of the model {model!r} differ in length ({sorted(sizes)}): "
            "give another model another name."
        )
    for some in chunks(sorted(packed), 1_000):
        delete(tx, entity, some, model)
        rows = [
            {
                "workspace_id": tx.workspace_id,
                "entity": entity,
                "model": model,
                "entity_id": key,
                "dimensions": len(packed[key]),
                "vector": packed[key],
                **tx.stamp(),
            }
            for key in some
        ]
        insert_rows(tx.conn, vectors, rows)


def nearest(
    tx: Tx, entity: str, model: str, vector: Sequence[float], count: int = 10
) -> list[Neighbour]:
    """Return the rows whose vectors are nearest to one, nearest first; of equals, the oldest.

    Raises UsageError for a vector of no use, or of other dimensions than the model's.
    """
    wanted = _read(vector)
    size = _dimensions(tx, entity, model)
    if size is None or count < 1:
        return []
    if size != len(wanted):
        raise UsageError(
            f"A vector of {len(wanted)} numbers cannot be compared with those of the model "
            f"{model!r}, which have {size}."
        )
    count = min(count, _MOST_NEIGHBOURS)
    best: list[tuple[float, int]] = []
    for keys, stored in _candidates(tx, entity, model, wanted, count):
        best += _nearest_of(keys, stored, wanted, count)
        best = sorted(best)[:count]
    return [Neighbour(key, -far) for far, key in best]


def delete(tx: Tx, entity: str, entity_ids: Collection[int], model: str | None = None) -> int:
    """Delete the vectors of some rows, of one model or of all; return how many there were."""
    gone = 0
    for some in chunks(list(entity_ids)):
        where = [_mine(tx, entity), among(tx.conn, vectors.c.entity_id, some)]
        if model is not None:
            where.append(vectors.c.model == model)
        gone += tx.conn.execute(vectors.delete().where(*where)).rowcount
    return gone


def way(conn: sa.Connection) -> str:
    """Say how the nearest are found in this database."""
    inside = "searched in this process"
    if conn.dialect.name != "postgresql":
        return inside
    if _has_pgvector(conn):
        return f"pgvector: HNSW from {WORTH_AN_INDEX:,} of a model on, fewer are {inside}"
    found = conn.execute(sa.text(_AVAILABLE)).first()
    if found is None:
        return f"{inside}: the server has no pgvector"
    if found.installed is not None:
        return f"{inside}: pgvector {found.installed} is too old, ALTER EXTENSION vector UPDATE"
    return f"{inside}: CREATE EXTENSION vector (pgvector) lets the server search"


_AVAILABLE = """
SELECT installed_version AS installed FROM pg_available_extensions WHERE name = 'vector'
"""


def build_indexes(db: Database, least: int = WORTH_AN_INDEX) -> list[str]:
    """Give each model with so many vectors its HNSW index, where the database has pgvector.

    Returns the names of those built; others go on working meanwhile.
    """
    if db.engine.dialect.name != "postgresql":
        return []
    with telling(db.label):
        with db.write() as conn:
            if not _has_pgvector(conn) or not walls.may_change(conn):
                return []
            many = conn.execute(
                sa.select(vectors.c.entity, vectors.c.model, vectors.c.dimensions)
                .group_by(vectors.c.entity, vectors.c.model, vectors.c.dimensions)
                .having(sa.func.count() >= least)
            ).all()
            if many:
                conn.execute(sa.text(_FUNCTION))
        wanted = [_index(row.entity, row.model, row.dimensions) for row in many]
        return side_indexes.build(db.engine, wanted)


# From our bytes to pgvector's type. The body is read when it is made (not as text when it is run),
# so a restored dump finds the type wherever the extension lives.
_FUNCTION = """
CREATE OR REPLACE FUNCTION leadloom_halfvec(bytes bytea) RETURNS halfvec
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT array_agg((get_byte(bytes, i) + 128) % 256 - 128 ORDER BY i)::real[]::halfvec
        FROM generate_series(0, length(bytes) - 1) AS i)
"""


def _near(size: int) -> str:
    return f"CAST(leadloom_halfvec(vector) AS halfvec({int(size)}))"


def _index(entity: str, model: str, size: int) -> sa.Index:
    name = hashlib.sha256(f"{entity}\0{model}\0{size}".encode()).hexdigest()[:16]
    of_these = (
        vectors.c.entity == entity,
        vectors.c.model == model,
        vectors.c.dimensions == int(size),
    )
    return side_indexes.apart(
        vectors,
        f"vectors_{name}",
        sa.text(f"({_near(size)}) halfvec_cosine_ops"),
        postgresql_using="hnsw",
        postgresql_where=sa.and_(*of_these),
    )


def _has_pgvector(conn: sa.Connection) -> bool:
    query = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    version: str | None = conn.scalar(sa.text(query))
    if version is None:
        return False
    return tuple(int(part) for part in version.split(".")[:2]) >= _LEAST_PGVECTOR


def _candidates(
    tx: Tx, entity: str, model: str, wanted: Floats, count: int
) -> Iterator[tuple[list[int], Floats]]:
    """Yield keys and vectors to compare with: the likeliest where an index knows them, or all."""
    index = _index(entity, model, len(wanted))
    if tx.conn.dialect.name == "postgresql" and side_indexes.is_there(tx.conn, index):
        yield _unpacked(_likeliest(tx, entity, model, wanted, count))
        return
    of_model = sa.and_(_mine(tx, entity), vectors.c.model == model)
    size = max(1, _CHUNK_BYTES // (4 * len(wanted)))
    query = sa.select(vectors.c.entity_id, vectors.c.vector).order_by(vectors.c.entity_id)
    last = None
    while True:
        beyond = sa.true() if last is None else vectors.c.entity_id > last
        rows = tx.conn.execute(query.where(of_model, beyond).limit(size)).all()
        if not rows:
            return
        last = rows[-1].entity_id
        yield _unpacked(rows)


def _likeliest(tx: Tx, entity: str, model: str, wanted: Floats, count: int) -> Sequence[Any]:
    """Ask the index, in an order that is about right, for more than are wanted."""
    asked = min(max(count * _SPARE, _LEAST_ASKED), _MOST_NEIGHBOURS)
    for name, value in (("hnsw.ef_search", asked), ("hnsw.iterative_scan", "strict_order")):
        tx.conn.execute(sa.select(sa.func.set_config(name, str(value), True)))
    # The index is of this model alone, and is found only by a query that says so in so many words.
    where = (
        vectors.c.workspace_id == tx.workspace_id,
        vectors.c.entity == sa.bindparam(None, entity, literal_execute=True),
        vectors.c.model == sa.bindparam(None, model, literal_execute=True),
        vectors.c.dimensions == sa.bindparam(None, len(wanted), literal_execute=True),
    )
    near = sa.text(f"{_near(len(wanted))} <=> CAST(:wanted AS halfvec({len(wanted)}))")
    query = sa.select(vectors.c.entity_id, vectors.c.vector).where(*where).order_by(near)
    named = {"wanted": f"[{','.join(map(str, wanted.tolist()))}]"}
    return tx.conn.execute(query.limit(asked), named).all()


def _nearest_of(
    keys: list[int], stored: Floats, wanted: Floats, count: int
) -> list[tuple[float, int]]:
    """Return the nearest of a chunk, as (minus the cosine, key)."""
    lengths = np.sqrt(np.einsum("ij,ij->i", stored, stored, dtype=np.float64))
    # Rounded: how the sums are taken in turn must not decide which of two equals comes first.
    cosines = np.round(stored @ wanted / lengths, 5)
    least = np.partition(cosines, -count)[-count] if len(keys) > count else -2.0
    return [(-float(cosines[at]), keys[at]) for at in np.flatnonzero(cosines >= least)]


def _unpacked(rows: Sequence[Any]) -> tuple[list[int], Floats]:
    stored = np.frombuffer(b"".join(bytes(row.vector) for row in rows), dtype=np.int8)
    keys = [row.entity_id for row in rows]
    return keys, stored.reshape(len(keys), stored.size // max(1, len(keys))).astype(np.float32)


def _pack(key: int, vector: Sequence[float]) -> bytes:
    try:
        read = _read(vector)
    except UsageError as error:
        raise UsageError(f"The vector of number {key}: {error}") from error
    packed: bytes = np.rint(read / np.abs(read).max() * 127).astype(np.int8).tobytes()
    return packed


def _read(vector: Sequence[float]) -> Floats:
    """Return a vector of length 1. Raises UsageError for one that points nowhere."""
    read = np.asarray(vector, dtype=np.float64)
    length = np.linalg.norm(read) if read.ndim == 1 and np.isfinite(read).all() else 0.0
    if not 0 < read.size <= MOST_DIMENSIONS or not 0 < length < np.inf:
        raise UsageError(
            f"a vector has 1 to {MOST_DIMENSIONS:,} finite numbers, and not all are 0."
        )
    return np.asarray(read / length, dtype=np.float32)


def _dimensions(tx: Tx, entity: str, model: str) -> int | None:
    query = sa.select(vectors.c.dimensions).where(_mine(tx, entity), vectors.c.model == model)
    return tx.conn.scalar(query.limit(1))


def _mine(tx: Tx, entity: str) -> sa.ColumnElement[bool]:
    return sa.and_(vectors.c.workspace_id == tx.workspace_id, vectors.c.entity == entity)
