"""Rows that came from here: our own exports, and problems that were mended.

What an export says is what the database said. Taken in again it must not count as news.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Map
from typing import Any

from leadloom.imports.columns import Mapping
from leadloom.imports.mended import put_right
from leadloom.imports.row_facts import LONGEST_IN_PROBLEM, Problem
from leadloom.imports.settle_row import FROM_EMAIL
from leadloom.leads.fold import NAME_PARTS, SURENESS, fold_alone
from leadloom.leads.score import score
from leadloom.values import domain, email
from leadloom.values.cell import is_cut

OWN = "leadloom"
OF_THE_FIRM = {"company": "company.name", "industry": "company.industry"}
_NAMES = ("full_name", *NAME_PARTS)
HEARSAY = 0.1  # confidence in how a company writes itself when only a lead's row says so


CUT = "it was too long for the workbook and cut: export a .csv or .json to take it in whole"


def tell_again(
    mapping: Mapping, cells: Map[str, Any], facts: dict[str, Any]
) -> tuple[Problem, ...]:
    """Take from a row's facts what says nothing new, and say what it has put right.

    Gives what a workbook had cut, which is taken away as well.
    """
    problems: tuple[Problem, ...] = ()
    if mapping.provider == OWN:
        problems = tuple(_cut_texts(facts))
        _own_row(facts)
        _own_capitals(mapping, cells, facts)
    if mapping.tells_problems:
        put_right(mapping, cells, facts)
    return problems


def _own_capitals(mapping: Mapping, cells: Map[str, Any], facts: dict[str, Any]) -> None:
    """The capitals of a name are those it has here: "Di ASH" is no news as "Di Ash"."""
    for column, target in mapping.columns.items():
        given, known = cells.get(column), facts.get(target.field)
        if target.field not in _NAMES or not isinstance(given, str) or not isinstance(known, str):
            continue
        if given.casefold() == known.casefold():
            facts[target.field] = given


def _cut_texts(facts: dict[str, Any]) -> Iterator[Problem]:
    for name, value in list(facts.items()):
        texts = value if isinstance(value, list) else [value]
        whole = [text for text in texts if not (isinstance(text, str) and is_cut(text))]
        if len(whole) == len(texts):
            continue
        yield Problem(name, name, CUT, str(texts[-1])[:LONGEST_IN_PROBLEM])
        facts.pop(name)
        if whole:
            facts[name] = whole


def _own_row(facts: dict[str, Any]) -> None:
    """A lead's row names its company as the lead's sources did, not as the company is called; its
    domain may be no more than that of its address; and its score will be worked out again."""
    hearsay = {of: {"c": HEARSAY} for name, of in OF_THE_FIRM.items() if name in facts}
    hosts = map(email.domain_of, facts.get("email", ()))
    if "website" not in facts and facts.get("domain") in map(domain.of_host, hosts):
        hearsay["domain"] = {"c": FROM_EMAIL}
    if hearsay:
        facts[SURENESS] = facts.get(SURENESS, {}) | hearsay
    given = facts.get("lead_score")
    if given is not None:
        others = {name: value for name, value in facts.items() if name != "lead_score"}
        if score(fold_alone(others)) == given:
            del facts["lead_score"]
