"""The folder that a Splink job runs in: the table, the settings, and the program that runs them."""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from leadloom.errors import UsageError
from leadloom.resolve.splink.people import lines
from leadloom.resolve.splink.settings import OVERLAP, settings
from leadloom.resolve.versions import newest
from leadloom.storage.database import Tx

TABLE, SETTINGS, PROGRAM = "people.jsonl", "settings.json", "match.py"
LINKS = "links.csv"
"""The file of pairs that the program writes, the likeliest first."""

_TOLD_EVERY = 2_000


def write_job(tx: Tx, folder: Path, engine: str, on_progress: Callable[[int], None]) -> int:
    """Write everything that Splink needs into a folder; return how many leads the table has.

    `engine` is "duckdb" or "spark". Raises UsageError for another, or when the folder holds files.
    """
    if engine not in OVERLAP:
        raise UsageError(f"Splink runs on {' or '.join(OVERLAP)} here, not on {engine!r}.")
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder: name a new one.")
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / TABLE).open("w", encoding="utf-8") as table:
        for count, line in enumerate(lines(tx), 1):
            table.write(line + "\n")
            if not count % _TOLD_EVERY:
                on_progress(count)
    model = newest(tx).matcher.model
    told = json.dumps(settings(model, count, engine), indent=1)
    (folder / SETTINGS).write_text(told, encoding="utf-8")
    program = resources.files(__package__).joinpath(f"match_on_{engine}.py.txt")
    (folder / PROGRAM).write_text(program.read_text(encoding="utf-8"), encoding="utf-8")
    return count
