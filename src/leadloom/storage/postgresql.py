"""What only PostgreSQL needs when a session begins."""

from typing import Any

from leadloom.errors import DatabaseError
from leadloom.storage import walls

# The oldest that is tested, as psycopg counts: 15.0.
LEAST = 150_000
# A line that was cut without a word, as by a network that changed, is noticed after a minute and
# not after the two hours of most systems. Sockets of this machine take no notice.
OPTIONS = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def set_up(connection: Any) -> None:
    """Make a new connection (psycopg's) ready to be worked with.

    Raises DatabaseError when the server is too old.
    """
    version = connection.info.server_version
    if version < LEAST:
        connection.close()
        raise DatabaseError(
            f"The server is PostgreSQL {version // 10_000}, and Leadloom needs "
            f"{LEAST // 10_000} at least: update it, or use another."
        )
    walls.stand_back(connection)
