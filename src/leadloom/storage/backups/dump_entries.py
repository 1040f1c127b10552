"""What of a PostgreSQL dump is Leadloom's own, so that it goes into a database with extensions.

A dump asks for the extensions of the database it was taken from, and holds what they keep there:
those are an administrator's, to make or to leave. Ours is what lies in the schema of our tables.
"""

import re
from collections.abc import Collection

_HOME = re.compile(r" TABLE (\S+) alembic_version ")
_OF_VECTORS = ("leadloom_halfvec(", "sx_vectors_")


def ours(listed: str, extensions: Collection[str], schemas: Collection[str]) -> list[str]:
    """Return those lines of a dump's list (`pg_restore --list`) that are to be restored.

    `extensions` and `schemas`: those that the database has. The index of vectors is left out where
    pgvector is not; `db maintain` makes it when it is.
    """
    home = found[1] if (found := _HOME.search(listed)) else "public"
    line = re.compile(rf"\d+; \d+ \d+ (?P<kind>[A-Z ]+?) (?:{re.escape(home)}|-) (?P<name>.*)")
    entries = [found for one in listed.splitlines() if (found := line.fullmatch(one))]
    tables = {_table(one) for one in entries if one["kind"] == "TABLE"}
    return [
        one.string
        for one in entries
        if _is_ours(one, home, tables, schemas)
        and ("vector" in extensions or not one["name"].startswith(_OF_VECTORS))
    ]


def _is_ours(
    entry: re.Match[str], home: str, tables: Collection[str], schemas: Collection[str]
) -> bool:
    if entry["kind"] == "SCHEMA":
        return _table(entry) == home and home not in schemas
    if entry["kind"] == "TABLE DATA":  # an extension makes its tables itself, and fills them
        return _table(entry) in tables
    return f" {home} " in entry.string


def _table(entry: re.Match[str]) -> str:
    return entry["name"].split(" ")[0]
