"""Identifiers sort by time; the compact set of keys is a set."""

from hypothesis import given
from hypothesis import strategies as st

from leadloom.ids import IdSet, new_uuid


def test_ids_are_version_7_and_sort_by_their_time() -> None:
    earlier, later = new_uuid(1_000), new_uuid(1_001)
    assert earlier < later
    assert {earlier.version, later.version} == {7}
    assert earlier.int >> 80 == 1_000


@given(st.lists(st.integers(0, 5_000)))
def test_a_set_of_ids_holds_each_once_in_order(keys: list[int]) -> None:
    held = IdSet(keys)
    assert list(held) == sorted(set(keys))
    assert len(held) == len(set(keys))
