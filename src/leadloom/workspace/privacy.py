"""The verbs on what is held about people, and for how long."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadloom.leads.query import get_lead
from leadloom.privacy import purge as purging
from leadloom.privacy.forget import Forgotten, clean_files, forget
from leadloom.privacy.person import all_about
from leadloom.storage.health.maintenance import scrub
from leadloom.workspace.session import Session
from leadloom.workspace.views import View, jsonable


@dataclass(frozen=True, slots=True)
class ForgetReport(View):
    """Whom forgetting concerned; `is_scrubbed`: the database's files hold no old pages of it."""

    people: list[Forgotten]
    is_dry_run: bool
    is_scrubbed: bool


class Privacy:
    """Hand out, erase, and purge."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def export_person(self, ref: str | uuid.UUID) -> dict[str, Any]:
        """Return everything held about a person, as JSON-able values."""
        with self._session.read() as tx:
            told: dict[str, Any] = jsonable(all_about(tx, get_lead(tx, str(ref))))
            return told

    def forget(
        self, refs: Sequence[str | uuid.UUID], *, suppress: bool = False, dry_run: bool = False
    ) -> ForgetReport:
        """Erase people for good. Owners only; it cannot be taken back.

        `suppress`: a new import passes them over, told by hashes.
        """
        self._session.acting.must_be("owner")
        db = self._session.db
        if dry_run:
            with self._session.rehearsal() as rehearsal, rehearsal.write() as tx:
                found = [forget(tx, db, get_lead(tx, str(r)), keep_out=suppress) for r in refs]
            return ForgetReport([one for one, _ in found], True, False)
        with self._session.manage() as tx:
            found = [forget(tx, db, get_lead(tx, str(r)), keep_out=suppress) for r in refs]
        concerned = {run.id: run for _, runs in found for run in runs}
        with self._session.read() as tx:
            clean_files(tx, db, list(concerned.values()))
        self._session.indexes.forget_leads(self._session.acting.workspace_id)
        return ForgetReport([one for one, _ in found], False, scrub(db))

    def purge(self, older_than: str = "90d", *, dry_run: bool = False) -> purging.Purged:
        """Erase what was deleted longer ago than that ("90d", "12w", "1y"). Owners only."""
        self._session.acting.must_be("owner")
        before = self._before(older_than)
        if dry_run:
            with self._session.read() as tx:
                return purging.find_purgeable(tx, before)
        db = self._session.db
        purged = purging.purge(
            self._session.manage, before, lambda tx, concerned: clean_files(tx, db, concerned)
        )
        if purged.leads:
            self._session.indexes.forget_leads(self._session.acting.workspace_id)
        return purged

    def _before(self, age: str) -> dt.datetime:
        return self._session.now() - purging.read_age(age)
