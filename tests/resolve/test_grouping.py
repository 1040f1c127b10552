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
