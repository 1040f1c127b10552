"""The verbs on settings."""

from leadloom import config
from leadloom.events.event import record
from leadloom.workspace.session import Session


class Config:
    """Settings: typed, with defaults."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> "list[config.Setting]":
        """Return every setting with its value and what it means."""
        with self._session.read() as tx:
            return config.list_settings(tx)

    def get(self, key: str) -> config.Setting:
        """Return one setting. Raises NotFoundError."""
        with self._session.read() as tx:
            return config.get_setting(tx, key)

    def set(self, key: str, text: str) -> config.Setting:
        """Change a setting. Raises UsageError when the value is not of its type."""
        with self._session.write() as tx:
            before = config.get_setting(tx, key)
            after = config.change_setting(tx, key, text)
            if after.value != before.value:
                record(tx, "setting.updated", None, data={"changed": [key]})
            return after
