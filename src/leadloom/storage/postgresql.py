"""What only PostgreSQL needs when a session begins."""

from typing import Any

from leadloom.errors import DatabaseError
from leadloom.storage import walls

# The oldest that is tested, as psycopg counts: 15.0.
LEAST = 150_000
# A line that was cut without a word, as by a network that changed, is noticed after a minute and
# not after the two hours of most systems. Sockets of this machine take no notice.
OPTIONS = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "client_encoding": "utf8",
}
# Who waits for a turn to write sees what was written before it came.
ISOLATION = "READ COMMITTED"
# A server, a database or a role may have its own, and moments and numbers would come back
# cut, or in a way that the driver cannot read.
_SETTINGS = {
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "row_security": "on",
}


def set_up(connection: Any) -> None:
    """Make a new connection (psycopg's) ready to be worked with, whatever the server's defaults.

    Raises DatabaseError when the server is too old, or the database knows too few letters.
    """
    version = connection.info.server_version
    if version < LEAST:
        connection.close()
        raise DatabaseError(
            f"The server is PostgreSQL {version // 10_000}, and Leadloom needs "
            f"{LEAST // 10_000} at least: update it, or use another."
        )
    letters = connection.info.parameter_status("server_encoding")
    if letters != "UTF8":
        connection.close()
        raise DatabaseError(
            f"The database keeps its text as {letters}, which lacks letters of many names: make "
            "another with ENCODING 'UTF8' TEMPLATE template0, and name that one."
        )
    with connection.cursor() as cursor:
        cursor.execute(";".join(f"SET {name} = '{value}'" for name, value in _SETTINGS.items()))
    walls.stand_back(connection)
