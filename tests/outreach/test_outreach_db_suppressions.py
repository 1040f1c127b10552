import pytest

from leadloom.errors import NotFoundError, UsageError
from leadloom.outreach.suppressions import (
    add_suppression,
    find_suppressed,
    list_suppressions,
    remove_suppression,
)


@pytest.fixture
def tx(office):
    with office.write() as tx:
        yield tx


@pytest.mark.parametrize(
    ("value", "kind", "kept"),
    [
        ("Jane <MAILTO:Jane@Acme.com>", "email", "jane@acme.com"),
        ("ACME.com", "domain", "acme.com"),
        ("@acme.com", "domain", "acme.com"),
        ("*.eu.acme.com", "domain", "eu.acme.com"),
        ("xn--mller-kva.de", "domain", "müller.de"),
    ],
)
def test_addresses_and_domains_are_kept_in_one_spelling(tx, value, kind, kept):
    made = add_suppression(tx, value, "asked")
    assert (made.kind, made.value, made.reason) == (kind, kept, "asked")
    assert list_suppressions(tx) == [made]
    assert remove_suppression(tx, value) == made
    assert list_suppressions(tx) == []


@pytest.mark.parametrize("value", ["", "acme", "jane@", "a b", "jane@@acme.com"])
def test_what_is_neither_is_refused(tx, value):
    with pytest.raises(UsageError):
        add_suppression(tx, value)


def test_a_domain_covers_all_below_it_and_nothing_beside_it(tx):
    add_suppression(tx, "acme.com")
    add_suppression(tx, "jane@other.com")
    asked = ["a@acme.com", "b@mail.eu.acme.com", "c@notacme.com", "jane@other.com", "d@other.com"]
    assert find_suppressed(tx, asked) == {
        "a@acme.com": "acme.com",
        "b@mail.eu.acme.com": "acme.com",
        "jane@other.com": "jane@other.com",
    }


def test_adding_again_changes_only_the_reason(office):
    with office.write() as tx:
        add_suppression(tx, "acme.com")
        add_suppression(tx, "acme.com", "lawyer")
        add_suppression(tx, "acme.com")
        assert [one.reason for one in list_suppressions(tx)] == ["lawyer"]
        with pytest.raises(NotFoundError, match="not suppressed"):
            remove_suppression(tx, "other.com")
    assert office.events("suppression.") == ["suppression.added"]
    with office.write(workspace=2) as other:
        assert find_suppressed(other, ["a@acme.com"]) == {}
