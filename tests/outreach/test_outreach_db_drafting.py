import pytest

from leadloom.config import change_setting
from leadloom.errors import ConflictError, UsageError
from leadloom.outreach import drafting
from leadloom.outreach.campaigns import create_campaign, get_campaign, list_campaigns
from leadloom.outreach.drafting import OUTCOMES, draft
from leadloom.outreach.groups import add_members, create_group
from leadloom.outreach.messages import list_messages, mark
from leadloom.outreach.plan import DraftRequest
from leadloom.outreach.suppressions import add_suppression
from leadloom.outreach.templates import (
    activate_template,
    add_template,
    edit_template,
    get_texts,
)
from leadloom.runs import run as runs

JANE = {
    "full_name": "Jane Doe",
    "first_name": "Jane",
    "last_name": "Doe",
    "email": "jane@initech.com",
    "company": "Initech",
    "title": "Head of Sales",
}
BOB = {"full_name": "Bob Roe", "first_name": "Bob", "last_name": "Roe", "email": "bob@hooli.com"}


@pytest.fixture
def hello(office):
    with office.write() as tx:
        add_template(tx, "hello", "subject", "Hi")
        add_template(tx, "hello", "body", "Hello {{ first_name }} of {{ company }}")


def run(office, **asked):
    watch = {
        key: asked.pop(key) for key in ("dry_run", "on_progress", "on_missing") if key in asked
    }
    return draft(office.write, DraftRequest(**asked), **watch)


def counts(report):
    return {name: number for name, number in report.counts.items() if number}


def bodies(office):
    return [row.body for row in office.rows("messages")]


def test_each_lead_gets_its_variants_with_the_facts_and_their_sources(office):
    office.add(**JANE)
    report = run(office, variants=3)
    assert counts(report) == {"drafted": 3}
    with office.write() as tx:
        found = list_messages(tx).items
    assert [(m.variant, m.message_type, m.status) for m in found] == [
        (1, "hook", "draft"),
        (2, "proof", "draft"),
        (3, "fomo", "draft"),
    ]
    named = {fact["field"]: fact for m in found for fact in m.personalization["facts"]}
    assert named["company"]["source"] == "cards.csv"
    assert named["company"]["observed_at"]
    assert named["company"]["confidence"] == 0.8  # how far a file is trusted
    assert {m.campaign for m in found} == {report.campaign} == {"intro"}
    assert all(0 < m.quality_score <= 100 for m in found)


def test_the_source_of_a_fact_is_the_record_that_won(office, hello):
    jane = office.add(**JANE)
    office.add("newer.csv", pinned=jane, email="jane@initech.com", company="Initech Labs")
    run(office, template="hello")
    with office.write() as tx:
        [message] = list_messages(tx).items
    assert message.body == "Hello Jane of Initech Labs"
    sources = {fact["field"]: fact["source"] for fact in message.personalization["facts"]}
    assert sources == {"first_name": "cards.csv", "company": "newer.csv"}


def test_drafting_again_changes_nothing(office):
    office.add(**JANE)
    office.add(**BOB)
    run(office, variants=2)
    before = office.rows("messages"), office.rows("templates")
    report = run(office, variants=2)
    assert counts(report) == {"unchanged": 4}
    assert (office.rows("messages"), office.rows("templates")) == before


def test_a_changed_fact_writes_the_draft_anew_and_leaves_the_others(office, hello):
    jane = office.add(**JANE)
    office.add(**{**BOB, "company": "Hooli"})
    run(office, template="hello")
    office.add("newer.csv", pinned=jane, company="Initrode")
    report = run(office, template="hello")
    assert counts(report) == {"updated": 1, "unchanged": 1}
    assert bodies(office) == ["Hello Jane of Initrode", "Hello Bob of Hooli"]


def test_a_new_version_of_the_template_writes_drafts_anew(office, hello):
    office.add(**JANE)
    run(office, template="hello")
    office.do(edit_template, "hello", "body", "Dear {{ first_name }}, {{ company }}")
    assert counts(run(office, template="hello")) == {"updated": 1}
    assert bodies(office) == ["Dear Jane, Initech"]


def test_what_has_left_is_kept_as_it_was(office, hello):
    jane = office.add(**JANE)
    run(office, template="hello")
    with office.write() as tx:
        mark(tx, str(list_messages(tx).items[0].id), "sent")
    office.add("newer.csv", pinned=jane, company="Initrode")
    assert counts(run(office, template="hello")) == {"kept": 1}
    assert bodies(office) == ["Hello Jane of Initech"]


def test_whoever_must_not_be_written_to_is_skipped_with_the_reason(office):
    office.add(**JANE)
    keys = {
        "has no e-mail address": office.add(full_name="No Mail", phone=["+4930111111"]),
        "asked not to be contacted": office.add(email="a@a1.com", do_not_contact=True),
        "the e-mail address is bounced": office.add(email="b@b1.com", email_status="bounced"),
        "the e-mail address is invalid": office.add(email="c@c1.com", email_status="invalid"),
        "the e-mail address is suppressed": office.add(email="d@d1.com other@d2.com"),
        "the e-mail domain is suppressed": office.add(email="e@mail.e1.com"),
        "was deleted": office.add(email="f@f1.com"),
    }
    office.delete_lead(keys["was deleted"])
    office.do(add_suppression, "other@d2.com")
    office.do(add_suppression, "e1.com")
    report = run(office, variants=1)
    assert counts(report) == {"drafted": 1, "skipped": 6}
    assert dict(report.skipped) == dict.fromkeys(set(keys) - {"was deleted"}, 1)
    named = run(office, variants=1, lead_keys=set(keys.values()))
    assert dict(named.skipped) == dict.fromkeys(keys, 1)
    assert named.leads == len(keys)


def test_conditions_keys_and_the_campaigns_group_narrow_one_another(office):
    jane, bob = office.add(**JANE, city="Berlin"), office.add(**BOB, city="Berlin")
    cyd = office.add(full_name="Cyd Poe", email="cyd@umbrella.com", city="Paris")
    with office.write() as tx:
        group = create_group(tx, "some")
        add_members(tx, group, [jane, cyd])
        add_template(tx, "hello", "subject", "Hi")
        add_template(tx, "hello", "body", "Hello {{ first_name | default('you') }}")
        create_campaign(tx, "spring", template="hello", group=group, variants=2)
    assert counts(run(office, campaign="spring", where=["city=Berlin"])) == {"drafted": 2}
    assert counts(run(office, campaign="spring", lead_keys=[bob])) == {}
    assert counts(run(office, campaign="spring")) == {"drafted": 2, "unchanged": 2}
    assert {row.lead_id for row in office.rows("messages")} == {jane, cyd}


def test_a_variable_nobody_can_fill_is_refused_before_anything_is_written(office):
    office.add(**JANE)
    office.do(add_template, "hello", "subject", "Hi")
    office.do(add_template, "hello", "body", "Hello {{ frist_name }} at {{ booth }}", "hook")
    with pytest.raises(UsageError, match=r"'hello' \(body, hook\) uses booth"):
        run(office, template="hello")
    with pytest.raises(UsageError, match=r"frist_name.*did you mean first_name"):
        run(office, template="hello", context={"booth": "A1"})
    assert office.rows("runs")[-1].kind == "import"
    assert office.rows("messages") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"variants": 99},
        {"campaign_type": "spam"},
        {"template": "nosuch"},
        {"where": ["city"]},
        {"context": {"first_name": "x"}},
        {"context": {"icebreaker": "x"}},
        {"context": {"no name": "x"}},
        {"context": {"event_name": {"a": 1}}},
        {"context": {"event_name": "a\x00b"}},
        {"context": {"event_name": "\ud800"}},
    ],
)
def test_what_makes_no_sense_is_refused(office, asked):
    with pytest.raises(UsageError):
        run(office, **asked)


def test_a_template_without_a_text_it_needs_is_refused(office, hello):
    office.add(**JANE)
    office.do(activate_template, "hello", "subject", active=False)
    with pytest.raises(UsageError, match="no subject"):
        run(office, template="hello")


def test_missing_variables_are_told_before_anything_is_written(office, hello):
    office.add(**JANE)
    office.add(**BOB)
    office.add(full_name="No Mail", phone=["+4930111111"])
    heard = []
    report = run(
        office,
        template="hello",
        on_missing=lambda missing: heard.append((missing, len(office.rows("messages")))),
    )
    assert heard == [({"company": 1}, 0)]
    assert report.missing == {"company": 1}
    assert counts(report) == {"drafted": 2, "skipped": 1}


def test_the_sender_and_the_event_come_from_settings_campaign_and_call(office):
    office.add(**JANE)
    with office.write() as tx:
        change_setting(tx, "sender_name", "Ann")
        add_template(tx, "hello", "subject", "{{ event_name }}")
        add_template(tx, "hello", "body", "{{ sender_name }} {{ booth }} {{ company }}")
        create_campaign(
            tx, "fair", template="hello", context={"eventName": "Fair", "booth": "A1"}, variants=1
        )
    report = run(office, campaign="fair", context={"booth": "B2"})
    [message] = office.rows("messages")
    assert (message.subject, message.body) == ("Fair", "Ann B2 Initech")
    assert report.missing == {}


def test_a_dry_run_counts_everything_and_leaves_nothing(office, hello):
    office.add(**JANE)
    office.add(**BOB)
    tables = ("runs", "messages", "campaigns", "templates", "events", "template_performance")
    before = {name: office.rows(name) for name in tables}
    report = run(office, template="hello", dry_run=True)
    assert counts(report) == {"drafted": 2}
    assert report.missing == {"company": 1}
    assert report.run is None
    assert {name: office.rows(name) for name in tables} == before
    assert counts(run(office, template="hello")) == {"drafted": 2}
    assert counts(run(office, template="hello", dry_run=True)) == {"unchanged": 2}


def test_use_is_counted_for_the_texts_that_were_used(office):
    office.add(**JANE)
    with office.write() as tx:
        add_template(tx, "hello", "subject", "Hi")
        add_template(tx, "hello", "subject", "Proof", "proof")
        add_template(tx, "hello", "body", "Hello {{ first_name }} {{ company }}")
        add_template(tx, "hello", "icebreaker", "never printed")
    run(office, template="hello", variants=3)
    run(office, template="hello", variants=3)
    with office.write() as tx:
        used = {(t.type, t.message_type): t.usage_count for t in get_texts(tx, "hello")}
    assert used == {
        ("subject", None): 2,
        ("subject", "proof"): 1,
        ("body", None): 3,
        ("icebreaker", None): 0,
    }


def test_a_merged_lead_is_written_to_once_and_nobody_twice(office, hello):
    jane = office.add(**JANE)
    twin = office.add(full_name="J. Doe", first_name="J.", email="j@initech.com", company="Initech")
    run(office, template="hello")
    office.merge(jane, twin)
    report = run(office, template="hello", lead_keys=[jane, twin])
    assert report.leads == 1
    with office.write() as tx:
        assert [m.lead_key for m in list_messages(tx).items] == [jane]
        assert [m.lead_key for m in list_messages(tx, lead_key=twin).items] == [jane]
    office.unmerge(twin)
    with office.write() as tx:
        assert sorted(m.lead_key for m in list_messages(tx).items) == [jane, twin]


def test_of_two_messages_to_a_merged_lead_the_one_that_has_left_counts(office, hello):
    jane = office.add(**JANE)
    twin = office.add(full_name="J. Doe", first_name="J.", email="j@initech.com", company="Initech")
    run(office, template="hello")
    with office.write() as tx:
        [sent] = list_messages(tx, lead_key=twin).items
        mark(tx, str(sent.id), "sent")
    office.merge(jane, twin)
    office.add("newer.csv", pinned=jane, company="Initrode")
    assert counts(run(office, template="hello")) == {"kept": 1}
    with office.write() as tx:
        assert [m.id for m in list_messages(tx).items] == [sent.id]


SHARED = "another lead gets this campaign at the same address"


@pytest.mark.parametrize("batch", [1, 500])
def test_a_mailbox_that_two_share_gets_a_campaign_once(office, hello, monkeypatch, batch):
    monkeypatch.setattr(drafting, "BATCH", batch)
    jane = office.add(**JANE | {"email": "info@initech.com"})
    office.add(**BOB | {"email": "info@initech.com", "company": "Initech"})
    for outcome in ("drafted", "unchanged"):
        report = run(office, template="hello", variants=2)
        assert counts(report) == {outcome: 2, "skipped": 1}
        assert report.skipped == [(SHARED, 1)]
    with office.write() as tx:
        assert {m.lead_key for m in list_messages(tx).items} == {jane}


def test_whoever_has_the_letter_keeps_it_also_before_an_older_lead(office, hello):
    jane = office.add(**JANE | {"email": "info@initech.com"})
    bob = office.add(**BOB | {"email": "info@initech.com", "company": "Initech"})
    run(office, template="hello", lead_keys=[bob])
    report = run(office, template="hello")
    assert (counts(report), report.skipped) == ({"unchanged": 1, "skipped": 1}, [(SHARED, 1)])
    autumn = run(office, template="hello", campaign="autumn", lead_keys=[jane])
    assert counts(autumn) == {"drafted": 1}


def test_whoever_cannot_be_written_to_does_not_hold_the_mailbox(office, hello):
    office.add(**JANE | {"email": "info@initech.com"}, do_not_contact=True)
    bob = office.add(**BOB | {"email": "info@initech.com", "company": "Initech"})
    run(office, template="hello")
    with office.write() as tx:
        assert [m.lead_key for m in list_messages(tx).items] == [bob]


def test_the_campaign_goes_from_draft_to_ready(office, hello):
    office.add(**JANE)
    with office.write() as tx:
        assert create_campaign(tx, "spring", template="hello").status == "draft"
    seen = []
    run(office, campaign="spring", on_progress=lambda *_: seen.append(status(office)))
    with office.write() as tx:
        ready = get_campaign(tx, "spring")
    assert seen == ["generating"]
    assert ready.status == "ready"
    assert ready.generated_at is not None
    run(office, campaign="spring")
    with office.write() as tx:
        assert get_campaign(tx, "spring").generated_at == ready.generated_at
    assert office.events("campaign.") == ["campaign.created", "campaign.generated"]


def status(office):
    with office.write() as tx:
        return get_campaign(tx, "spring").status


def test_drafts_without_a_campaign_never_mix_with_a_campaign_of_the_same_name(office, hello):
    office.add(**JANE)
    with office.write() as tx:
        create_campaign(tx, "hello", template="hello", group=create_group(tx, "vip"))
    with pytest.raises(ConflictError, match="--campaign"):
        run(office, template="hello")
    assert counts(run(office, template="hello", campaign="other", variants=1)) == {"drafted": 1}
    with pytest.raises(UsageError, match="not 'intro'"):
        run(office, template="intro", campaign="other")
    with office.write() as tx:
        assert [one.name for one in list_campaigns(tx)] == ["other", "hello"]


def test_a_cancelled_run_stops_after_its_batch_and_the_next_one_does_the_rest(
    office, hello, monkeypatch
):
    monkeypatch.setattr(drafting, "BATCH", 1)
    for name in ("Ada", "Bob", "Cyd"):
        office.add(full_name=name, first_name=name, email=f"{name.lower()}@x.com", company="X")

    def cancel(done, counts):
        if done == 1:
            with office.write() as tx:
                runs.request_cancel(tx, runs.get_run(tx, "last"))

    stopped = run(office, template="hello", on_progress=cancel)
    assert stopped.run.status == "cancelled"
    assert len(bodies(office)) == 2  # the batch that was under way is finished
    rest = run(office, template="hello")
    assert rest.run.status == "completed"
    assert counts(rest) == {"drafted": 1, "unchanged": 2}


def test_ctrl_c_leaves_a_cancelled_run_and_whole_batches(office, hello, monkeypatch):
    monkeypatch.setattr(drafting, "BATCH", 1)
    office.add(**JANE)
    office.add(**{**BOB, "company": "Hooli"})

    def interrupt(done, counts):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(office, template="hello", on_progress=interrupt)
    assert office.rows("runs")[-1].status == "cancelled"
    assert len(bodies(office)) == 1
    assert counts(run(office, template="hello")) == {"drafted": 1, "unchanged": 1}


def test_a_run_that_died_is_gone_on_with_where_it_was(office, hello, monkeypatch):
    monkeypatch.setattr(drafting, "BATCH", 1)
    office.add(**JANE)
    office.add(full_name="No Mail", phone=["+4930111111"])
    office.add(**{**BOB, "company": "Hooli"})

    class Killed(BaseException):
        pass

    def kill(done, counts):
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        run(office, template="hello", on_progress=kill)
    monkeypatch.setattr(runs.Run, "is_interrupted", lambda self, now: self.status == "processing")
    report = run(office, template="hello")
    assert counts(report) == {"drafted": 2, "skipped": 1}
    assert dict(report.skipped) == {"has no e-mail address": 1}
    assert [row.kind for row in office.rows("runs")].count("draft") == 1
    assert (report.run.status, report.run.processed, report.run.total) == ("completed", 3, 3)
    assert {row.run_id for row in office.rows("messages")} == {report.run.id}


def test_counts_account_for_every_message_and_lead(office):
    office.add(**JANE)
    office.add(**BOB)
    office.add(full_name="No Mail", phone=["+4930111111"])
    report = run(office, variants=4)
    assert set(report.counts) == set(OUTCOMES)
    assert report.counts["drafted"] == 8
    assert report.counts["skipped"] == 1
    assert report.run.counts == {name: n for name, n in report.counts.items() if n}
    assert report.as_json()["reasons"] == {"has no e-mail address": 1}


def test_another_workspace_drafts_for_its_own_leads_only(office):
    office.add(**JANE)
    report = draft(lambda: office.write(workspace=2), DraftRequest())
    assert report.leads == 0
    assert office.rows("messages") == []
