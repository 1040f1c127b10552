"""The verbs on companies."""

import uuid
from collections.abc import Mapping

from leadloom.errors import UsageError
from leadloom.imports.company_edits import change_company
from leadloom.leads.company import PREFIX, Company
from leadloom.leads.fold import fold
from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.query import COMPANIES, get_company
from leadloom.resolve.firm_shelf import all_testimonies
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads
from leadloom.workspace.facts import field_views, history
from leadloom.workspace.listed import Listed
from leadloom.workspace.views import CompanyView, EditedCompany, EventView

_MOST_PEOPLE = 1_000


class Companies(Listed[Company]):
    """Find, read and change companies. `ref` is a company's id or its domain."""

    kind = COMPANIES

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
