"""What a row means once all its cells are seen: names, places, phones, domain and status."""

from typing import Any

from leadloom.imports.row_facts import RowFacts
from leadloom.imports.row_firms import settle_firms
from leadloom.leads.fields import CUSTOM
from leadloom.leads.fold import SURENESS
from leadloom.values import Cleaned, domain, email, phone, place, text, url
from leadloom.values.name_columns import complete

MOST_IN_CELL = 100
FROM_EMAIL = 0.9  # confidence that an employer's domain is the one in the e-mail address
GUESSED = 0.8  # in a phone number whose country nobody told
# Countries whose postal codes all have five digits, some of them a zero in front.
_FIVE_DIGITS = frozenset("DE FR IT ES US FI EE HR LT MX TR UA KR MY TH RS".split())  # noqa: SIM905
# Country endings sold to anybody, and the European Union's.
_WORLDWIDE = frozenset(
    {"IO", "AI", "CO", "ME", "TV", "CC", "WS", "FM", "LA", "TO", "LY", "GG"}
    | {"SH", "ST", "VC", "NU", "AM", "IM", "PW", "SO", "IS", "EU"}
)


def settle(row: RowFacts, default_country: str | None) -> None:
    """Bring together what had to wait, and put it down among the row's facts."""
    facts = row.facts
    for field, value, column in row.offers:
        row.put(field, value, column)
    if row.firms:
        settle_firms(row)
    for prefix, received in row.places:
        _settle_place(row, prefix, received)
    if row.firms_in_names:  # as lists of others have it; what an export of ours says is no news
        _settle_postal_codes(facts)
    if names := row.names or row.called:
        facts.update(complete(names))
    if "domain" not in facts:
        _settle_domain(row)
    if row.phones:
        _settle_phones(row, default_country)
    if row.statuses:
        status = row.statuses.get("email_status") or row.statuses["email_verified"]
        facts["email_status"] = status
        if status == "verified" and "email" in facts:
            row.sure["email"] = {"v": True}
    if row.sure:
        facts[SURENESS] = row.sure


def _settle_place(row: RowFacts, prefix: str, received: str) -> None:
    found = place.location(received)
    known = found._asdict() | {"postal_code": place.postal_code(received)}
    differs = False
    for name, value in known.items():
        if value:
            differs |= row.facts.setdefault(prefix + name, value) != value
    if differs or not any(known.values()):
        kept = text.clean(received).value
        if kept is not None:
            row.keep(f"{CUSTOM}{prefix}location", kept)


def _settle_postal_codes(facts: dict[str, Any]) -> None:
    """Give a code back the zero that a spreadsheet took for no digit of a number."""
    for prefix in ("", "company."):
        code, country = facts.get(f"{prefix}postal_code"), facts.get(f"{prefix}country")
        if code and country in _FIVE_DIGITS and len(code) == 4 and code.isdecimal():
            facts[f"{prefix}postal_code"] = f"0{code}"


def _settle_phones(row: RowFacts, default_country: str | None) -> None:
    facts = row.facts
    of_company = facts.get("company.country")
    country = facts.get("country") or of_company
    for field, received, column in row.phones:
        where = of_company or country if field == "company.phone" else country
        for each in phone.split(received)[:MOST_IN_CELL]:
            guessed = None if where or phone.says_country(each) else _guess(row, each)
            if guessed is not None:
                row.sure[field] = {"c": GUESSED}
            cleaned = Cleaned(guessed) if guessed else phone.clean(each, where or default_country)
            value = row.accept(cleaned, field, each, column)
            if value is not None:
                row.put(field, value, column)


def _guess(row: RowFacts, number: str) -> str | None:
    """A number as it is where the row's address or site belongs, else most of the file's numbers.

    What the row says of itself comes first; what does not fit there is none of that country.
    """
    facts = row.facts
    state, code = facts.get("state") or "", facts.get("postal_code") or ""
    american = place.is_us_address(state, code) and phone.is_written_american(number)
    countries = (
        _by_ending(facts),
        place.country_of_state(state),
        "US" if american else None,
        row.usual_country,
    )
    for country in countries:
        of_others = country == countries[-1]
        if country and (found := phone.guess(number, country, strictly=of_others)):
            return found
    return None


def _by_ending(facts: dict[str, Any]) -> str | None:
    """The country whose ending the row's site or address has: how its phone numbers are written.

    Endings that the whole world uses say nothing.
    """
    hosts = [facts.get("domain"), *(email.domain_of(each) for each in facts.get("email", ()))]
    for host in hosts:
        ending = (host or "").rpartition(".")[2].upper()
        if len(ending) == 2 and ending not in _WORLDWIDE:
            country = place.country("GB" if ending == "UK" else ending)
            return country.value if country.problem is None else None
    return None


def _settle_domain(row: RowFacts) -> None:
    facts = row.facts
    pages = [facts[field] for field in ("company.website", "website") if field in facts]
    hosts = [(url.host_of(page), 1.0) for page in pages]
    hosts += [(email.domain_of(each), FROM_EMAIL) for each in facts.get("email", ())]
    for host, confidence in hosts:
        found = domain.of_host(host)
        if found is not None and not domain.is_shared(found):
            facts["domain"] = found
            if confidence < 1:
                row.sure["domain"] = {"c": confidence}
            return
