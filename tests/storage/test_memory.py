"""What connections hold of a file in memory: a site has many that read."""

from leadloom.storage.database import Database


def test_who_reads_holds_less_than_who_writes(lite: Database) -> None:
    held = "PRAGMA cache_size"
    with lite.write() as conn:
        assert conn.exec_driver_sql(held).scalar() == -65_536
    for _ in range(2):
        with lite.read() as conn:
            assert conn.exec_driver_sql(held).scalar() == -16_384
