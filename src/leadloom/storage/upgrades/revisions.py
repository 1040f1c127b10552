"""The revisions of the schema that this version knows."""

from pathlib import Path


def revisions() -> list[str]:
    """Return all revisions, oldest first."""
    folder = Path(__file__).parents[1] / "migrations" / "versions"
    return sorted(path.name.split("_")[0] for path in folder.glob("[0-9]*.py"))
