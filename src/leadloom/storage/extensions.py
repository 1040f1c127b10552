"""What extensions keep among our tables, as where nobody named a schema for them."""

import sqlalchemy as sa

# In a query over pg_class c: whether the relation is no extension's.
NOT_OF_ONE = """
NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"""


def tables(conn: sa.Connection) -> set[str]:
    """Return the names of the tables in this schema that belong to extensions."""
    if conn.dialect.name != "postgresql":
        return set()
    query = f"""
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = CAST(CAST(current_schema() AS text) AS regnamespace)
          AND c.relkind IN ('r', 'p') AND NOT ({NOT_OF_ONE})
    """  # noqa: S608 - nothing from outside
    return set(conn.scalars(sa.text(query)))
