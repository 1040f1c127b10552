"""The verbs on companies."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from leadloom.errors import UsageError
from leadloom.imports.company_edits import change_company
from leadloom.leads import window
from leadloom.leads.company import PREFIX, Company
from leadloom.leads.fold import fold
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.occurring import values
from leadloom.leads.query import COMPANIES, Page, get_company, list_companies
from leadloom.resolve.firm_shelf import all_testimonies
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads
from leadloom.workspace.facts import field_views, history
from leadloom.workspace.session import Session
from leadloom.workspace.views import CompanyView, EditedCompany, EventView
from leadloom.workspace.wanted import wanted_of

_MOST_PEOPLE = 1_000


class Companies:
    """Find, read and change companies. `ref` is a company's id or its domain."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, text: str = "", *, deleted: bool = False, **options: Any) -> Page[Company]:
        """Return a page of companies; options as for leads."""
        known = {name: options.pop(name) for name in ("sort", "limit", "after") if name in options}
        where = [*options.pop("where", ()), *(f"{name}={v}" for name, v in options.items())]
        with self._session.read() as tx:
            if text.strip():
                search = self._session.search
                return search.companies(tx, text, where=where, is_deleted=deleted, **known)
            return list_companies(tx, where=where, is_deleted=deleted, **known)

    def window(
        self,
        text: str = "",
        *,
        offset: int = 0,
        limit: int = 50,
        total: int | None = None,
        **options: Any,
    ) -> list[Company]:
        """Return the companies at positions of a list; `where`, `sort`, `deleted` as in `find`.

        `total`: how many there are, if that is known; the end is found quicker then.
        """
        wanted = wanted_of(options)
        with self._session.read() as tx:
            if text.strip():
                return self._session.search.window(tx, COMPANIES, text, wanted, offset, limit)
            return window.window(tx, COMPANIES, wanted, offset, limit, total)

    def count(self, text: str = "", **options: Any) -> int:
        """Return how many companies there are, with the options of `window`."""
        with self._session.read() as tx:
            if text.strip():
                return self._session.search.count(tx, COMPANIES, text, wanted_of(options))
            return window.count(tx, COMPANIES, wanted_of(options))

    def values(
        self, field: str, *, where: Sequence[str] = (), limit: int = 50
    ) -> dict[str | None, int]:
        """Return the most frequent values of a field and how many companies have each."""
        with self._session.read() as tx:
            return values(tx, COMPANIES, field, where, limit)

    def get(self, ref: str | uuid.UUID) -> Company:
        """Return one company. Raises NotFoundError."""
        with self._session.read() as tx:
            return get_company(tx, str(ref))

    def show(self, ref: str | uuid.UUID) -> CompanyView:
        """Return a company with the fact behind each value, its people, and its history."""
        with self._session.read() as tx:
            company = get_company(tx, str(ref))
            folded = fold(all_testimonies(tx, company.key), PREFIX)
            fields = field_views(tx, folded, with_repetitions=False)
            happened = history(tx, "company", [company.key])
            return CompanyView(company, _people(tx, company), fields, happened)

    def set(self, ref: str | uuid.UUID, values: Mapping[str, str]) -> EditedCompany:
        """Set fields of a company by hand; an empty value empties the field."""
        if not values:
            raise UsageError("Nothing to set: name at least one FIELD=VALUE.")
        with self._session.write() as tx:
            company = get_company(tx, str(ref))
            outcome, run = change_company(tx, company, values)
            changed = get_company(tx, str(company.id))
            return EditedCompany(changed, outcome.status, outcome.reason, run.uuid)

    def history(self, ref: str | uuid.UUID) -> list[EventView]:
        """Return what happened to a company, newest first."""
        with self._session.read() as tx:
            return history(tx, "company", [get_company(tx, str(ref)).key])


def _people(tx: Tx, company: Company) -> list[Lead]:
    query = select_leads(tx).where(
        leads.c.company_id == company.key,
        leads.c.root_id.is_(None),
        leads.c.deleted_at.is_(None),
    )
    return [lead_of(row) for row in tx.conn.execute(query.limit(_MOST_PEOPLE))]
