"""How a run looks: what it is called, how fast it goes, how long it still takes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from leadloom.outreach.drafting import ASKED
from leadloom.web.looks import words
from leadloom.workspace.views import RunView

OUTCOMES: Final = {
    "created": "new",
    "updated": "added something to what was known",
    "enriched": "something was found",
    "unchanged": "known already, nothing new",
    "skipped": "left out, see the reasons",
    "failed": "could not be used",
    "deleted": "deleted",
    "restored": "brought back",
}
_ICONS: Final = {
    "import": "upload",
    "enrich": "sparkles",
    "draft": "file-text",
    "resolve": "copy-check",
    "edit": "pencil",
}
_AT_WORK: Final = ("processing", "pending")
_HALTED: Final = ("interrupted", "failed", "cancelled", "budget reached")
_GOES_ON: Final = ("import", "enrich", "resolve")
# Edits of many, and drafts, say whom they are of until they are complete.
_KNOW_WHOM: Final = frozenset({"of", ASKED})
_NAMES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Look:
    """A run as a line of a list or the head of its page.

    `total`: records it is about, as far as that is known. `rate`: records a second, None before
    there is one; `left_s`: seconds it still takes, if known.
    """

    run: RunView
    title: str
    about: str
    icon: str
    is_at_work: bool
    may_go_on: bool
    total: int | None
    rate: float | None
    left_s: float | None
    seconds: float | None

    @property
    def status(self) -> str:
        """Return how it stands, in a word: what was stopped and can go on is paused."""
        if self.is_at_work:
            return "running"
        return "paused" if self.may_go_on and self.run.status == "cancelled" else self.run.status

    @property
    def counts(self) -> dict[str, int]:
        """Return how many records had each outcome that is there, in the usual order."""
        names = dict.fromkeys([*OUTCOMES, *self.run.counts])
        return {name: number for name in names if (number := self.run.counts.get(name))}

    @property
    def may_be_undone(self) -> bool:
        """Whether what it did can be taken back."""
        return self.run.undone_at is None and not self.is_at_work and self.run.processed > 0


def look(run: RunView, now: dt.datetime, rows: int | None = None) -> Look:
    """Return how a run looks at a time; `rows`: about how many it has, should it not know."""
    is_at_work = run.status in _AT_WORK
    until = now if is_at_work or run.finished_at is None else run.finished_at
    seconds = (until - run.started_at).total_seconds() if run.started_at else None
    if run.status in _HALTED and run.finished_at is None:
        seconds = None
    rate = run.processed / seconds if seconds and seconds > 0.5 and run.processed else None
    total = run.total or (max(rows, run.processed) if rows and is_at_work else None)
    left = (total - run.processed) / rate if is_at_work and rate and total else None
    can_go_on = run.kind in _GOES_ON or not _KNOW_WHOM.isdisjoint(run.options)
    may_go_on = run.status in _HALTED and can_go_on and run.undone_at is None
    return Look(
        run,
        _title(run),
        ", ".join(files_of(run)),
        _ICONS.get(run.kind, "activity"),
        is_at_work,
        may_go_on,
        total,
        rate,
        left,
        seconds,
    )


def files_of(run: RunView) -> list[str]:
    """Return the names of the files a run read."""
    return [Path(one["path"]).name for one in run.options.get("files", ()) if "path" in one]


def _title(run: RunView) -> str:
    if names := files_of(run):
        return f"Import of {listed(names)}"
    if run.kind == "enrich":
        fields = run.options.get("fields") or ()
        return f"Enrichment: {listed([words(one) for one in fields])}" if fields else "Enrichment"
    if run.kind == "edit":
        return words(str(run.options.get("verb") or "edit by hand"))
    return {"draft": "Drafts", "resolve": "Everybody compared again"}.get(run.kind, words(run.kind))


def lasting(seconds: float | None) -> str:
    """Return how long something takes: "4 s", "12 min", "3 h 5 min"."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"


def listed(names: Sequence[str]) -> str:
    """Return names as a few words: "a, b, c and 4 more"."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    return shown + (f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else "")
