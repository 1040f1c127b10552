"""Vectors: the nearest are the same on every database, whichever way they are found."""

from collections.abc import Iterator

import numpy as np
import pytest
import sqlalchemy as sa

from leadloom.errors import UsageError
from leadloom.storage import vectors
from leadloom.storage.backups.layout import layouts
from leadloom.storage.copy import digest_of
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import vectors as table

SIZE = 48


def tx(db: Database, conn: sa.Connection, workspace_id: int = 1) -> Tx:
    return Tx(conn, db.now(), workspace_id, 1)


def some(count: int, seed: int = 1, size: int = SIZE) -> dict[int, list[float]]:
    made = np.random.default_rng(seed).normal(size=(count, size))
    return {number: row.tolist() for number, row in enumerate(made, 1)}


def put(db: Database, given: dict[int, list[float]], model: str = "m", workspace: int = 1) -> None:
    with db.write() as conn:
        vectors.put(tx(db, conn, workspace), "lead", model, given)


def near(db: Database, vector: list[float], count: int = 10) -> list[tuple[int, float]]:
    with db.read() as conn:
        found = vectors.nearest(tx(db, conn), "lead", "m", vector, count)
    return [(one.entity_id, one.score) for one in found]


def cosines(given: dict[int, list[float]], vector: list[float]) -> dict[int, float]:
    norm = np.linalg.norm
    return {
        key: float(np.dot(one, vector) / norm(one) / norm(vector)) for key, one in given.items()
    }


@pytest.fixture
def with_pgvector(db: Database) -> Iterator[Database]:
    """A PostgreSQL that has the extension."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("only PostgreSQL has pgvector")
    with db.write() as conn:
        conn.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
    yield db
    with db.write() as conn:
        conn.exec_driver_sql("DROP EXTENSION vector CASCADE")


def test_the_nearest_come_first_within_what_a_byte_can_tell(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_CHUNK_BYTES", 4 * SIZE * 70)  # several chunks
    given = some(300)
    put(db, given)
    wanted = some(1, seed=2)[1]
    true = cosines(given, wanted)
    found = near(db, wanted, 300)
    assert {key for key, _ in found} == set(given)
    assert [score for _, score in found] == sorted((s for _, s in found), reverse=True)
    assert all(abs(score - true[key]) < 0.01 for key, score in found)
    assert near(db, wanted, 7) == found[:7]
    assert near(db, given[5], 1) == [(5, pytest.approx(1, abs=1e-3))]


def test_every_database_says_the_same(db: Database) -> None:
    put(db, some(60, size=3))
    found = near(db, [0.3, -0.2, 0.9], 5)
    assert found == [(38, 0.98803), (58, 0.97155), (4, 0.95327), (34, 0.91766), (27, 0.86309)]
    with db.read() as conn:
        layout = next(one for one in layouts(conn) if one.name == "vectors")
        stored = conn.scalars(sa.select(table.c.vector).order_by(table.c.entity_id)).all()
        assert digest_of(conn, layout).rows == 60
    assert {len(bytes(one)) for one in stored} == {3}


def test_of_equals_the_oldest_comes_first(db: Database) -> None:
    put(db, {key: [1.0, 2.0] for key in (9, 4, 7)})
    assert [key for key, _ in near(db, [2.0, 4.0], 2)] == [4, 7]


def test_a_vector_is_replaced_and_deleted(db: Database) -> None:
    put(db, {1: [1, 0], 2: [0, 1]})
    put(db, {1: [0, 1]}, model="other")
    put(db, {1: [-1, 0]})
    assert near(db, [1, 0]) == [(2, 0.0), (1, -1.0)]
    with db.write() as conn:
        assert vectors.delete(tx(db, conn), "lead", [1, 2, 3]) == 3
        assert vectors.nearest(tx(db, conn), "lead", "other", [0, 1]) == []
    assert near(db, [1, 0]) == []


def test_workspaces_entities_and_models_are_apart(db: Database) -> None:
    put(db, {1: [1, 0]})
    put(db, {2: [1, 0]}, workspace=2)
    put(db, {3: [1, 0, 0]}, model="longer")
    with db.write() as conn:
        vectors.put(tx(db, conn), "company", "m", {4: [1, 0]})
    assert near(db, [1, 0]) == [(1, 1.0)]


@pytest.mark.parametrize(
    "vector", [[], [0.0, 0.0], [1.0, float("nan")], [float("inf"), 1.0], [[1.0]], [1.0] * 4_001]
)
def test_a_vector_of_no_use_is_told_so(db: Database, vector: list[float]) -> None:
    with db.write() as conn:
        with pytest.raises(UsageError, match="number 8"):
            vectors.put(tx(db, conn), "lead", "m", {8: vector})
        with pytest.raises(UsageError, match="finite"):
            vectors.nearest(tx(db, conn), "lead", "m", vector)


def test_vectors_of_a_model_have_one_length(db: Database) -> None:
    put(db, {1: [1, 0]})
    with pytest.raises(UsageError, match="differ in length"):
        put(db, {2: [1, 0, 0]})
    with pytest.raises(UsageError, match="cannot be compared"):
        near(db, [1, 0, 0])


def test_pgvector_finds_the_same_by_its_index(with_pgvector: Database) -> None:
    db, given = with_pgvector, some(1_500)
    put(db, given)
    put(db, some(500, seed=3), workspace=2)
    wanted = list(some(15, seed=4).values())
    before = [near(db, one) for one in wanted]
    assert vectors.build_indexes(db, least=3_000) == []
    (name,) = vectors.build_indexes(db, least=1_000)
    assert vectors.build_indexes(db, least=1_000) == []
    seen: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    after = [near(db, one) for one in wanted]
    assert sum("leadloom_halfvec" in one for one in seen) == len(wanted)
    same = sum(len(set(a) & set(b)) for a, b in zip(before, after, strict=True))
    assert same >= 0.98 * 10 * len(wanted)
    with db.read() as conn:
        query = f"""SELECT entity_id FROM vectors WHERE workspace_id = 1 AND entity = 'lead'
            AND model = 'm' AND dimensions = {SIZE} ORDER BY {vectors._near(SIZE)} <=>
            CAST('{wanted[0]}' AS halfvec({SIZE})) LIMIT 200"""
        plan = "\n".join(conn.exec_driver_sql(f"EXPLAIN {query}").scalars())
    assert name in plan
    put(db, {7: wanted[3]})
    assert near(db, wanted[3], 1)[0][0] == 7
    with db.write() as conn:
        conn.exec_driver_sql(f"DROP INDEX {name}")


def test_which_way_is_used_is_told(db: Database) -> None:
    with db.read() as conn:
        told = vectors.way(conn)
    assert "searched in this process" in told
    assert ("CREATE EXTENSION vector" in told) == (db.engine.dialect.name == "postgresql")


def test_with_pgvector_the_way_is_another(with_pgvector: Database) -> None:
    with with_pgvector.read() as conn:
        assert vectors.way(conn).startswith("pgvector: HNSW")
