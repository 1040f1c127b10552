"""The books of one transaction: the money and the paces, each read once and written once."""

from collections.abc import Collection

from leadloom.enrich import pace
from leadloom.enrich.pace import Pace
from leadloom.enrich.purse import Purse
from leadloom.storage.database import Tx


class Books:
    """What all that is booked in a transaction shares."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._paces: dict[str, Pace] = {}
        self.purse = Purse(tx)

    def paces(self, names: Collection[str]) -> dict[str, Pace]:
        """Return the paces of these providers, among others."""
        if new := set(names) - self._paces.keys():
            self._paces |= pace.load(self._tx, new)
        return self._paces

    def close(self) -> None:
        """Write what has changed."""
        self.purse.close()
        pace.save(self._tx, self._paces.values())
