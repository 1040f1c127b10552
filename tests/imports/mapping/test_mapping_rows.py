"""What a row says through a mapping, and what a person may say about the mapping."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.errors import UsageError
from leadloom.imports.mapping import Mapping, infer

headers = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(["Name", "name", "Email", "E-Mail", "Company", "Firma", "Foo Bar",
                         "foo_bar",
                         "City", "Ort", "ID", "Lead ID", "custom.x", "Custom.X", "", "Title",
                         "Connected On", "First Name", "URL", "placeId", "totalScore", "title"]),
    ),
    max_size=12,
    unique=True,
)  # fmt: skip
cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20),
    st.sampled_from(["a@b.com", "Ann Lee", "+44 20 7946 0123", "Acme GmbH", "Mr", "  "]),
    st.lists(st.text(max_size=5), max_size=3),
    st.lists(st.dictionaries(st.sampled_from(["value", "x"]), st.text(max_size=5)), max_size=2),
)  # fmt: skip


ASIDE = ("external_id", "external_url", "observed_at", "ignore")


def said(value: object) -> bool:
    """Whether a cell holds anything to keep."""
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, list):
        return any(said(entry) for entry in value)
    if isinstance(value, dict):
        return bool(value)
    return value is not None


@given(headers=headers, kind=st.sampled_from(["delimited", "json", "vcard"]), data=st.data())
def test_every_column_has_one_target_and_every_value_arrives(
    headers: list[str], kind: str, data: st.DataObject
) -> None:
    row = st.fixed_dictionaries(dict.fromkeys(headers, cells))
    sample = data.draw(st.lists(row, max_size=4))
    mapping = infer(headers, sample, kind=kind)
    assert list(mapping.columns) == headers
    customs = [t.field for t in mapping.columns.values() if t.field.startswith("custom.")]
    assert len(customs) == len(set(customs))
    for one in [*sample, data.draw(row)]:
        kept = {column for _, _, column in mapping.pairs(one)}
        aside = {column for column, target in mapping.columns.items() if target.field in ASIDE}
        assert kept == {column for column, value in one.items() if said(value)} - aside


def test_two_columns_of_one_field_keep_both_values() -> None:
    mapping = infer(["City", "Ort"], [], kind="delimited")
    assert mapping.pairs({"City": "Ulm", "Ort": "Bonn"}) == [
        ("city", "Ulm", "City"),
        ("custom.ort", "Bonn", "Ort"),
    ]
    assert mapping.pairs({"City": " ", "Ort": "Bonn"}) == [("city", "Bonn", "Ort")]


def test_columns_that_differ_by_spelling_become_different_custom_fields() -> None:
    mapping = infer(["Foo Bar", "foo_bar", "custom.foo_bar"], [], kind="delimited")
    assert [target.field for target in mapping.columns.values()] == [
        "custom.foo_bar_2", "custom.foo_bar_3", "custom.foo_bar",
    ]  # fmt: skip


def test_a_column_the_sample_did_not_show_is_known_by_its_name_or_becomes_custom() -> None:
    mapping = infer(["FN", "EMAIL"], [], kind="vcard")
    assert mapping.pairs({"FN": "Ann", "EMAIL 3": "a@b.com", "X-SHOE": "38", "X SHOE": "39"}) == [
        ("full_name", "Ann", "FN"),
        ("email", "a@b.com", "EMAIL 3"),
        ("custom.x_shoe", "38", "X-SHOE"),
        (mapping.pairs({"X SHOE": "39"})[0][0], "39", "X SHOE"),
    ]
    assert mapping.pairs({"X SHOE": "39"})[0][0] != "custom.x_shoe"


def test_a_late_column_never_takes_over_a_field_that_has_its_column() -> None:
    mapping = infer(["company"], [], kind="json")
    pairs = mapping.pairs({"company": "Acme", "organization": "Zeta"})
    assert pairs == [
        ("company", "Acme", "company"),
        ("custom.organization", "Zeta", "organization"),
    ]


def test_falsy_values_that_say_something_are_kept() -> None:
    mapping = infer(["opt_in", "Visits"], [], kind="json")
    assert mapping.pairs({"opt_in": False, "Visits": 0}) == [
        ("opt_in", False, "opt_in"),
        ("custom.visits", 0, "Visits"),
    ]


def test_memory_stays_bounded_when_every_row_brings_new_columns() -> None:
    mapping = infer(["email"], [], kind="json")
    for number in range(6_000):
        assert mapping.pairs({f"extra {number}": "x"})[0][0] == f"custom.extra_{number}"
    assert len(mapping._steps) < 3_000


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-10-11 09:55:14", datetime(2018, 10, 11, 9, 55, 14, tzinfo=UTC)),
        ("2024-01-02T03:04:05+02:00", datetime(2024, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("02 Jan 2024", datetime(2024, 1, 2, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_observed_at_is_read_in_utc_or_left_open(text: str, moment: datetime | None) -> None:
    assert infer(["observed_at"], [], kind="json").observed_at({"observed_at": text}) == moment


def over(**given: str) -> Mapping:
    return infer(["Full Name", "E-Mail", "Booth No."], [], kind="delimited", overrides=given)


def test_a_person_overrules_header_and_values() -> None:
    mapping = over(**{"full name": "company", "BOOTH NO": "custom.stand", "E-Mail": "-"})
    assert [target.field for target in mapping.columns.values()] == [
        "company", "ignore", "custom.stand",
    ]  # fmt: skip
    assert mapping.columns["Full Name"].why == "given by --map"


def test_a_field_given_by_hand_leaves_no_second_column_for_it() -> None:
    given = {"Booth No.": "company"}
    mapping = infer(["Company", "Booth No."], [], kind="delimited", overrides=given)
    assert mapping.columns["Booth No."].field == "company"
    assert mapping.columns["Company"].field == "custom.company"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Telephone": "phone"}, ["no column 'Telephone'", "'Booth No.'"]),
        ({"E-Mail": "emial"}, ["no field 'emial'", "email"]),
        ({"E-Mail": "custom."}, ["no field 'custom.'"]),
    ],
)
def test_a_wrong_override_is_refused_with_what_there_is(
    given: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(UsageError) as refused:
        over(**given)
    assert all(word in str(refused.value) for word in words)


def test_an_override_that_fits_two_columns_asks_which() -> None:
    with pytest.raises(UsageError, match="several columns"):
        infer(["Foo Bar", "foo_bar"], [], kind="json", overrides={"FOO-BAR": "notes"})


@given(st.text(alphabet=string.printable, max_size=400))
def test_no_header_is_too_odd_to_map(header: str) -> None:
    assert list(infer([header], [{header: header}], kind="delimited").columns) == [header]
