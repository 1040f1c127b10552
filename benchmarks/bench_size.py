"""How much room a database takes, part by part.

    python benchmarks/bench_size.py [LEADS] [--json]

100,000 leads of 5,000 companies, a record each with its original, five events a lead, and the
search index: the size that the product's description claims takes 183 MB. Aim: 120 MB.
"""

import argparse
import csv
import json
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import generate
import sqlalchemy as sa

import leadloom
from leadloom.events.event import record_many
from leadloom.storage import schema
from leadloom.storage.database import Database, Tx
from leadloom.storage.tables import events

MEGABYTE = 1_000_000
LEADS, COMPANIES, EVENTS_EACH = 100_000, 5_000, 5
CLAIMED_MB, AIM_MB = 183, 120
# What becomes of a lead after it came in, as its events tell it.
_LATER = (
    ("lead.updated", {"changed": ["title", "lead_score"]}),
    ("lead.updated", {"changed": ["status"], "status": ["raw", "enriched"]}),
    ("lead.tagged", {"tags": ["fair"]}),
    ("lead.drafted", None),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("leads", nargs="?", type=int, default=LEADS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), options.leads)
    if options.json:
        print(json.dumps(measured))
    else:
        show(measured)


def measure(folder: Path, count: int) -> dict[str, object]:
    """Return how many bytes each part takes of a database of `count` leads."""
    database = folder / "leadloom.db"
    people = generate.People(1, max(1, COMPANIES * count // LEADS))
    source = folder / "leads.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(generate.HEADER)
        writer.writerows(people.row(number).values() for number in range(count))
    with leadloom.open(str(database)) as ws:
        ws.import_files([str(source)])
        _live(ws.db, count)
        ws.leads.find("miller")
    parts = _parts(database)
    parts["search index"] = sum(
        path.stat().st_size for path in folder.rglob("*") if _is_search(path, folder)
    )
    rows = _rows(database)
    total = database.stat().st_size + parts["search index"]
    return {"rows": rows, "bytes": parts, "total": total}


def _live(db: Database, count: int) -> None:
    """Let as much happen to the leads as the claim counts."""
    with db.write() as conn:
        made = conn.scalar(sa.select(sa.func.count()).select_from(events)) or 0
        happened = [
            (kind, 1 + number % count, data)
            for number in range(EVENTS_EACH * count - made)
            for kind, data in (_LATER[number // count % len(_LATER)],)
        ]
        record_many(Tx(conn, db.now(), schema.DEFAULT_WORKSPACE, schema.DEFAULT_USER), happened)


def _is_search(path: Path, folder: Path) -> bool:
    return path.is_file() and any("search" in part for part in path.relative_to(folder).parts[:-1])


def _rows(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as conn:
        return {
            name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("leads", "companies", "records", "events", "lead_keys")
        }


def _parts(database: Path) -> Counter[str]:
    """Return the bytes of each table and its indexes; SQLite's `dbstat` knows."""
    parts: Counter[str] = Counter()
    with sqlite3.connect(database) as conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        table_of = dict(conn.execute("SELECT name, tbl_name FROM sqlite_schema"))
        for name, size in conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            table = table_of.get(name, name)
            parts[table if name == table else f"{table}: indexes"] += size
    return parts


def show(measured: Mapping[str, object]) -> None:
    """Print the parts, largest first, and how the whole compares."""
    rows, parts, total = measured["rows"], measured["bytes"], measured["total"]
    assert isinstance(rows, dict)
    assert isinstance(parts, Counter)
    assert isinstance(total, int)
    print(", ".join(f"{count:,} {name}" for name, count in rows.items()), "\n")
    for name, size in parts.most_common():
        if size > MEGABYTE // 10:
            print(f"{name:24} {size / MEGABYTE:8.1f} MB")
    print(f"{'all':24} {total / MEGABYTE:8.1f} MB")
    if rows["leads"] >= LEADS * 0.99:
        print(f"of the {CLAIMED_MB} MB claimed: {total / MEGABYTE / CLAIMED_MB:.2f}", end="; ")
        print(f"of the {AIM_MB} MB aimed at: {total / MEGABYTE / AIM_MB:.2f}")


if __name__ == "__main__":
    sys.exit(main())
