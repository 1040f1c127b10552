"""The floor: what `sqlite3.executemany` needs to keep the same rows with the same indexes.

    python benchmarks/floor.py leads.csv floor.db 4000

One table with the columns of the file as they are, and the columns that Leadloom's indexes need.
Nothing is cleaned, compared or folded; every value that is made up here costs as little as can be.
The last argument is the rows in a transaction.
"""

import csv
import itertools
import sqlite3
import sys
from collections.abc import Iterator

# The settings of `leadloom.storage.dialect`.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-65536",
    "temp_store=MEMORY",
)

# The indexes that Leadloom's rows add to, under the column that stands for each here. Those of
# `lead_keys` and the digest are 64-bit hashes in no order; the others hold small numbers that grow.
KEYED_BY = {
    "lead_company": "leads.company_id",
    "email_key": "lead_keys: e-mail",
    "phone_key": "lead_keys: phone",
    "profile_key": "lead_keys: LinkedIn profile",
    "name_company_key": "lead_keys: name and company",
    "name_domain_key": "lead_keys: name and domain",
    "digest": "records.digest",
    "record_lead": "records.lead_id",
    "record_company": "records.company_id",
}
INDEXES = (
    "CREATE UNIQUE INDEX ix_lead_uuid ON leads (lead_uuid)",
    *(f"CREATE INDEX ix_{column} ON leads ({column})" for column in KEYED_BY),
    "CREATE UNIQUE INDEX ix_run_position ON leads (run, position)",  # records
    "CREATE INDEX ix_entity ON leads (entity_id, entity)",  # events
)
OWN_COLUMNS = ("lead_uuid", *KEYED_BY, "run", "position", "entity_id", "entity")


def main(csv_path: str, database: str, chunk: int) -> None:
    """Insert one file into a new database, and print how many rows it holds then."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    with open(csv_path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        names = ", ".join(f'"{name}"' for name in (*header, *OWN_COLUMNS))
        connection.execute(f"CREATE TABLE leads (id INTEGER PRIMARY KEY, {names})")
        for index in INDEXES:
            connection.execute(index)
        holes = ", ".join("?" * (len(header) + len(OWN_COLUMNS)))
        insert = f"INSERT INTO leads ({names}) VALUES ({holes})"
        rows = _keyed(lines, header)
        while batch := list(itertools.islice(rows, chunk)):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, batch)
            connection.execute("COMMIT")
    print(connection.execute("SELECT count(*) FROM leads").fetchone()[0])
    connection.close()


def _keyed(lines: Iterator[list[str]], header: list[str]) -> Iterator[list[object]]:
    """Yield each line with the values of OWN_COLUMNS; Python's own hash is the cheapest key."""
    first, last, email, phone, company, profile, site = (
        header.index(name)
        for name in (
            "First Name",
            "Last Name",
            "Email",
            "Phone",
            "Company",
            "LinkedIn URL",
            "Website",
        )
    )
    companies: dict[str, int] = {}
    for position, line in enumerate(lines, 1):
        name = (line[first], line[last])
        firm = companies.setdefault(line[company], len(companies) + 1)
        yield [
            *line,
            position.to_bytes(16, "big"),
            firm,
            hash(line[email]) if line[email] else None,
            hash(line[phone]) if line[phone] else None,
            hash(line[profile]) if line[profile] else None,
            hash((name, line[company])),
            hash((name, line[site])) if line[site] else None,
            hash(tuple(line)),
            position,
            firm,
            1,
            position,
            position,
            "lead",
        ]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
