"""A person forgotten is nowhere any more; everybody else is as before."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from leadloom.errors import NotFoundError
from leadloom.storage.database import Database
from leadloom.storage.tables import (
    companies,
    email_participants,
    emails,
    erasures,
    leads,
    metadata,
    records,
)
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

PERSON = ("Quirina", "Vexholm", "quirina.vexholm", "q.vexholm", "Zither", "+4930901820", "vexh-77")
FILE = """\
First Name,Last Name,Email,Company,Phone,LinkedIn,Notes,Title,Founded,Id
Quirina,Vexholm,quirina.vexholm@initech.example.com,Initech GmbH,+49 30 901820,\
https://www.linkedin.com/in/vexh-77,plays the Zither,Buyer,not a year,vexh-77
Bob,Stone,bob@initech.example.com,Initech GmbH,+49 30 555123,,,Engineer,1999,2
"""


@pytest.fixture
def ws(db: Database) -> Any:
    yield Workspace(session=Session(db))
    for name in ("problems", "backups"):
        shutil.rmtree(db.folder / name, ignore_errors=True)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "fair.csv").write_text(FILE, encoding="utf-8")
    more = FILE.replace("quirina.vexholm@", "q.vexholm@").replace("Bob,Stone,bob", "Ann,Lee,ann")
    (tmp_path / "more.csv").write_text(more, encoding="utf-8")
    return tmp_path


def known_in_many_ways(ws: Workspace, folder: Path) -> str:
    """Bring a person in so that everything the product keeps holds them."""
    ws.process([folder / "fair.csv"], template="intro", out=folder / "drafts.csv")
    ws.import_files([folder / "more.csv"], source="more")
    ws.import_files([folder / "fair.csv"])  # rows that only repeat others
    ref = "quirina.vexholm@initech.example.com"
    other = ws.leads.add({"full_name": "Quirina Vexholm", "email": "quirina.vexholm@web.example"})
    if other.lead.id != ws.leads.get(ref).id:
        ws.leads.merge(ref, other.lead.id)
    ws.leads.set(ref, {"notes": "Zither player", "custom.instrument": "Zither"})
    ws.groups.create("fair", where=["email!="])
    ws.suppress(ref)
    with ws.db.write() as conn:
        stamp = {"created_at": ws.db.now(), "updated_at": ws.db.now(), "workspace_id": 1}
        mail = {"id": 9_001, "uuid": other.lead.id, "message_id": "m1", "sent_at": ws.db.now()}
        flags = dict.fromkeys(
            ("is_unread", "is_important", "is_starred", "is_draft", "is_sent"), False
        )
        body = {"subject": "Zither", "body_text": "Quirina", "attachment_count": 0}
        conn.execute(emails.insert().values(**mail, **flags, **body, **stamp))
        who = {"email_id": 9_001, "sent_at": mail["sent_at"], "kind": "from", "email": ref}
        conn.execute(email_participants.insert().values(**who, **stamp))
    return ref


def everything(db: Database) -> str:
    """All rows of all tables as text, packed values unpacked."""
    with db.read() as conn:
        found = {name: conn.execute(sa.select(one)).all() for name, one in metadata.tables.items()}
    return repr(found)


def test_nothing_is_left_of_who_was_forgotten(ws: Workspace, files: Path) -> None:
    ref = known_in_many_ways(ws, files)
    before = everything(ws.db)
    assert [value for value in PERSON if value not in before] == []
    bob = ws.leads.show("bob@initech.example.com").as_json()
    company = ws.companies.find().items[0]
    report = ws.privacy.forget([ref])
    after = everything(ws.db)
    assert [value for value in PERSON if value in after] == []
    person = report.people[0]
    assert {"leads", "records", "events", "messages", "mails", "group_members"} <= set(
        person.counts
    )
    assert ws.leads.show("bob@initech.example.com").as_json() == bob
    assert ws.companies.get(company.id).name == company.name
    assert not ws.verify().differences
    with pytest.raises(NotFoundError):
        ws.leads.get(ref)
    with ws.db.read() as conn:
        assert conn.scalar(sa.select(erasures.c.lead_uuid)) == person.lead


def test_the_file_itself_holds_nothing_either(lite: Database, files: Path) -> None:
    ws = Workspace(session=Session(lite))
    ref = known_in_many_ways(ws, files)
    search = lite.file.with_name(f"{lite.file.name}-search") / "1" / "leads"
    search.mkdir(parents=True, exist_ok=True)
    (search / "old").write_text("Vexholm")
    problems = list((lite.folder / "problems").glob("*.csv"))
    assert any("Vexholm" in path.read_text("utf-8-sig") for path in problems)
    report = ws.privacy.forget([ref])
    assert report.is_scrubbed
    for path in [*lite.folder.rglob("*")]:
        if path.is_file():
            data = path.read_bytes()
            if path.suffix != ".csv" or path.parent.name == "problems":
                held = [v for v in PERSON if v.encode() in data and path.parent == lite.folder]
                assert held == [], path
    assert not any("Vexholm" in path.read_text("utf-8-sig") for path in problems if path.exists())
    assert not (search / "old").exists()


def test_a_rehearsal_changes_nothing_and_says_what_would_go(ws: Workspace, files: Path) -> None:
    ref = known_in_many_ways(ws, files)
    before = everything(ws.db)
    planned = ws.privacy.forget([ref], dry_run=True)
    assert everything(ws.db) == before
    assert ws.privacy.forget([ref]).people[0].counts == planned.people[0].counts


def test_who_was_forgotten_can_be_kept_out(ws: Workspace, files: Path) -> None:
    ws.import_files([files / "fair.csv"])
    report = ws.privacy.forget(["quirina.vexholm@initech.example.com"], suppress=True)
    assert report.people[0].is_kept_out
    for name in ("fair.csv", "more.csv"):
        again = ws.import_files([files / name])
        assert again.counts["skipped"] == 1
        skipped = [r for r in ws.runs.records(str(again.run.uuid)) if r.status == "skipped"]
        assert skipped[0].reason == "this person was forgotten on request"
        assert skipped[0].lead_id is None
    assert [value for value in PERSON if value in everything(ws.db)] == []
    assert not ws.verify().differences


def test_who_comes_again_is_somebody_new_unless_kept_out(ws: Workspace, files: Path) -> None:
    ws.import_files([files / "fair.csv"])
    old = ws.leads.get("quirina.vexholm@initech.example.com").id
    ws.privacy.forget([old])
    assert ws.import_files([files / "fair.csv"]).counts["created"] == 1
    assert ws.leads.get("quirina.vexholm@initech.example.com").id != old


def test_forgetting_does_not_undo_a_wish_not_to_be_written_to(ws: Workspace, files: Path) -> None:
    ws.import_files([files / "fair.csv"])
    ws.suppress("quirina.vexholm@initech.example.com")
    report = ws.privacy.forget(["quirina.vexholm@initech.example.com"])
    assert report.people[0].is_kept_out
    assert ws.suppressions() == []
    assert ws.import_files([files / "more.csv"]).counts["skipped"] == 1
    assert ws.import_files([files / "fair.csv"]).counts["skipped"] == 1


def test_companies_keep_what_is_theirs(ws: Workspace, files: Path) -> None:
    (files / "one.csv").write_text(
        "Name,Email,Company,Company Website,Company City\n"
        "Quirina Vexholm,quirina.vexholm@solo.example,Solo AG,https://solo.example,Ulm\n"
    )
    ws.import_files([files / "one.csv"])
    with ws.db.read() as conn:
        before = conn.execute(sa.select(companies.c.name, companies.c.city)).all()
    ws.privacy.forget(["quirina.vexholm@solo.example"])
    with ws.db.read() as conn:
        assert conn.execute(sa.select(companies.c.name, companies.c.city)).all() == before
        row = conn.execute(sa.select(records)).one()
    assert json.loads(row.facts)["company"] == "Solo AG"
    assert "email" not in json.loads(row.facts)
    assert not ws.verify().differences
    ws.runs.undo("last")  # the record speaks of the company only, and can still be taken back
    assert ws.companies.find().items == []


def test_backups_that_hold_them_are_named(ws: Workspace, files: Path) -> None:
    if ws.db.file is None:
        pytest.skip("backups of a server need its programs or another module's test")
    ws.import_files([files / "fair.csv"])
    saved = ws.backup()
    report = ws.privacy.forget(["quirina.vexholm@initech.example.com"])
    path = getattr(saved, "path", saved)
    assert str(path) in report.people[0].backups


def test_other_leads_that_may_be_them_are_named(ws: Workspace) -> None:
    """Parted by a person's word, they share an address; a colleague shares the line."""
    one = ws.leads.add({"full_name": "Quirina Vexholm", "email": "q@initech.example.com"}).lead
    other = ws.leads.add({"full_name": "Quirina Vexholm", "phone": "+4930901820"}).lead
    ws.leads.set(one.id, {"phone": "+4930901820"})
    stranger = ws.leads.add({"full_name": "Bob Stone", "email": "bob@initech.example.com"}).lead
    assert one.id != other.id
    planned = ws.privacy.forget([one.id], dry_run=True)
    assert planned.people[0].others == [other.id]
    assert ws.privacy.forget([one.id]).people[0].others == [other.id]
    assert ws.privacy.forget([other.id]).people[0].others == []
    assert ws.leads.get(stranger.id).full_name == "Bob Stone"


def test_other_leads_that_wait_for_a_verdict_are_named(ws: Workspace) -> None:
    """Of them a file knew no address: only how they are called speaks for one person."""
    one = ws.leads.add({"full_name": "Quirina Vexholm", "email": "q@initech.example.com"}).lead
    other = ws.leads.add({"full_name": "Quirrina Vexholm", "city": "Ulm"}).lead
    ws.leads.judge(one.id, other.id, "unsure")
    assert ws.privacy.forget([one.id]).people[0].others == [other.id]


def test_all_that_is_held_is_handed_out(ws: Workspace, files: Path) -> None:
    ref = known_in_many_ways(ws, files)
    told = ws.privacy.export_person(ref)
    text = json.dumps(told, ensure_ascii=False)
    assert [value for value in PERSON if value not in text] == []
    assert "bob@initech" not in text
    assert {"fair.csv", "more", "you"} <= {one["source"] for one in told["received"]}
    assert told["messages"]
    assert told["mails"]
    assert told["groups"] == ["fair"]
    assert told["suppressions"]
    assert told["received"][0]["as_received"]["Notes"] == "plays the Zither"
    assert "workspace_id" not in text


def deleted_long_ago(ws: Workspace, ref: str, days: int) -> None:
    import datetime as dt

    ws.leads.delete(ref)
    with ws.db.write() as conn:
        when = ws.db.now() - dt.timedelta(days=days)
        conn.execute(leads.update().where(leads.c.deleted_at.is_not(None)).values(deleted_at=when))


def _problems(ws: Workspace) -> list[Path]:
    return list((ws.db.folder / "problems").glob("*.csv"))


def test_what_was_deleted_long_ago_is_purged(ws: Workspace, files: Path) -> None:
    ws.import_files([files / "fair.csv"])
    assert any("Vexholm" in path.read_text("utf-8-sig") for path in _problems(ws))
    deleted_long_ago(ws, "quirina.vexholm@initech.example.com", 91)
    ws.leads.delete("bob@initech.example.com")
    assert ws.privacy.purge("90d", dry_run=True).leads == 1
    assert ws.privacy.purge("92d").leads == 0
    purged = ws.privacy.purge("90d")
    assert (purged.leads, purged.counts["leads"]) == (1, 1)
    assert ws.privacy.purge("90d").leads == 0
    assert [one.full_name for one in ws.leads.find(deleted=True).items] == ["Bob Stone"]
    assert "Vexholm" not in everything(ws.db)
    assert not any("Vexholm" in path.read_text("utf-8-sig") for path in _problems(ws))
    assert not ws.verify().differences
    assert ws.import_files([files / "fair.csv"]).counts["created"] == 1


def test_export_to_a_file_does_not_replace_one(lite: Database, files: Path) -> None:
    from typer.testing import CliRunner

    from leadloom.cli.app import app

    Workspace(session=Session(lite)).import_files([files / "fair.csv"])
    words = ["--db", str(lite.file), "export-person", "bob@initech.example.com"]
    out = files / "bob.json"
    done = CliRunner().invoke(app, [*words, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["profile"]["full_name"] == "Bob Stone"
    assert CliRunner().invoke(app, [*words, "--out", str(out)]).exit_code == 3
