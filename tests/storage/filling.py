"""A database with something in every corner, and what is in one, the same on every kind."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from leadloom.storage import schema
from leadloom.storage.backups.layout import Layout, layouts
from leadloom.storage.copy import digest_of
from leadloom.storage.database import Database
from leadloom.storage.tables import secrets
from leadloom.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def fill(db: Database) -> None:
    """Do a bit of everything: import, edit, merge, delete, draft, group, set, keep a secret."""
    ws = Workspace(db.url.render_as_string(hide_password=False))
    ws.import_files([EXAMPLES / "Connections.csv", EXAMPLES / "hannover-fair-2026.xlsx"])
    ids = [str(lead.id) for lead in ws.leads.find(limit=6).items]
    ws.leads.set(ids[0], {"title": "Köchin 🍲 \\ 'quoted' \"twice\"", "custom.seats": "1.0"})
    ws.leads.merge(ids[1], ids[2])
    ws.leads.delete(ids[3])
    ws.draft(template="intro")
    ws.config.set("sender_name", "Jo Bécker")
    ws.close()
    with db.write() as conn:
        stamp = {"created_at": NOW, "updated_at": NOW}
        row = {"workspace_id": 1, "name": "smtp", "ciphertext": b"\x00\x01\xff'\\", **stamp}
        conn.execute(secrets.insert(), [row])


def contents(db: Database, places: Sequence[Layout] | None = None) -> dict[str, tuple[int, str]]:
    """Return each table's rows and the hash of what they say.

    Who asks again and again gives the layouts: looking them up costs more than reading a few rows.
    """
    with db.read() as conn:
        found = {one.name: digest_of(conn, one) for one in places or layouts(conn)}
    return {name: (digest.rows, digest.hash) for name, digest in found.items()}


def seen_through_the_door(url: str) -> list[object]:
    """Return what the reading commands say."""
    with Workspace(url) as ws:
        leads = ws.leads.find(limit=500).items
        return [
            ws.stats(),
            leads,
            ws.companies.find(limit=500).items,
            ws.leads.find("head").items,
            ws.leads.find(where=["country=DE"]).items,
            ws.leads.show(str(leads[0].id)),
            ws.leads.history(str(leads[0].id)),
            ws.config.list(),
            ws.verify().differences,
        ]


def old(path: Path, revision: str = "0001") -> Database:
    """Return a SQLite database of an earlier revision, with a workspace, a run, and a lead."""
    db = Database(f"sqlite:///{path}")
    schema.upgrade(db, revision)
    now = "1700000000000000"
    with db.write() as conn:
        for statement in (
            "INSERT INTO sources (id, uuid, workspace_id, name, kind, trust, created_at,"
            f" updated_at) VALUES (1, randomblob(16), 1, 'list.csv', 'file', 0.5, {now}, {now})",
            "INSERT INTO runs (id, uuid, workspace_id, kind, status, options, processed, counts,"
            " actual_cost_usd, created_at, updated_at) VALUES"
            f" (1, randomblob(16), 1, 'import', 'completed', '{{}}', 1, '{{}}', 0, {now}, {now})",
            "INSERT INTO leads (id, uuid, workspace_id, full_name, status, stage,"
            " enrichment_status, lead_status, lead_score, do_not_contact, search_text,"
            " created_at, updated_at) VALUES (7, randomblob(16), 1, 'Ada Lind', 'raw', 'new',"
            f" 'pending', 'new', 10, 0, 'ada lind', {now}, {now})",
            "INSERT INTO records (id, workspace_id, run_id, source_id, position, observed_at,"
            " original, facts, lead_id, is_pinned, policy, status, attempts, created_at,"
            f' updated_at) VALUES (9, 1, 1, 1, 0, {now}, \'{{"Name":"Ada Lind"}}\','
            f" '{{\"full_name\":\"Ada Lind\"}}', 7, 0, 0, 'created', 1, {now}, {now})",
        ):
            conn.exec_driver_sql(statement)
    return db
