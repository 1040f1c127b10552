"""Clusters, not chains."""

import random

from leadloom.resolve.match.cluster import Edge, cluster


def joined(edges: list[Edge], apart: set[frozenset[int]]) -> tuple[dict[int, int], list[Edge]]:
    found = cluster(edges, 4.0, 0.0, lambda a, b: -9.0 if frozenset((a, b)) in apart else 0.0)
    return found.root, found.doubtful


def test_one_bad_edge_does_not_join_two_people() -> None:
    people = [Edge(1, 2, 12), Edge(2, 3, 12), Edge(11, 12, 12), Edge(12, 13, 12)]
    apart = {frozenset((a, b)) for a in (1, 2, 3) for b in (11, 12, 13)}
    root, doubtful = joined([*people, Edge(3, 11, 5)], apart - {frozenset((3, 11))})
    assert root[1] == root[2] == root[3]
    assert root[11] == root[12] == root[13] != root[1]
    assert [(edge.a, edge.b) for edge in doubtful] == [(3, 11)]


def test_groups_that_do_not_contradict_are_joined() -> None:
    root, doubtful = joined([Edge(1, 2, 12), Edge(3, 4, 12), Edge(2, 3, 6)], set())
    assert len({root[n] for n in (1, 2, 3, 4)}) == 1
    assert not doubtful


def test_between_the_thresholds_is_asked_once_for_each_two_groups() -> None:
    root, doubtful = joined([Edge(1, 2, 12), Edge(1, 3, 2), Edge(2, 3, 3)], set())
    assert 3 not in root
    assert [(edge.a, edge.b) for edge in doubtful] == [(2, 3)]


def test_the_order_of_edges_does_not_matter() -> None:
    chance = random.Random(1)
    edges = [Edge(a, b, chance.uniform(-2, 12)) for a in range(30) for b in range(a)]
    edges = chance.sample(edges, 80)
    apart = {frozenset(chance.sample(range(30), 2)) for _ in range(60)}
    expected = joined(edges, apart)
    for _ in range(5):
        chance.shuffle(edges)
        assert joined(edges, apart) == expected


def test_a_record_that_fits_two_who_contradict_each_other_is_asked_about() -> None:
    root, doubtful = joined([Edge(1, 2, 9), Edge(2, 3, 8)], {frozenset((1, 3))})
    assert not root
    assert {(edge.a, edge.b) for edge in doubtful} == {(1, 2), (2, 3)}


def test_a_record_that_fits_one_far_better_is_joined_to_it() -> None:
    root, doubtful = joined([Edge(1, 2, 12), Edge(2, 3, 5)], {frozenset((1, 3))})
    assert root[1] == root[2]
    assert [(edge.a, edge.b) for edge in doubtful] == [(2, 3)]


def test_what_two_answers_settle_is_not_asked_a_third_time() -> None:
    root, doubtful = joined([Edge(1, 2, 3), Edge(2, 3, 2), Edge(1, 3, 1)], set())
    assert not root
    assert [(edge.a, edge.b) for edge in doubtful] == [(1, 2), (2, 3)]
