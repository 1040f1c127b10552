"""One mapped row, read: its cells cleaned, brought together, and put down as facts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from leadloom.leads.fields import CUSTOM, FIELDS, Field
from leadloom.leads.fold import SURENESS
from leadloom.values import (
    NOTHING,
    Cleaned,
    choice,
    company_name,
    consent,
    date,
    domain,
    email,
    email_status,
    flag,
    linkedin,
    number,
    number_range,
    person_name,
    phone,
    place,
    social,
    tags,
    text,
    url,
)
from leadloom.values.name_columns import complete
from leadloom.values.received import as_text

LONGEST_LINE = 10_000
LONGEST_TEXT = 100_000
LONGEST_IN_PROBLEM = 500
MOST_IN_CELL = 100
_FROM_EMAIL = 0.9  # confidence that an employer's domain is the one in the e-mail address
_BETWEEN_ADDRESSES = re.compile(r"[\s,;|]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """A value that could not be read: where it stood, what was wrong, and its text (shortened)."""

    column: str
    field: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a row says. `facts` is stored as it is: {field: clean value}.

    Fields that hold many values are lists without repeats. The key "~" holds what is not simply
    believed: {field: {"c": confidence from 0 to 1, "v": True when verified}}.
    """

    facts: dict[str, Any]
    problems: tuple[Problem, ...]


def read(pairs: Sequence[tuple[str, Any, str]], *, default_country: str | None = None) -> Reading:
    """Read a row given as (field, value as received, column).

    A field is one of `leads.fields.FIELDS`, "custom.<name>", or one of the readings "location",
    "company.location", "email_verified", "opt_out" and "opt_in". The order of the pairs matters
    only when two columns fill the same field: the first wins, the other is kept as a custom field.
    What cannot be read is a problem and kept as "custom.<field>_as_received"; no value raises.

    `default_country` (ISO code) is where phone numbers without a country code belong when the row
    itself does not say.
    """
    row = _Row()
    for field, raw, column in pairs:
        if raw is None or raw == "":
            continue
        if field in _ONE_BY_ONE and isinstance(raw, (list, tuple)):
            for item in raw[:MOST_IN_CELL]:
                _read_cell(row, field, item, column)
        else:
            _read_cell(row, field, raw, column)
    _finish(row, default_country)
    return Reading(row.facts, tuple(row.problems))


class _Row:
    """A row while it is read: facts so far, and what has to wait until all cells are seen."""

    __slots__ = ("facts", "names", "offers", "phones", "places", "problems", "statuses", "sure")

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.sure: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str] = {}
        self.phones: list[tuple[str, str, str]] = []
        self.places: list[tuple[str, str]] = []
        self.statuses: dict[str, str] = {}
        self.offers: list[tuple[str, Any, str]] = []

    def put(self, field: str, value: Any, column: str) -> None:
        """Set a fact; a second, different one is kept under its column's name."""
        if field in _MANY:
            self.add(field, value)
        elif self.facts.setdefault(field, value) != value:
            self.keep(f"{CUSTOM}{column or field}", value)

    def add(self, field: str, value: Any) -> None:
        values = self.facts.setdefault(field, [])
        for one in value if isinstance(value, list) else [value]:
            if one not in values:
                values.append(one)

    def keep(self, field: str, value: Any) -> None:
        """Set a custom field, or append to it."""
        known = self.facts.setdefault(field, value)
        if known != value:
            self.facts[field] = f"{known}; {value}"[:LONGEST_TEXT]

    def accept(self, cleaned: Cleaned, field: str, received: str, column: str) -> Any:
        """The clean value; None when it was blank, or bad and therefore rejected."""
        if cleaned.problem is None:
            return cleaned.value
        self.reject(field, received, column, cleaned.problem)
        return None

    def reject(self, field: str, received: str, column: str, reason: str) -> None:
        """Note a problem and keep the text as received."""
        self.problems.append(Problem(column, field, reason, received[:LONGEST_IN_PROBLEM]))
        kept = text.tidy_lines(received[:LONGEST_TEXT])
        if kept:
            self.keep(f"{CUSTOM}{field}_as_received", kept)


def _read_cell(row: _Row, field: str, raw: Any, column: str) -> None:
    if field.startswith(CUSTOM):
        _custom(row, field, raw, column)
        return
    received = raw if type(raw) is str else as_text(raw)
    limit = LONGEST_TEXT if field in _LONG else LONGEST_LINE
    if len(received) > limit:
        cut = "" if len(received) <= LONGEST_TEXT else f" and was cut at {LONGEST_TEXT:,}"
        row.reject(field, received, column, f"longer than {limit:,} characters{cut}")
        return
    clean = _CLEANERS.get(field)
    if clean is None:
        _READERS[field](row, field, received, column)
        return
    value = row.accept(clean(received), field, received, column)
    if value is not None:
        row.put(field, value, column)


def _custom(row: _Row, field: str, raw: Any, column: str) -> None:
    value = raw
    if type(raw) is not str and not (isinstance(raw, (bool, int, float)) and abs(raw) < 2**63):
        value = as_text(raw)
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            reason = f"longer than {LONGEST_TEXT:,} characters and was cut there"
            row.problems.append(Problem(column, field, reason, value[:LONGEST_IN_PROBLEM]))
        value = text.clean_lines(value[:LONGEST_TEXT]).value
    if value is not None:
        row.keep(field, value)


def _names(row: _Row, field: str, received: str, column: str) -> None:
    if "@" in received:
        found = [email.clean(part) for part in email.split(received)]
        good = [each.value for each in found if each.problem is None and each.value]
        row.offers += [("email", address, column) for address in good]
        if good:
            received = received.partition("<")[0] if "<" in received else ""
    clean = text.clean if field in ("name_prefix", "name_suffix") else person_name.clean
    value = row.accept(clean(received.strip(" \"'")), field, received, column)
    if value is not None and row.names.setdefault(field, value) != value:
        row.keep(f"{CUSTOM}{column}", value)


def _emails(row: _Row, field: str, received: str, column: str) -> None:
    if received.count("@") <= 1 and (only := email.clean(received)).problem is None:
        if only.value is not None:
            row.add("email", only.value)
        return
    parts = email.split(received)
    if len(parts) > MOST_IN_CELL:
        row.reject(field, received, column, f"more than {MOST_IN_CELL} addresses in one cell")
        return
    for part in parts:
        value = row.accept(email.clean(part), field, part, column)
        if value is not None:
            row.add("email", value)


def _phones(row: _Row, field: str, received: str, column: str) -> None:
    row.phones.append((field, received, column))


def _location(row: _Row, field: str, received: str, column: str) -> None:
    row.places.append((field.removesuffix("location"), received))


def _city(row: _Row, field: str, received: str, column: str) -> None:
    if "," in received and place.location(received).country is not None:
        row.places.append((field.removesuffix("city"), received))
        return
    value = row.accept(place.city(received), field, received, column)
    if value is not None:
        row.put(field, value, column)


def _employer(row: _Row, field: str, received: str, column: str) -> None:
    """The company or its domain; what names no one company in particular is kept, but no fact."""
    is_name = field == "company"
    cleaned = company_name.clean(received) if is_name else domain.clean(received)
    value = row.accept(cleaned, field, received, column)
    if value is None:
        return
    if company_name.is_placeholder(value) if is_name else domain.is_shared(value):
        row.keep(f"{CUSTOM}{field}_as_received", value)
    else:
        row.put(field, value, column)


def _web(row: _Row, field: str, received: str, column: str) -> None:
    parts = _BETWEEN_ADDRESSES.split(received.strip())[:MOST_IN_CELL]
    several = [url.clean(part) for part in parts] if len(parts) > 1 else []
    if several and all(each.problem is None for each in several):
        for each in several:
            if each.value is not None:
                _page(row, field, each.value, column)
        return
    whole = url.clean(received)
    address = email.clean(received) if whole.problem is not None and "@" in received else NOTHING
    if address.problem is None and address.value is not None:
        row.offers.append(("email", address.value, column))
    elif (value := row.accept(whole, field, received, column)) is not None:
        _page(row, field, value, column)


def _page(row: _Row, field: str, address: str, column: str) -> None:
    """Put a clean address where it belongs: a profile, or the website it was said to be."""
    at = domain.of_host(url.host_of(address)) or ""
    if at == "linkedin.com" and (known := linkedin.clean(address)).problem is None:
        kind = "linkedin_url" if linkedin.is_profile(known.value) else "company.linkedin_url"
        row.offers.append((kind, known.value, column))
    elif field == "website" and social.is_network(at):
        row.offers.append(("social_url", address, column))
    else:
        row.put(field, address, column)


def _linkedin(row: _Row, field: str, received: str, column: str) -> None:
    value, problem = linkedin.clean(received)
    if problem is not None and "linkedin." not in received.lower():
        other = url.clean(received)
        at = domain.of_host(url.host_of(other.value)) if other.problem is None else None
        if at is not None and social.is_network(at):
            row.offers.append(("social_url", other.value, column))
            return
    if problem is not None:
        row.reject(field, received, column, problem)
    elif value is not None:
        own = "linkedin_url" if linkedin.is_profile(value) else "company.linkedin_url"
        if own == field:
            row.put(field, value, column)
        else:
            row.offers.append((own, value, column))


def _status(row: _Row, field: str, received: str, column: str) -> None:
    value = row.accept(email_status.clean(received), field, received, column)
    if value is not None:
        row.statuses.setdefault(field, value)


def _consent(row: _Row, field: str, received: str, column: str) -> None:
    """Consent can only be tightened by an import: the one fact this makes is "do not contact"."""
    cleaned = consent.clean(received, asked=field == "opt_in")
    if row.accept(cleaned, field, received, column) is False:
        row.put("do_not_contact", True, column)


def _employees(row: _Row, field: str, received: str, column: str) -> None:
    """A count in the column of ranges is a count, and the other way round."""
    value, problem = number.clean(received)
    if problem is None:
        if value is not None:
            row.put("company.employee_count", value, column)
        return
    value = row.accept(number_range.clean(received), field, received, column)
    if value is not None:
        row.put("company.employee_range", value, column)


def _finish(row: _Row, default_country: str | None) -> None:
    facts = row.facts
    for field, value, column in row.offers:
        row.put(field, value, column)
    for prefix, received in row.places:
        _settle_place(row, prefix, received)
    if row.names:
        facts.update(complete(row.names))
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


def _settle_place(row: _Row, prefix: str, received: str) -> None:
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


def _settle_phones(row: _Row, default_country: str | None) -> None:
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


def _settle_domain(row: _Row) -> None:
    facts = row.facts
    pages = [facts[field] for field in ("company.website", "website") if field in facts]
    hosts = [(url.host_of(page), 1.0) for page in pages]
    hosts += [(email.domain_of(each), _FROM_EMAIL) for each in facts.get("email", ())]
    for host, confidence in hosts:
        found = domain.of_host(host)
        if found is not None and not domain.is_shared(found):
            facts["domain"] = found
            if confidence < 1:
                row.sure["domain"] = {"c": confidence}
            return


# Country endings sold to anybody, and the European Union's.
_WORLDWIDE = frozenset(
    {"IO", "AI", "CO", "ME", "TV", "CC", "WS", "FM", "LA", "TO", "LY", "GG"}
    | {"SH", "ST", "VC", "NU", "AM", "IM", "PW", "SO", "IS", "EU"}
)

_Reader = Callable[[_Row, str, str, str], None]

_BY_TYPE: dict[str, _Reader] = {
    "name": _names,
    "email": _emails,
    "phone": _phones,
    "city": _city,
    "url": _web,
    "linkedin": _linkedin,
    "company": _employer,
    "domain": _employer,
}
_READERS: dict[str, _Reader] = {
    **{name: _BY_TYPE[each.type] for name, each in FIELDS.items() if each.type in _BY_TYPE},
    **dict.fromkeys(("location", "company.location"), _location),
    **dict.fromkeys(("email_status", "email_verified"), _status),
    **dict.fromkeys(("do_not_contact", "opt_out", "opt_in"), _consent),
    **dict.fromkeys(("company.employee_count", "company.employee_range"), _employees),
}


def _cleaner(field: Field) -> Callable[[str], Cleaned]:
    if field.type == "choice":
        return partial(choice.clean, choices=field.choices)
    return {
        "long_text": text.clean_lines,
        "country": place.country,
        "number": number.clean,
        "range": number_range.clean,
        "flag": flag.clean,
        "tags": tags.clean,
        "date": date.clean,
    }.get(field.type, text.clean)


_CLEANERS = {name: _cleaner(field) for name, field in FIELDS.items() if name not in _READERS}
_MANY = frozenset(name for name, field in FIELDS.items() if field.folding == "many")
_ONE_BY_ONE = (_MANY | {"company.phone"}) - {"tags", "company.tags"}
_LONG = frozenset(name for name, field in FIELDS.items() if field.type == "long_text")
