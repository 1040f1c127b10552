"""Pages of people: those in a group, those met at a show."""

import sqlalchemy as sa

from leadloom.leads.lead import Lead, lead_of, select_leads
from leadloom.leads.paging import checked_limit, read_cursor
from leadloom.leads.query import Page
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads


def page_of_people(
    tx: Tx, keys: sa.Select[tuple[int]], limit: int, after: str | None
) -> Page[Lead]:
    """Return a page of the leads whose inner keys a query gives, less those deleted.

    They come in the order they came into the database. Raises UsageError for a cursor or limit
    that makes no sense.
    """
    query = (
        select_leads(tx)
        .where(leads.c.id.in_(keys), leads.c.deleted_at.is_(None), leads.c.id > read_cursor(after))
        .order_by(leads.c.id)
        .limit(checked_limit(limit) + 1)
    )
    found = [lead_of(row) for row in tx.conn.execute(query)]
    return Page(found[:limit], str(found[limit - 1].key) if len(found) > limit else None)
