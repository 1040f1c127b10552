"""Companies found in a row where names of people are: what the row is about then."""

from leadloom.imports.headers import OF_COMPANY
from leadloom.imports.row_facts import RowFacts
from leadloom.leads.company import PREFIX, is_person
from leadloom.leads.fields import CUSTOM
from leadloom.values import company_name

# Of whoever answers an address without a name, as in a file that names no person at all.
_OF_WHO_ANSWERS = ("phone", "notes", "tags")


def settle_firms(row: RowFacts) -> None:
    """Make each company found the row's own, and what the row says of nobody its company's."""
    for field, firm, column in row.firms:
        if field in ("first_name", "last_name"):
            if len(set(row.names.values())) > 1:
                continue  # the other part of the name says that it is one
            row.names.clear()
        _employ(row, firm, column)
    if not (row.names or row.called or row.facts.get("linkedin_url")):
        _belong_to_company(row)


def _employ(row: RowFacts, firm: str, column: str) -> None:
    name = company_name.clean(firm).value
    known = row.facts.setdefault("company", name)
    if company_name.key(known) != company_name.key(name):
        row.keep(f"{CUSTOM}{column}", name)


def _belong_to_company(row: RowFacts) -> None:
    """Move what was read as a person's to the company: places, sites, phones."""
    facts = row.facts
    spared = _OF_WHO_ANSWERS if is_person(facts) else ()
    for plain, own in OF_COMPANY.items():
        if own.startswith(PREFIX) and plain in facts and plain not in spared:
            value = facts.pop(plain)
            facts.setdefault(own, ", ".join(value) if own == "company.description" else value)
    if "phone" not in spared:
        row.phones = [
            (OF_COMPANY.get(field, field), text, column) for field, text, column in row.phones
        ]
    row.places = [(PREFIX, received) for _, received in row.places]
