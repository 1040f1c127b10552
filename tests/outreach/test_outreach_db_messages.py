import uuid
from itertools import pairwise

import pytest

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.outreach.campaigns import (
    delete_campaign,
    get_campaign,
    mark_exported,
    show_campaign,
)
from leadloom.outreach.delivery import tell
from leadloom.outreach.drafting import draft
from leadloom.outreach.drafts import undo_drafts
from leadloom.outreach.handover import rows_for_export
from leadloom.outreach.messages import STATES, get_message, list_messages, mark
from leadloom.outreach.performance import measure
from leadloom.outreach.plan import DraftRequest
from leadloom.outreach.suppressions import add_suppression
from leadloom.outreach.templates import add_template, get_texts
from leadloom.storage import tables
from leadloom.storage.types import dump_json, load_json


@pytest.fixture
def leads(office):
    with office.write() as tx:
        add_template(tx, "hello", "subject", "Hi")
        add_template(tx, "hello", "subject", "Facts", "proof")
        add_template(tx, "hello", "body", "Hello {{ first_name }} of {{ company }}")
    return [
        office.add(
            full_name=f"{name} Doe", first_name=name, email=f"{name.lower()}@x.com", company=company
        )
        for name, company in (("Ada", "Acme"), ("Bob", "Hooli"), ("Cyd", "Initech"))
    ]


def write(office, **asked):
    return draft(office.write, DraftRequest(template="hello", **asked))


def export(office, *, changed=True):
    with office.write() as tx:
        campaign = get_campaign(tx, "hello")
        rows = list(rows_for_export(tx, campaign))
        if changed:
            mark_exported(tx, campaign, [row["message_id"] for row in rows])
    return rows


def whom(rows):
    return [(row["first_name"], row["variant"]) for row in rows]


def all_messages(office):
    with office.write() as tx:
        return list_messages(tx, limit=1_000).items


def test_messages_come_in_pages_of_a_campaign_or_a_lead(office, leads):
    write(office, variants=2)
    with office.write() as tx:
        key = get_campaign(tx, "hello").key
        first = list_messages(tx, campaign_key=key, limit=4)
        rest = list_messages(tx, campaign_key=key, limit=4, after=first.next)
        assert len(first.items) == 4
        assert len({m.id for m in first.items + rest.items}) == 6
        assert rest.next is None
        assert {m.lead_name for m in list_messages(tx, lead_key=leads[1]).items} == {"Bob Doe"}
        assert list_messages(tx, campaign_key=key + 1).items == []
        with pytest.raises(UsageError, match="cursor"):
            list_messages(tx, after="-1")
    shape = load_json(dump_json(first.items[0].as_json()))
    assert shape["campaign"] == "hello"
    assert not {"key", "lead_key"} & shape.keys()


def test_a_message_moves_forward_through_its_states_with_a_time_each(office, leads):
    write(office)
    ref = str(all_messages(office)[0].id)
    moments = []
    for state in STATES[1:]:
        with office.write() as tx:
            message = mark(tx, ref, state)
            assert message.status == state
            moments.append(getattr(message, f"{state}_at"))
    assert all(earlier < later for earlier, later in pairwise(moments))
    with office.write() as tx:
        assert mark(tx, ref, "replied") == message
        with pytest.raises(ConflictError, match="replied"):
            mark(tx, ref, "sent")
        with pytest.raises(UsageError, match="choose from"):
            mark(tx, ref, "lost")
        for unknown in ("x", str(uuid.uuid4())):
            with pytest.raises(NotFoundError):
                get_message(tx, unknown)
    assert office.events("message.")[-5:] == [f"message.{state}" for state in STATES[1:]]
    with office.write(workspace=2) as other, pytest.raises(NotFoundError):
        mark(other, ref, "sent")


def test_a_state_may_be_passed_over(office, leads):
    write(office)
    with office.write() as tx:
        message = mark(tx, str(list_messages(tx).items[0].id), "opened")
        assert (message.sent_at, message.opened_at) == (None, tx.now)
        counted = show_campaign(tx, "hello").messages
    assert counted == {**dict.fromkeys(STATES, 0), "draft": 2, "opened": 1}


def test_export_rows_are_the_same_again_and_their_export_is_counted(office, leads):
    write(office, variants=2)
    rows = export(office)
    assert whom(rows) == [(name, n) for name in ("Ada", "Bob", "Cyd") for n in (1, 2)]
    assert rows[1]["subject"] == "Facts"
    assert rows[0]["template"] == "hello"
    assert rows[0]["email"] == "ada@x.com"
    assert "company: Acme" in rows[0]["personalization"]
    assert isinstance(rows[0]["quality"], int)
    assert export(office, changed=False) == rows
    with office.write() as tx:
        campaign = get_campaign(tx, "hello")
    assert (campaign.status, campaign.export_count) == ("exported", 1)
    assert {m.export_count for m in all_messages(office)} == {1}
    assert {m.exported_at for m in all_messages(office)} == {campaign.exported_at}
    assert office.events("campaign.")[-1] == "campaign.exported"


def test_an_exported_campaign_stays_so_until_something_new_is_written(office, leads):
    write(office)
    export(office)
    write(office)
    with office.write() as tx:
        assert get_campaign(tx, "hello").status == "exported"
    office.add(full_name="Dan Doe", first_name="Dan", email="dan@y.com", company="Umbrella")
    assert write(office).counts["drafted"] == 1
    with office.write() as tx:
        assert get_campaign(tx, "hello").status == "ready"
    assert whom(export(office))[-1] == ("Dan", 1)


def test_nobody_is_exported_who_must_not_be_written_to_by_now(office, leads):
    write(office)
    office.do(add_suppression, "ada@x.com")
    office.delete_lead(leads[1])
    assert whom(export(office)) == [("Cyd", 1)]
    office.add("optout.csv", pinned=leads[2], do_not_contact=True)
    assert export(office) == []


def test_only_drafts_of_the_variants_asked_for_last_are_exported(office, leads):
    write(office, variants=3)
    write(office, variants=1)
    with office.write() as tx:
        mark(tx, str(list_messages(tx, lead_key=leads[0]).items[0].id), "sent")
    assert whom(export(office)) == [("Bob", 1), ("Cyd", 1)]


def test_a_merged_lead_is_exported_once(office, leads):
    write(office)
    office.merge(leads[0], leads[1])
    rows = export(office)
    assert [row["lead_id"] for row in rows] == [office.lead(leads[n]).uuid for n in (0, 2)]


def test_two_pairs_of_merged_leads_do_not_hide_one_another(office, leads):
    ada, bob, cyd = leads
    dan = office.add(full_name="Dan Doe", first_name="Dan", email="dan@y.com", company="Umbrella")
    write(office, variants=2)
    with office.write() as tx:
        mark(tx, str(list_messages(tx, lead_key=dan).items[0].id), "sent")
    office.merge(ada, bob)
    office.merge(cyd, dan)
    with office.write() as tx:
        counted = show_campaign(tx, "hello").messages
    assert (counted["draft"], counted["sent"]) == (3, 1)
    rows = [(row["lead_id"], row["variant"]) for row in export(office)]
    assert rows == [
        (office.lead(ada).uuid, 1),
        (office.lead(ada).uuid, 2),
        (office.lead(cyd).uuid, 2),
    ]
    office.unmerge(dan)
    assert len(all_messages(office)) == 6


def test_undo_takes_back_the_drafts_that_have_not_left(office, leads):
    run = write(office).run.id
    with office.write() as tx:
        kept = list_messages(tx, lead_key=leads[0]).items[0]
        mark(tx, str(kept.id), "queued")
        assert undo_drafts(tx, run) == 2
        assert undo_drafts(tx, run) == 0
        assert {t.usage_count for t in get_texts(tx, "hello") if t.type == "body"} == {1}
    assert [m.id for m in all_messages(office)] == [kept.id]
    assert office.rows("template_performance") != []


def test_undo_of_everything_leaves_no_figures(office, leads):
    run = write(office, variants=2).run.id
    with office.write() as tx:
        assert undo_drafts(tx, run) == 6
        assert {t.usage_count for t in get_texts(tx, "hello")} == {0}
    assert office.rows("messages") == []
    assert office.rows("template_performance") == []


def test_undo_brings_back_what_a_draft_said_before(office, leads):
    write(office)
    before = [without_audit(row) for row in office.rows("messages")]
    office.add("newer.csv", pinned=leads[0], company="Initrode")
    second = write(office)
    assert second.counts["updated"] == 1
    assert [without_audit(row) for row in office.rows("messages")] != before
    with office.write() as tx:
        assert undo_drafts(tx, second.run.id) == 1
    assert [without_audit(row) for row in office.rows("messages")] == before


def without_audit(row):
    return {k: v for k, v in row._mapping.items() if k not in ("updated_at", "updated_by")}


def test_undo_goes_back_past_runs_that_were_undone_before(office, leads):
    first = write(office)
    office.add("newer.csv", pinned=leads[0], company="Initrode")
    second = write(office)
    office.add("newest.csv", pinned=leads[0], company="Umbrella")
    third = write(office)
    undo(office, second)
    assert all_messages(office)[0].body == "Hello Ada of Umbrella"
    undo(office, third)
    assert all_messages(office)[0].body == "Hello Ada of Acme"
    undo(office, first)
    assert all_messages(office) == []


def undo(office, report):
    with office.write() as tx:
        undo_drafts(tx, report.run.id)
        tx.conn.execute(
            tables.runs.update().where(tables.runs.c.id == report.run.id).values(undone_at=tx.now)
        )


def test_performance_is_measured_per_text_and_run(office, leads):
    run = write(office, variants=2).run.id
    drafted = all_messages(office)
    hooks = [m for m in drafted if m.message_type == "hook"]
    proofs = [m for m in drafted if m.message_type == "proof"]
    with office.write() as tx:
        for message, state in zip(hooks, ("sent", "opened", "replied"), strict=True):
            mark(tx, str(message.id), state)
        mark(tx, str(proofs[0].id), "delivered")
        tx.conn.execute(
            tables.leads.update()
            .where(tables.leads.c.id == hooks[2].lead_key)
            .values(lead_status="converted")
        )
    with office.write() as tx:
        measured = {one.template_key: one for one in measure(tx, run)}
        texts = {(t.type, t.message_type): t for t in get_texts(tx, "hello")}
    rates = {
        name: (
            measured[text.key].open_rate,
            measured[text.key].response_rate,
            measured[text.key].conversion_rate,
        )
        for name, text in texts.items()
    }
    assert rates == {
        ("subject", None): (0.6667, 0.3333, 0.3333),  # of the three hooks
        ("subject", "proof"): (0.0, 0.0, 0.0),  # of the one proof that was sent
        ("body", None): (0.5, 0.25, 0.25),  # of all four
    }
    assert texts["body", None].success_rate == 0.25
    assert {row.open_rate for row in office.rows("template_performance")} == {0.6667, 0.0, 0.5}


def test_success_counts_all_runs_and_is_unknown_while_nothing_was_sent(office, leads):
    first = write(office).run.id
    office.do(measure, first)
    with office.write() as tx:
        assert {t.success_rate for t in get_texts(tx, "hello")} == {None}
        for message in list_messages(tx).items:
            mark(tx, str(message.id), "replied")
    office.do(measure, first)
    office.add(full_name="Dan Doe", first_name="Dan", email="dan@y.com", company="Umbrella")
    second = write(office).run.id
    with office.write() as tx:
        mark(tx, str(list_messages(tx).items[-1].id), "sent")
        measure(tx, second)
        rates = {t.type: t.success_rate for t in get_texts(tx, "hello") if not t.message_type}
    assert rates == {"subject": 0.75, "body": 0.75}


def test_saying_what_became_of_messages_measures_their_texts(office, leads):
    write(office)
    drafted = [str(message.id) for message in all_messages(office)]
    assert len(office.do(tell, drafted[:2], "sent")) == 2
    with office.write() as tx:
        assert {t.success_rate for t in get_texts(tx, "hello") if not t.message_type} == {0.0}
    office.do(tell, drafted[:1], "replied")
    with office.write() as tx:
        assert {t.success_rate for t in get_texts(tx, "hello") if not t.message_type} == {0.5}
    with pytest.raises(ConflictError):
        office.do(tell, [drafted[2], drafted[0]], "sent")
    assert [message.status for message in all_messages(office)] == ["replied", "sent", "draft"]
    assert office.do(tell, [], "sent") == []


def test_a_campaign_is_exported_when_all_its_drafts_have_left(office, leads):
    write(office)
    with office.write() as tx:
        campaign = get_campaign(tx, "hello")
        ids = [row["message_id"] for row in rows_for_export(tx, campaign)]
        part = mark_exported(tx, campaign, ids[:1], is_whole=False)
        assert (part.status, part.export_count) == ("ready", 1)
        assert part.exported_at is not None
        assert mark_exported(tx, campaign, ids[1:], is_whole=False).status == "exported"


def test_exporting_all_there_is_to_export_is_enough(office, leads):
    write(office)
    office.delete_lead(leads[0])
    assert len(export(office)) == 2
    with office.write() as tx:
        assert get_campaign(tx, "hello").status == "exported"


def test_drafting_again_without_news_leaves_the_campaign_as_it_was(office, leads):
    write(office)
    with office.write() as tx:
        before = get_campaign(tx, "hello")
    write(office)
    with office.write() as tx:
        assert get_campaign(tx, "hello") == before
    write(office, variants=2)
    with office.write() as tx:
        assert get_campaign(tx, "hello").updated_at > before.updated_at


def test_a_campaign_is_deleted_with_its_messages_and_its_name_is_free(office, leads):
    write(office)
    with office.write() as tx:
        assert delete_campaign(tx, get_campaign(tx, "hello")) == 3
        assert list_messages(tx).items == []
        with pytest.raises(NotFoundError):
            get_campaign(tx, "hello")
    assert office.events("campaign.deleted") == ["campaign.deleted"]
    assert write(office).drafted == 3


def test_a_campaign_whose_messages_have_left_is_not_deleted_unasked(office, leads):
    write(office)
    with office.write() as tx:
        tell(tx, [str(list_messages(tx).items[0].id)], "sent")
    with office.write() as tx, pytest.raises(ConflictError, match="have left already"):
        delete_campaign(tx, get_campaign(tx, "hello"))
    with office.write() as tx:
        assert delete_campaign(tx, get_campaign(tx, "hello"), with_exported=True) == 3


def test_a_run_whose_campaign_was_deleted_can_still_be_undone(office, leads):
    run = write(office).run.id
    with office.write() as tx:
        delete_campaign(tx, get_campaign(tx, "hello"))
        assert undo_drafts(tx, run) == 0
