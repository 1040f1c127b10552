"""The verbs on companies."""

import uuid
from collections.abc import Collection, Mapping

from leadloom.errors import UsageError
from leadloom.leads.company import PREFIX, Company, company_of, select_companies
from leadloom.leads.fold import fold
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.query import COMPANIES, get_company
from leadloom.resolve.entity import COMPANY
from leadloom.resolve.family import members_of
from leadloom.storage.database import Tx
from leadloom.storage.dialect import among
from leadloom.storage.tables import companies, leads
from leadloom.workspace.facts import field_views, history
from leadloom.workspace.mergeable import Mergeable
from leadloom.workspace.views import CompanyView, EditedCompany, EventView

_MOST_PEOPLE = 1_000


class Companies(Mergeable[Company]):
    """Find, read and change companies. `ref` is a company's id or its domain."""

    kind = COMPANIES
    entity = COMPANY

    def show(self, ref: str | uuid.UUID) -> CompanyView:
        """Return a company with the fact behind each value, its people, and its history."""
        from leadloom.resolve.firm_shelf import all_testimonies

        with self._session.read() as tx:
            company = get_company(tx, str(ref))
            folded = fold(all_testimonies(tx, [company.key])[company.key], PREFIX)
            fields = field_views(tx, folded, with_repetitions=False)
            members = members_of(tx, company.key, COMPANY)
            happened = history(tx, "company", members)
            people, absorbed = _people(tx, members), _absorbed(tx, company.key)
            return CompanyView(company, people, fields, happened, absorbed)

    def set(self, ref: str | uuid.UUID, values: Mapping[str, str]) -> EditedCompany:
        """Set fields of a company by hand; an empty value empties the field."""
        from leadloom.imports.company_edits import change_company

        if not values:
            raise UsageError("Nothing to set: name at least one FIELD=VALUE.")
        with self._session.write() as tx:
            company = get_company(tx, str(ref))
            outcome, run = change_company(tx, company, values)
            changed = get_company(tx, str(company.id))
            return EditedCompany(changed, outcome.status, outcome.reason, run)

    def history(self, ref: str | uuid.UUID) -> list[EventView]:
        """Return what happened to a company, newest first."""
        with self._session.read() as tx:
            key = get_company(tx, str(ref)).key
            return history(tx, "company", members_of(tx, key, COMPANY))


def _absorbed(tx: Tx, root: int) -> list[Company]:
    query = select_companies(tx).where(companies.c.root_id == root).order_by(companies.c.id)
    return [company_of(row) for row in tx.conn.execute(query)]


def _people(tx: Tx, members: Collection[int]) -> list[Lead]:
    query = select_leads(tx).where(
        among(tx.conn, leads.c.company_id, members),
        leads.c.root_id.is_(None),
        leads.c.deleted_at.is_(None),
    )
    return [lead_of(row) for row in tx.conn.execute(query.limit(_MOST_PEOPLE))]
