import pytest

from leadloom.errors import ConflictError, NotFoundError, UsageError
from leadloom.outreach.campaigns import create_campaign
from leadloom.outreach.groups import (
    add_members,
    create_group,
    delete_group,
    get_group,
    list_groups,
    list_members,
    remove_members,
)
from leadloom.outreach.selection import select_keys
from leadloom.outreach.templates import install_built_ins


@pytest.fixture
def people(office):
    return [
        office.add(full_name=f"Person {name}", email=f"{name}@x{name}.example", city=city)
        for name, city in (("ada", "Berlin"), ("bob", "Berlin"), ("cyd", "Paris"))
    ]


def names(page):
    return [lead.email.partition("@")[0] for lead in page.items]


def keys(page):
    return [lead.key for lead in page.items]


def test_members_are_counted_listed_and_taken_out(office, people):
    with office.write() as tx:
        group = create_group(tx, "  VIPs  ", "the best")
        assert add_members(tx, group, people) == 3
        assert add_members(tx, group, people[:2]) == 0
        assert get_group(tx, "VIPs").members == 3
        assert get_group(tx, str(group.id)).name == "VIPs"
        assert remove_members(tx, group, people[:1]) == 1
        assert remove_members(tx, group, people[:1]) == 0
        assert names(list_members(tx, group)) == ["bob", "cyd"]
    assert office.events("group.") == [
        "group.created",
        "group.members_added",
        "group.members_removed",
    ]


def test_members_come_in_pages_that_join_up(office, people):
    with office.write() as tx:
        group = create_group(tx, "all")
        add_members(tx, group, people)
        first = list_members(tx, group, limit=2)
        second = list_members(tx, group, limit=2, after=first.next)
        assert names(first) + names(second) == ["ada", "bob", "cyd"]
        assert second.next is None
        with pytest.raises(UsageError, match="cursor"):
            list_members(tx, group, after="x")
        with pytest.raises(UsageError, match="--limit"):
            list_members(tx, group, limit=0)


def test_leads_that_became_one_are_one_member_and_two_again_when_parted(office, people):
    ada, bob, cyd = people
    with office.write() as tx:
        group = create_group(tx, "all")
        add_members(tx, group, people)
    office.merge(ada, bob)
    with office.write() as tx:
        assert get_group(tx, "all").members == 2
        assert keys(list_members(tx, group)) == [ada, cyd]
        assert add_members(tx, group, [bob]) == 0
    office.unmerge(bob)
    with office.write() as tx:
        assert keys(list_members(tx, group)) == people


def test_taking_a_lead_out_takes_out_all_it_speaks_for(office, people):
    ada, bob, cyd = people
    with office.write() as tx:
        group = create_group(tx, "all")
        add_members(tx, group, people)
    office.merge(ada, bob)
    with office.write() as tx:
        assert remove_members(tx, group, [ada]) == 1
    office.unmerge(bob)
    with office.write() as tx:
        assert keys(list_members(tx, group)) == [cyd]


def test_a_deleted_lead_is_no_member(office, people):
    with office.write() as tx:
        group = create_group(tx, "all")
        add_members(tx, group, people)
    office.delete_lead(people[0])
    with office.write() as tx:
        assert get_group(tx, "all").members == 2
        assert names(list_members(tx, group)) == ["bob", "cyd"]


def test_leads_are_selected_by_conditions(office, people):
    with office.write() as tx:
        assert select_keys(tx, ["city=berlin"]) == people[:2]
        assert select_keys(tx, ["city=berlin", "source=cards.csv"], keys=people[1:]) == people[1:2]
        assert select_keys(tx, ["source=other.csv"]) == []
        with pytest.raises(UsageError, match="no field"):
            select_keys(tx, ["colour=red"])


def test_a_group_is_deleted_with_its_memberships_but_not_its_leads(office, people):
    with office.write() as tx:
        group = create_group(tx, "all")
        add_members(tx, group, people)
        delete_group(tx, group)
        assert list_groups(tx) == []
        assert select_keys(tx) == people
    assert office.rows("group_members") == []


def test_a_group_that_a_campaign_writes_to_stays(office):
    with office.write() as tx:
        install_built_ins(tx)
        group = create_group(tx, "all")
        create_campaign(tx, "spring", template="intro", group=group)
        with pytest.raises(ConflictError, match="spring"):
            delete_group(tx, group)


def test_names_are_checked_and_unknown_ones_answered_with_the_nearest(office):
    with office.write() as tx:
        create_group(tx, "customers")
        with pytest.raises(UsageError, match="already"):
            create_group(tx, " customers")
        for bad in ("", " \n ", "a\x00b", "x" * 300, "half \ud800"):
            with pytest.raises(UsageError):
                create_group(tx, bad)
        create_group(tx, "👩‍🚀 می‌خواهم")
        with pytest.raises(NotFoundError, match="customers"):
            get_group(tx, "custmers")


def test_another_workspace_sees_no_group_and_cannot_put_these_leads_in_one(office, people):
    with office.write() as tx:
        create_group(tx, "all")
    with office.write(workspace=2) as other:
        assert list_groups(other) == []
        group = create_group(other, "all")
        assert add_members(other, group, people) == 0
        assert select_keys(other) == []
