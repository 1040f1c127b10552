"""Drafting: letters to many leads, in batches, each one transaction with the run's progress."""

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from leadloom.errors import LeadloomError
from leadloom.outreach import campaigns
from leadloom.outreach.drafts import (
    NewDraft,
    Standing,
    find_mailboxes,
    find_standing,
    write_anew,
    write_new,
)
from leadloom.outreach.performance import count_use
from leadloom.outreach.plan import DraftPlan, DraftRequest, make_plan
from leadloom.outreach.recipients import Recipient, load_facts, load_recipients
from leadloom.outreach.render import Draft, FactUsed, Skipped, compose
from leadloom.runs import run as runs
from leadloom.runs.run import Progress, Run
from leadloom.runs.unfinished import HALTED, KEYS, packed, unpacked
from leadloom.storage.database import Tx
from leadloom.storage.dialect import chunks

OpenTx = Callable[[], contextlib.AbstractContextManager[Tx]]
Missing = Callable[[dict[str, int]], None]

KIND: Final = "draft"

ASKED: Final = "asked"
"""The option that holds what was asked for, while a run is not complete."""

_UNTIL_DONE: Final = (ASKED, KEYS, HALTED)

OUTCOMES: Final = ("drafted", "updated", "unchanged", "kept", "skipped")
"""Messages that are new, written anew, as before, left alone since they have left; leads without.

A letter that a template leaves empty counts as skipped too.
"""

BATCH: Final = 500
"""Leads a transaction: short enough to let other writers in, long enough to be worth a commit."""


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What a draft run did. `skipped` are (reason, count), most first; `run` is None for a dry one.

    `missing` says how many of the leads that can be written to lack each variable that has no
    default.
    """

    run: Run | None
    campaign: str
    template: str
    leads: int
    counts: dict[str, int]
    skipped: list[tuple[str, int]]
    missing: dict[str, int]
    seconds: float

    @property
    def drafted(self) -> int:
        """Messages written for the first time."""
        return self.counts["drafted"]

    @property
    def updated(self) -> int:
        """Drafts written anew, since the facts or the template changed."""
        return self.counts["updated"]

    @property
    def unchanged(self) -> int:
        """Messages that would say the same again."""
        return self.counts["unchanged"]

    @property
    def kept(self) -> int:
        """Messages that would say something else, but have been exported or sent."""
        return self.counts["kept"]

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON-able values; `reasons` are those of the skipped."""
        return {
            "run": self.run.uuid if self.run else None,
            "campaign": self.campaign,
            "template": self.template,
            "leads": self.leads,
            **self.counts,
            "reasons": dict(self.skipped),
            "missing": self.missing,
            "seconds": self.seconds,
        }


def draft(
    open_tx: OpenTx,
    request: DraftRequest,
    *,
    dry_run: bool = False,
    on_progress: Progress = lambda done, counts: None,
    on_missing: Missing = lambda missing: None,
) -> DraftReport:
    """Write drafts; `open_tx` opens a writing transaction, one a batch.

    A run for the same that died is gone on with. `on_missing` hears of variables without a value
    before anything is written, `on_progress` of the leads done and the counts after each batch. A
    dry run does everything and takes it back. Raises UsageError when the request or the template
    makes no sense; KeyboardInterrupt leaves the run cancelled and what was drafted in place.
    """
    if not dry_run:
        return _Drafting(open_tx, on_progress, on_missing).carry_out(request)
    with open_tx() as tx, _taken_back(tx):
        drafting = _Drafting(lambda: contextlib.nullcontext(tx), on_progress, on_missing)
        return replace(drafting.carry_out(request), run=None)


def is_resumable(run: Run) -> bool:
    """Whether it drafts, is not complete, and knows whom it is for."""
    return run.kind == KIND and run.status != "completed" and ASKED in run.options


def resume(
    open_tx: OpenTx, run: Run, on_progress: Progress = lambda done, counts: None
) -> DraftReport:
    """Go on with a run that stopped, with whom it was for. Raises as `draft`, and ConflictError."""
    asked = dict(run.options[ASKED])
    if KEYS in run.options:
        asked["lead_keys"] = unpacked(run.options[KEYS])
    drafting = _Drafting(open_tx, on_progress, lambda missing: None)
    return drafting.carry_out(DraftRequest(**asked), run)


@contextlib.contextmanager
def _taken_back(tx: Tx) -> Iterator[None]:
    attempt = tx.conn.begin_nested()
    try:
        yield
    finally:
        attempt.rollback()


@dataclass(slots=True)
class _Decided:
    """What one batch comes to: drafts to insert, drafts to replace, and the count of it all."""

    new: list[NewDraft] = field(default_factory=list)
    changed: dict[int, Draft] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def skip(self, reason: str) -> None:
        """Count that nothing was written, and why."""
        self.counts["skipped"] += 1
        self.reasons[reason] += 1


class _Drafting:
    """One draft run under way: its totals, and how it reaches the database."""

    def __init__(self, open_tx: OpenTx, on_progress: Progress, on_missing: Missing) -> None:
        self._open_tx = open_tx
        self._on_progress = on_progress
        self._on_missing = on_missing
        self._counts: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._asked: dict[str, Any] = {}

    def carry_out(self, request: DraftRequest, stopped: Run | None = None) -> DraftReport:
        """Plan, tell what is missing, then write; go on with a run that `stopped`."""
        began = time.monotonic()
        with self._open_tx() as tx:
            plan = make_plan(tx, request)
        missing = self._count_missing(plan)
        if missing:
            self._on_missing(missing)
        with self._open_tx() as tx:
            run = self._begin(tx, plan, stopped)
            self._asked = _asked(request, plan)
            known = {name: value for name, value in run.options.items() if name != HALTED}
            runs.set_options(tx, run.id, {**known, **self._asked})
        run = self._work(plan, run)
        return DraftReport(
            run,
            plan.campaign.name,
            plan.campaign.template,
            run.processed,
            {name: self._counts[name] for name in OUTCOMES},
            self._reasons.most_common(),
            missing,
            round(time.monotonic() - began, 3),
        )

    def _count_missing(self, plan: DraftPlan) -> dict[str, int]:
        missing: Counter[str] = Counter()
        for keys in chunks(plan.keys if plan.required else [], BATCH):
            with self._open_tx() as tx:
                recipients = load_recipients(tx, keys)
            for recipient in recipients:
                if recipient.obstacle is None:
                    missing.update(plan.lacks(recipient))
        return dict(missing.most_common())

    def _begin(self, tx: Tx, plan: DraftPlan, stopped: Run | None) -> Run:
        """Start a run, or go on with one for the same that died on its way."""
        campaigns.begin_generating(tx, plan.campaign, plan.variants)
        options = dict(plan.options)
        dead = stopped or runs.find_interrupted(tx, KIND, options)
        if dead is None:
            return runs.start(tx, KIND, options=options, input=plan.campaign.name)
        self._counts.update(dead.counts)
        self._reasons.update(dead.options.get("skipped", {}))
        return runs.take_over(tx, dead)

    def _work(self, plan: DraftPlan, run: Run) -> Run:
        try:
            status = self._write_all(plan, run)
        except LeadloomError as error:
            self._finish(plan, run, "failed", str(error))
            raise
        except KeyboardInterrupt:
            self._finish(plan, run, "cancelled", "stopped at the keyboard")
            raise
        return self._finish(plan, run, status)

    def _write_all(self, plan: DraftPlan, run: Run) -> str:
        """Write every batch that is not written yet; return how the run ended."""
        last = run.options.get("last", 0)
        keys = [key for key in plan.keys if key > last]
        done, total = run.processed, run.processed + len(keys)
        for batch in chunks(keys, BATCH):
            done += len(batch)
            with self._open_tx() as tx:
                self._write_batch(tx, plan, run, batch)
                so_far = {"last": batch[-1], "skipped": dict(self._reasons)}
                options = {**plan.options, **self._asked, **so_far, **_halted(tx, run)}
                runs.advance(tx, run.id, dict(self._counts), done, total=total, options=options)
                stop = runs.is_cancel_requested(tx, run.id)
            self._on_progress(done, dict(self._counts))
            if stop:
                return "cancelled"
        return "completed"

    def _write_batch(self, tx: Tx, plan: DraftPlan, run: Run, keys: Sequence[int]) -> None:
        recipients = load_recipients(tx, keys)
        facts = load_facts(tx, [one.key for one in recipients if one.obstacle is None])
        standing = find_standing(tx, plan.campaign.key, keys)
        addresses = {one.context["email"] for one in recipients if one.obstacle is None}
        mailboxes = find_mailboxes(tx, plan.campaign.key, addresses)
        decided = _decide(plan, recipients, facts, standing, mailboxes)
        write_new(tx, plan.campaign.key, run.id, plan.campaign_type, decided.new)
        write_anew(tx, run.id, decided.changed)
        written = [*(one.draft for one in decided.new), *decided.changed.values()]
        count_use(tx, run.id, _uses(plan, written))
        self._counts += decided.counts
        self._reasons += decided.reasons

    def _finish(self, plan: DraftPlan, run: Run, status: str, error: str | None = None) -> Run:
        with self._open_tx() as tx:
            campaigns.end_generating(
                tx,
                plan.campaign,
                run_id=run.id,
                counts=self._counts,
                is_complete=status == "completed",
            )
            options = runs.get_by_key(tx, run.id).options
            if status == "completed":
                options = {name: one for name, one in options.items() if name not in _UNTIL_DONE}
            return runs.finish(tx, run.id, status, error=error, options=options)


def _asked(request: DraftRequest, plan: DraftPlan) -> dict[str, Any]:
    """Return what was asked for, as the options of a run keep it."""
    asked: dict[str, Any] = {
        "template": plan.campaign.template,
        "variants": plan.variants,
        "campaign": plan.campaign.name,
        "where": list(request.where),
        "context": dict(request.context or {}),
        "campaign_type": plan.campaign_type,
    }
    keys = request.lead_keys
    return {ASKED: asked} if keys is None else {ASKED: asked, KEYS: packed(sorted(keys))}


def _halted(tx: Tx, run: Run) -> dict[str, Any]:
    """Return what says that the process is to end, once it was said."""
    now = runs.get_by_key(tx, run.id).options
    return {HALTED: now[HALTED]} if HALTED in now else {}


def _decide(
    plan: DraftPlan,
    recipients: Sequence[Recipient],
    facts: Mapping[int, Mapping[str, FactUsed]],
    standing: Mapping[tuple[int, int], Standing],
    mailboxes: dict[str, int],
) -> _Decided:
    """Compose every letter and compare it with what is there; changes nothing in the database.

    `mailboxes` says who has a letter at each address; it learns of those written here.
    """
    decided = _Decided()
    for recipient in recipients:
        obstacle = recipient.obstacle or _crowd(recipient, mailboxes)
        if obstacle is not None:
            decided.skip(obstacle)
            continue
        context = {**plan.context, **recipient.context}
        for variant in range(plan.variants):
            letter = compose(plan.parts(variant), context, variant, facts[recipient.key])
            if isinstance(letter, Skipped):
                decided.skip(letter.reason)
                continue
            mailboxes.setdefault(recipient.context["email"], recipient.key)
            there = standing.get((recipient.key, variant + 1))
            outcome = _outcome(letter, there)
            decided.counts[outcome] += 1
            if there is None:
                decided.new.append(NewDraft(recipient.key, variant + 1, letter))
            elif outcome == "updated":
                decided.changed[there.key] = letter
    return decided


def _crowd(recipient: Recipient, mailboxes: Mapping[str, int]) -> str | None:
    """Whoever reads a mailbox gets each campaign once, however many leads share it."""
    address = recipient.context["email"]
    if mailboxes.get(address, recipient.key) == recipient.key:
        return None
    return "another lead gets this campaign at the same address"


def _outcome(letter: Draft, there: Standing | None) -> str:
    if there is None:
        return "drafted"
    if there.fingerprint == letter.fingerprint:
        return "unchanged"
    return "updated" if there.is_fresh else "kept"


def _uses(plan: DraftPlan, written: Sequence[Draft]) -> Counter[int]:
    """Count the texts that made these drafts, by their inner keys."""
    return Counter(
        plan.text_keys[plan.chosen[draft.message_type][kind]]
        for draft in written
        for kind in draft.personalization["template"]["parts"]
    )
