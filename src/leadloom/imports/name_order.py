"""Columns of names in which the last name comes first: "Becker Thomas", without a comma.

One name does not say so. Many do: by the addresses beside them (thomas.becker@, t.becker@), and by
which of the two words is known as a given name or ends as last names do. A header such as "Nom
Prénom" says it, too, unless the names say otherwise.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from leadloom.imports.columns import telling
from leadloom.imports.headers import key
from leadloom.values import firm_in_name
from leadloom.values.nicknames import is_given
from leadloom.values.patronymic import may_be_surname
from leadloom.values.text import fold, fold_umlauts

_TWO_WORDS = re.compile(r"\s*([^\W\d_]+(?:[-'’][^\W\d_]+)*)\s+([^\W\d_]+(?:[-'’][^\W\d_]+)*)\s*")
_ADDRESS = re.compile(r"([a-z]+)[._]?([a-z]*)@([a-z0-9.-]+)")
_IN_THIS_ORDER = re.compile(
    r"(?:(?:фамилия|nom|cognome|apellidos?|nachname|familienname|zuname|surname|last name|"
    r"sobrenome|apelido|achternaam|nazwisko|efternamn|soyadi?)"
    r"(?: (?:и|et|e|y|und|and|i|en|och))? "
    r"(?:имя|prenoms?|nomes?|nombres?|vornamen?|given names?|first name|voornaam|imie|imiona|"
    r"fornamn|ad)\b.*|фио|ф и о)"
)
_FEWEST = 3  # names that say so
_MOST_AGAINST = 0.25  # of as many


def is_surname_first(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    """Whether most names of a column that tell have the last name first."""
    turned: set[object] = set()
    straight: set[object] = set()
    for number, row in enumerate(rows):
        found = _TWO_WORDS.fullmatch(str(telling(row.get(column)) or ""))
        if found is None:
            continue
        one, other = (fold_umlauts(fold(word)) for word in found.groups())
        if is_given(one) != is_given(other):
            (straight if is_given(one) else turned).add(number)
        if may_be_surname(found[1]) != may_be_surname(found[2]):
            (turned if may_be_surname(found[1]) else straight).add(number)
        for local, site in _addresses(row, column):
            # A company that writes addresses the other way round is one witness.
            if local in _locals(other, one):
                turned.add(site)
            if local in _locals(one, other):
                straight.add(site)
    if _IN_THIS_ORDER.fullmatch(key(column)):
        return len(straight) <= len(turned)
    return len(turned) >= _FEWEST and len(straight) <= _MOST_AGAINST * len(turned)


def turn(value: Any) -> list[Any]:
    """Read "Becker Thomas" as "Becker, Thomas"; anything else as it is."""
    found = _TWO_WORDS.fullmatch(value) if isinstance(value, str) else None
    if found and firm_in_name.is_firm(value, among_firms=True):
        return [value]
    return [f"{found[1]}, {found[2]}" if found else value]


def _locals(given: str, surname: str) -> tuple[tuple[str, str], ...]:
    """Return what stands before and behind the dot in the addresses of somebody."""
    return (given, surname), (given[0], surname), (given[0] + surname, "")


def _addresses(row: Mapping[str, Any], column: str) -> list[tuple[tuple[str, str], str]]:
    texts = [
        value.lower()
        for name, value in row.items()
        if name != column and isinstance(value, str) and "@" in value
    ]
    found = [_ADDRESS.search(text) for text in texts]
    return [((one[1], one[2]), one[3]) for one in found if one]
