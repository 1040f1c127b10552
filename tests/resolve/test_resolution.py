"""Everybody grouped again, in a run; the model learned, shown and asked; keys renewed."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from workbench import ADA, BO, Desk, doubtful

from leadloom.errors import ConflictError
from leadloom.leads.match_key import hash_of
from leadloom.resolve import resolver
from leadloom.resolve.keys import place_keys
from leadloom.resolve.match.blocking import former_keys_of
from leadloom.resolve.match.person import terms_of
from leadloom.resolve.rekeying import rekey_companies, renew_keys
from leadloom.resolve.versions import GROWTH, in_force, put_in_force
from leadloom.runs import run as runs
from leadloom.storage.tables import company_keys, lead_keys, models, records


def strict(desk: Desk) -> None:
    """Put a model in force that joins nobody by likeness."""
    with desk.ws._session.write() as tx:
        version = in_force(tx)
        model = version.matcher.model.changed(same_at=0.999999, unsure_at=0.9999)
        put_in_force(tx, model, version.matcher.census, origin="trained")


def lenient(desk: Desk) -> None:
    """Put the built-in model in force again."""
    with desk.ws._session.write() as tx:
        trained = models.update().where(models.c.origin == "trained")
        tx.conn.execute(trained.values(retired_at=tx.now))


def missed(desk: Desk) -> int:
    """Bring somebody twice whom a strict model leaves two; return how many there are."""
    strict(desk)
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,Chair,")
    desk.take_in("Eva Roth,,Roth AG,Chair,+41 44 668 18 00")
    lenient(desk)
    return len(desk.people())


def test_whom_the_import_left_two_become_one_and_two_again(desk: Desk) -> None:
    count, before = missed(desk), desk.people()
    report = desk.ws.resolution.run(everything=True)
    assert (report.merged, report.parted) == (1, 0)
    assert len(desk.people()) == count - 1
    assert report.examples[0].kept == "Eva Roth"
    desk.assert_sound()
    desk.ws.runs.undo("last")
    assert desk.people() == before
    desk.assert_sound()


def test_a_dry_run_tells_and_changes_nothing(desk: Desk) -> None:
    missed(desk)
    before = desk.people()
    report = desk.ws.resolution.run(everything=True, dry_run=True)
    assert (report.merged, report.run, report.is_dry_run) == (1, None, True)
    assert desk.people() == before
    assert desk.ws.runs.list(kind="resolve").items == []


def test_it_looks_at_those_that_came_since_unless_at_all(desk: Desk) -> None:
    assert desk.ws.resolution.run().records == 4
    missed(desk)
    assert desk.ws.resolution.run().merged == 1
    assert desk.ws.resolution.run().groups == 0
    assert desk.ws.resolution.run(everything=True).groups == 1


def test_stopped_it_goes_on_where_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "BATCH", 1)
    strict(desk)
    for name in ("Eva Roth", "Ida Lang"):
        desk.take_in(f"{name},{name[:3].lower()}@roth.ch,Roth AG,Chair,")
        desk.take_in(f"{name},,Roth AG,Chair,")
    lenient(desk)

    def stop(done: int, counts: dict[str, int]) -> None:
        if done == 1:
            desk.ws.runs.cancel("last:resolve")

    report = desk.ws.resolution.run(everything=True, on_progress=stop)
    assert (report.status, report.merged) == ("cancelled", 1)
    report = desk.ws.runs.resume("last:resolve")
    assert report.status == "completed"
    assert len(desk.people()) == 6
    with pytest.raises(ConflictError, match="complete"):
        desk.ws.runs.resume("last:resolve")
    desk.ws.runs.undo("last:resolve")
    assert len(desk.people()) == 8


def test_a_parted_lead_is_one_again_when_that_is_undone(desk: Desk) -> None:
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,Chair,")
    desk.take_in("Eva Roth,,Roth AG,Chair,+41 44 668 18 00")
    before = desk.people()
    assert len(before) == 5
    strict(desk)
    report = desk.ws.resolution.run(everything=True)
    assert report.parted == 2 - 1
    [one] = report.partings
    assert (one.left, one.parted) == ("Eva Roth", "Eva Roth")
    assert one.score < 0.9999  # what `strict` asks of a pair to be a question
    assert any(reason.startswith("surname: exact (+") for reason in one.reasons)
    assert len(desk.people()) == 6
    desk.ws.runs.undo("last")
    assert desk.people() == before
    desk.assert_sound()


def test_whom_a_resolve_made_one_can_be_parted_for_good(desk: Desk) -> None:
    count = missed(desk)
    desk.ws.resolution.run(everything=True)
    desk.ws.leads.unmerge("eva@roth.ch")
    assert len(desk.people()) == count
    desk.ws.resolution.run(everything=True)
    assert len(desk.people()) == count
    desk.assert_sound()


def test_a_training_is_a_version_that_can_be_taken_back(desk: Desk) -> None:
    one, other = doubtful(desk)
    desk.ws.leads.judge(one, other, "different")
    report = desk.ws.resolution.train()
    assert (report.version, report.words) == (2, 1)
    assert desk.ws.resolution.model().origin == "trained"
    desk.take_in("Eva Berg,eva@berg.it,Berg Srl,,")
    assert version_of_last(desk) == 2
    desk.ws.runs.undo("last:train")
    assert desk.ws.resolution.model().version == 1
    desk.take_in("Ida Berg,ida@berg.it,Berg Srl,,")
    assert version_of_last(desk) == 1


def test_a_resolve_learns_by_itself_where_there_is_enough(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not desk.ws.resolution.run(everything=True).is_learned
    monkeypatch.setattr("leadloom.resolve.training.ENOUGH", 4)
    assert desk.ws.resolution.run(everything=True, dry_run=True).is_learned
    assert desk.ws.resolution.model().origin == "built-in"
    report = desk.ws.resolution.run(everything=True)
    assert (report.is_learned, report.version) == (True, 2)
    assert desk.ws.resolution.model().origin == "learned"
    again = desk.ws.resolution.run(everything=True)
    assert (again.is_learned, again.version) == (False, 2)
    desk.take_in("Eva Berg,eva@berg.it,Berg Srl,,", "Ida Roth,ida@roth.ch,Roth AG,,")
    assert version_of_last(desk) == 2
    assert desk.ws.resolution.run().is_learned
    desk.ws.runs.undo("last:resolve")
    assert desk.ws.resolution.model().version == 2
    desk.assert_sound()


def test_what_was_learned_is_counted_again_when_the_table_has_grown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloom.resolve.versions.FEWEST", 2)
    desk.ws.resolution.train()
    desk.take_in(*(f"Ida Berg{n},ida{n}@berg.it,Berg Srl,," for n in range(4 * GROWTH)))
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,,")
    found = desk.ws.resolution.model()
    assert (found.origin, found.records) == ("trained", 4 + 4 * GROWTH)
    desk.ws.runs.undo("last:train")
    assert desk.ws.resolution.model().origin == "built-in"


def version_of_last(desk: Desk) -> int | None:
    query = sa.select(records.c.model_version).order_by(records.c.id.desc()).limit(1)
    with desk.ws._session.read() as tx:
        return tx.conn.scalar(query)


def test_a_table_that_has_grown_is_counted_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloom.resolve.versions.FEWEST", 2)
    assert desk.ws.resolution.model().records == 0
    desk.take_in(*(f"Ida Berg{n},ida{n}@berg.it,Berg Srl,," for n in range(2 * GROWTH)))
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,,")
    found = desk.ws.resolution.model()
    assert (found.version, found.records) == (2, 4 + 2 * GROWTH)
    with desk.ws._session.read() as tx:
        assert in_force(tx).matcher.census.share("site", "berg.it") > 0.005
        found = set(tx.conn.scalars(sa.select(records.c.model_version)))
    assert found == {1, 2}


def test_an_explanation_names_every_field_that_both_have(desk: Desk) -> None:
    found = desk.ws.resolution.explain(ADA, BO)
    assert found.verdict == "different"
    assert {"given", "surname", "company", "title"} <= {one.field for one in found.fields}
    assert json.dumps(found.as_json())


def test_duplicates_say_what_each_field_adds(desk: Desk) -> None:
    doubtful(desk)
    (found,) = desk.ws.leads.duplicates()
    assert "two mailboxes at roth.ch" in found.reasons[0]
    assert any(reason.startswith("surname: exact (") for reason in found.reasons[1:])


def test_keys_of_earlier_recipes_are_swept_and_todays_written(desk: Desk) -> None:
    said = {"full_name": "Ada Lind", "email": [ADA], "company": "Acme GmbH"}
    stale = {hash_of("name+company", "ada lind", "acme"), *former_keys_of(terms_of(said))}
    with desk.ws._session.write() as tx:
        before = keys(tx)
        ada = desk.ws.leads.get(ADA).key
        tx.conn.execute(lead_keys.delete().where(lead_keys.c.lead_id == ada))
        own = {"workspace_id": tx.workspace_id, "lead_id": ada}
        tx.conn.execute(lead_keys.insert(), [{"hash": key, **own} for key in stale])
        assert keys(tx) - before
        last = renew_keys(tx.conn, 0, 2)
        assert renew_keys(tx.conn, last or 0, 100) is not None
        assert keys(tx) == before


def test_a_namesake_of_a_city_loses_the_keys_of_before(desk: Desk) -> None:
    said = {"full_name": "Ida Falk", "city": "Oslo"}
    desk.ws.leads.add(said)
    (ida,) = desk.ws.leads.find("Ida Falk").items
    with desk.ws._session.write() as tx:
        before = keys(tx)
        own = {"workspace_id": tx.workspace_id, "lead_id": ida.key}
        held = {key for key, lead in before if lead == ida.key}
        stale = {*former_keys_of(terms_of(said))} - held
        assert len(stale) == 2  # by name, and by city
        tx.conn.execute(lead_keys.insert(), [{"hash": key, **own} for key in stale])
        renew_keys(tx.conn, 0, 100)
        assert keys(tx) == before


def test_companies_get_the_keys_of_their_city(desk: Desk) -> None:
    desk.ws.leads.add({"full_name": "Ida Falk", "company": "Falk", "company.city": "Oslo"})
    with desk.ws._session.write() as tx:
        query = sa.select(company_keys.c.hash, company_keys.c.company_id)
        before = {tuple(row) for row in tx.conn.execute(query)}
        later = place_keys("Falk", {"city": "Oslo"})
        assert len(later) == 2
        tx.conn.execute(company_keys.delete().where(company_keys.c.hash.in_(later)))
        rekey_companies(tx.conn, 0, 100)
        assert {tuple(row) for row in tx.conn.execute(query)} == before
    desk.assert_sound()


def keys(tx: Any) -> set[tuple[int, int]]:
    query = sa.select(lead_keys.c.hash, lead_keys.c.lead_id)
    return {(row.hash, row.lead_id) for row in tx.conn.execute(query)}


def test_what_came_before_there_were_models_is_decided_by_the_rule_of_then(desk: Desk) -> None:
    desk.take_in("Bob Smith,,Roth AG,Buyer,")
    with desk.ws._session.write() as tx:
        tx.conn.execute(records.update().values(model_version=None))
    later = desk.take_in("Robert Smith,,Roth AG,Buyer,")
    with desk.ws._session.write() as tx:
        tx.conn.execute(records.update().values(model_version=None))
        run = runs.get_run(tx, "last:import")
    other = desk.take_in("Robert Smith,rob@roth.ch,Roth AG,Buyer,")
    assert later.run.id == run.id
    desk.ws.runs.undo(str(other.run.uuid))
    assert [one.reasons[0] for one in desk.ws.leads.duplicates()] == [
        "a form of the same name and company"
    ]
