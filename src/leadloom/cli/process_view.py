"""What the main job came to, for somebody who has never seen it."""

from typing import Any

from leadloom.cli.import_view import show_outcomes
from leadloom.cli.render import counted, say


def show_process(report: Any, *, dry_run: bool = False) -> None:
    """Print rows in and what became of them, people, duplicates, facts, cost, and the drafts."""
    taken = report.import_
    say(f"{counted(taken.rows, 'row')} from {counted(len(taken.files), 'file')}\n")
    show_outcomes(taken)
    say(
        f"\n{counted(taken.leads, 'person', 'people')}, "
        f"{counted(taken.companies, 'company', 'companies')}"
    )
