"""Records that hang together grouped: who meets whom, and what comes of it."""

from test_people import known

from leadloom.resolve.grouping import Node, grouped
from leadloom.resolve.match import defaults
from leadloom.resolve.match.blocking import FEW
from leadloom.resolve.match.census import Census
from leadloom.resolve.match.matcher import Matcher
from leadloom.resolve.weighing import Weighing

LIGHT_KEY = 1 << 20  # ends in zeros, as that of a bare name does


def test_of_those_who_hang_together_more_than_a_few_may_share_a_name() -> None:
    """Who comes first of them is no more likely to be the others than any."""
    rule = Weighing(Matcher(defaults.people(), Census()))
    first = known("Bo Stern", company="Nord")
    others = [known("Ottilie Kowalczik", phone=["+4915112345678"]) for _ in range(FEW)]
    nodes = [Node(one, (LIGHT_KEY,), str(n)) for n, one in enumerate((first, *others))]
    found = grouped(nodes, rule, (), lambda mine, theirs: False)
    assert sorted(map(len, found.members.values())) == [1, FEW]


def test_whoever_is_surely_another_than_the_group_is_no_question() -> None:
    """A row that tells little is like both; as wholes they have two profiles."""
    rule = Weighing(Matcher(defaults.people(), Census()))
    like = {"company": "Nord", "city": "Kassel", "title": "Glazier"}
    profile, mobile = "https://www.linkedin.com/in/ottilie", {"phone": ["+4915112345678"]}
    rows = (
        known("Ottilie Kowalczik", linkedin_url=profile, **like, **mobile),
        known("Ottilie Kowalczik", **like, **mobile),
        known("Ottilie Kowalczik", linkedin_url=f"{profile}2", **like),
    )
    nodes = [Node(one, (LIGHT_KEY,), str(n)) for n, one in enumerate(rows)]
    assert rule.judge(rows[1], rows[2]).answer == "same"
    found = grouped(nodes, rule, (), lambda mine, theirs: False)
    assert found.members.keys() == {0, 2}
    assert not found.doubts
