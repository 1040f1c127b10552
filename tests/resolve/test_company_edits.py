"""A company changed by hand: facts like any others, that outrank all others and can be undone."""

from typing import Any

import pytest
from workbench import ADA, Desk

from leadloom.errors import NotFoundError, UsageError

HEAD = "Name,Email,Company,Company City,Company Domain,Company Tags"


def firms(desk: Desk) -> list[Any]:
    """All that is seen of companies but when they were changed, and whose they are."""
    hidden = {"updated_at"}
    found = desk.ws.companies.find(limit=500, sort="id").items
    shapes = [{k: v for k, v in one.as_json().items() if k not in hidden} for one in found]
    people = {str(one.id): one.company_id for one in desk.ws.leads.find(limit=500).items}
    return [shapes, people]


def acme(desk: Desk) -> Any:
    return desk.ws.companies.get("acme.com")


def test_what_is_set_outranks_every_file_and_empties_too(desk: Desk) -> None:
    edited = desk.ws.companies.set("acme.com", {"city": "Ulm", "employee_count": "140"})
    assert edited.status == "updated"
    assert (edited.company.city, edited.company.employee_count) == ("Ulm", 140)
    desk.ws.companies.set("acme.com", {"employee_count": ""})
    desk.take_in(f"Ada Lind,{ADA},Acme GmbH,Kiel,acme.com,", head=HEAD)
    assert (acme(desk).city, acme(desk).employee_count) == ("Ulm", None)
    shown = {one.field: one for one in desk.ws.companies.show("acme.com").fields}
    assert (shown["city"].value, shown["city"].source) == ("Ulm", "you")
    assert [other.value for other in shown["city"].others] == ["Kiel"]
    desk.assert_sound()


def test_setting_what_is_there_changes_nothing(desk: Desk) -> None:
    desk.ws.companies.set("acme.com", {"city": "Ulm"})
    assert desk.ws.companies.set("acme.com", {"city": "Ulm"}).status == "unchanged"


def test_tags_and_fields_of_ones_own(desk: Desk) -> None:
    desk.take_in(f"Ada Lind,{ADA},Acme GmbH,,acme.com,key; old", head=HEAD)
    assert acme(desk).tags == ["key", "old"]
    edited = desk.ws.companies.set("acme.com", {"tags": "key; new", "custom.Tier": "A"})
    assert sorted(edited.company.tags) == ["key", "new"]
    assert edited.company.custom == {"Tier": "A"}
    edited = desk.ws.companies.set("acme.com", {"tags": "", "custom.Tier": ""})
    assert (edited.company.tags, edited.company.custom) == ([], {})
    desk.assert_sound()


@pytest.mark.parametrize(
    "values",
    [{"city": "Ulm"}, {"name": "Apex"}, {"domain": "apex.com"}, {"domain": ""}, {"tags": "key"}],
)
def test_an_edit_taken_back_leaves_no_trace(desk: Desk, values: dict[str, str]) -> None:
    before = firms(desk)
    desk.ws.companies.set("acme.com", values)
    assert firms(desk) != before
    desk.ws.runs.undo("last:edit")
    assert firms(desk) == before
    desk.assert_sound()


def test_an_edit_stays_when_the_import_before_it_is_undone(desk: Desk) -> None:
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,Bern,roth.ch,", head=HEAD)
    desk.ws.companies.set("roth.ch", {"name": "Roth Holding"})
    desk.ws.runs.undo("last")
    kept = [one for one in desk.ws.companies.find().items if one.name == "Roth Holding"]
    assert [(one.city, one.domain) for one in kept] == [(None, None)]
    desk.ws.runs.undo("last:edit")
    assert "Roth Holding" not in [one.name for one in desk.ws.companies.find().items]
    desk.assert_sound()


def test_who_came_by_a_name_set_by_hand_leaves_when_that_is_undone(desk: Desk) -> None:
    desk.ws.companies.set("acme.com", {"name": "Apex"})
    desk.take_in("Eva Roth,eva@gmail.com,Apex,,,", head=HEAD)
    eva = desk.ws.leads.get("eva@gmail.com")
    assert eva.company_id == acme(desk).id
    desk.ws.runs.undo("last:edit")
    apart = desk.ws.leads.get("eva@gmail.com").company_id
    assert apart not in (None, acme(desk).id)
    assert desk.ws.companies.get(apart).name == "Apex"
    desk.assert_sound()


def test_a_company_without_its_domain_stays_without_one_in_a_replay(desk: Desk) -> None:
    name = acme(desk).id
    desk.ws.companies.set(name, {"domain": ""})
    later = [
        str(desk.take_in(line, head=HEAD).run.uuid)
        for line in (
            f"Ada Lind,{ADA},Acme GmbH,,acme.com,",
            "Eva Roth,eva@gmail.com,Acme GmbH,,acme.de,",
            "Fay Lund,fay@gmail.com,Acme GmbH,,,",
        )
    ]
    before = firms(desk)
    assert desk.ws.companies.get(name).domain is None
    extra = desk.take_in("Gus Holm,gus@gmail.com,Acme GmbH,Ulm,,", head=HEAD)
    desk.ws.runs.undo(str(extra.run.uuid))
    assert firms(desk) == before
    for run in later:
        desk.ws.runs.undo(run)
    desk.assert_sound()


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    before = firms(desk)
    with pytest.raises(UsageError, match="Nothing to set"):
        desk.ws.companies.set("acme.com", {})
    with pytest.raises(UsageError, match="did you mean 'city'"):
        desk.ws.companies.set("acme.com", {"citty": "Ulm"})
    with pytest.raises(UsageError, match="founded_year='soon'"):
        desk.ws.companies.set("acme.com", {"founded_year": "soon"})
    with pytest.raises(NotFoundError):
        desk.ws.companies.set("nobody.example", {"city": "Ulm"})
    assert firms(desk) == before
    assert desk.ws.runs.list(kind="edit").items == []
