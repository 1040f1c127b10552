"""The floor: what a database's fastest way in needs to keep the same rows with the same indexes.

    python benchmarks/floor.py leads.csv sqlite:///floor.db 4000

One table with the columns of the file as they are, and the columns that Leadloom's indexes need,
filled by `sqlite3.executemany`, by PostgreSQL's COPY or by MariaDB's INSERT of many rows. Nothing
is cleaned, compared or folded; every value that is made up here costs as little as can be. The last
argument is the rows in a transaction.
"""

import csv
import itertools
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence

import psycopg
import pymysql
import sqlalchemy as sa

Batches = Iterator[Sequence[Sequence[object]]]

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


def main(csv_path: str, address: str, chunk: int) -> None:
    """Insert one file into a new database, and print how many rows it holds then."""
    url = sa.make_url(address)
    with open(csv_path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        rows = _keyed(lines, header)
        batches = iter(lambda: list(itertools.islice(rows, chunk)), [])
        print(FILLED[url.get_backend_name()](url, header, batches))


def executemany(url: sa.URL, header: Sequence[str], batches: Batches) -> int:
    """Fill a SQLite file."""
    connection = sqlite3.connect(url.database or "", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    names = [*header, *OWN_COLUMNS]
    columns = ", ".join(f'"{name}"' for name in names)
    connection.execute(f"CREATE TABLE leads (id INTEGER PRIMARY KEY, {columns})")
    for index in INDEXES:
        connection.execute(index)
    insert = f"INSERT INTO leads ({columns}) VALUES ({', '.join('?' * len(names))})"
    for batch in batches:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(insert, batch)
        connection.execute("COMMIT")
    return int(connection.execute("SELECT count(*) FROM leads").fetchone()[0])


def copy(url: sa.URL, header: Sequence[str], batches: Batches) -> int:
    """Fill a table of PostgreSQL's, by COPY."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        columns = ", ".join(_typed(header, '"', "bytea"))
        connection.execute(
            f"CREATE TABLE leads (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns})"
        )
        for index in INDEXES:
            connection.execute(index)
        connection.commit()
        names = ", ".join(f'"{name}"' for name in (*header, *OWN_COLUMNS))
        for batch in batches:
            with connection.cursor().copy(f"COPY leads ({names}) FROM STDIN") as rows:
                for row in batch:
                    rows.write_row(row)
            connection.commit()
        found = connection.execute("SELECT count(*) FROM leads").fetchone()
        return int(found[0]) if found else 0


def insert(url: sa.URL, header: Sequence[str], batches: Batches) -> int:
    """Fill a table of MariaDB's or MySQL's, by INSERT of many rows."""
    connection = pymysql.connect(
        host=url.host or "localhost",
        user=url.username or "",
        password=url.password or "",
        database=url.database,
        unix_socket=url.query.get("unix_socket"),
        charset="utf8mb4",
    )
    with connection.cursor() as cursor:
        columns = ", ".join(_typed(header, "`", "binary(16)"))
        keyed = f"id bigint AUTO_INCREMENT PRIMARY KEY, {columns}"
        cursor.execute(f"CREATE TABLE leads ({keyed}) DEFAULT CHARSET utf8mb4")
        for index in INDEXES:
            cursor.execute(index)
        names = [*header, *OWN_COLUMNS]
        columns = ", ".join(f"`{name}`" for name in names)
        head = f"INSERT INTO leads ({columns}) VALUES ({', '.join(['%s'] * len(names))})"
        for batch in batches:
            cursor.executemany(head, batch)
            connection.commit()
        cursor.execute("SELECT count(*) FROM leads")
        return int(cursor.fetchone()[0])


FILLED: dict[str, Callable[[sa.URL, Sequence[str], Batches], int]] = {
    "sqlite": executemany,
    "postgresql": copy,
    "mysql": insert,
    "mariadb": insert,
}


def _typed(header: Sequence[str], quote: str, uuid: str) -> Iterator[str]:
    """Yield the columns with their types: text as it is, keys as numbers."""
    kinds = dict.fromkeys(OWN_COLUMNS, "bigint") | {"lead_uuid": uuid, "entity": "varchar(16)"}
    for name in (*header, *OWN_COLUMNS):
        yield f"{quote}{name}{quote} {kinds.get(name, 'text')}"


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
