"""What a row means once all its cells are seen: names, places, phones, domain and status."""

from typing import Any

from leadloom.imports.row_facts import RowFacts
from leadloom.leads.fields import CUSTOM
from leadloom.leads.fold import SURENESS
from leadloom.values import domain, email, phone, place, text, url
from leadloom.values.name_columns import complete

MOST_IN_CELL = 100
FROM_EMAIL = 0.9  # confidence that an employer's domain is the one in the e-mail address
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
    for prefix, received in row.places:
        _settle_place(row, prefix, received)
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


def _settle_phones(row: RowFacts, default_country: str | None) -> None:
    facts = row.facts
    of_company = facts.get("company.country")
    country = facts.get("country") or of_company or default_country or _by_ending(facts)
    for field, received, column in row.phones:
        numbers = phone.split(received)[:MOST_IN_CELL]
        where = of_company or country if field == "company.phone" else country
        for each in numbers:
            value = row.accept(phone.clean(each, where), field, each, column)
            if value is not None:
                row.put(field, value, column)


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
