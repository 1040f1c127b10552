"""What can be merged, parted and judged: leads and companies, each by its tables."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.storage.tables import companies, company_keys, lead_keys, leads, records


@dataclass(frozen=True, slots=True)
class Entity:
    """Leads or companies: what one is called, where they are, and which of a record's it names.

    `name` is the column of its name, and `keys` the table of the keys that find them.
    """

    noun: str
    table: sa.Table
    name: sa.Column[Any]
    owner: sa.Column[Any]
    keys: sa.Table


LEAD = Entity("lead", leads, leads.c.full_name, records.c.lead_id, lead_keys)
COMPANY = Entity("company", companies, companies.c.name, records.c.company_id, company_keys)


def entity_of(noun: str | None) -> Entity:
    """Return what a noun stands for; what was noted before companies could be merged is leads."""
    return COMPANY if noun == COMPANY.noun else LEAD
