"""One mapped row, read: its cells cleaned, brought together, and put down as facts."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from leadloom.imports.row_facts import (
    LONGEST_IN_PROBLEM,
    LONGEST_TEXT,
    MANY,
    Problem,
    Reading,
    RowFacts,
)
from leadloom.imports.settle_row import MOST_IN_CELL, settle
from leadloom.leads.fields import CUSTOM, FIELDS, Field
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
    firm_in_name,
    flag,
    linkedin,
    number,
    number_range,
    person_name,
    place,
    social,
    tags,
    text,
    url,
)
from leadloom.values.link_formula import target_of
from leadloom.values.received import as_text
from leadloom.values.remembering import remembering

__all__ = ["Problem", "Reading", "read"]

LONGEST_LINE = 10_000
MOST_WORDS_OF_A_NAME = 6
_BETWEEN_ADDRESSES = re.compile(r"[\s,;|]+")


def read(
    pairs: Sequence[tuple[str, Any, str]],
    *,
    default_country: str | None = None,
    usual_country: str | None = None,
    firms_in_names: bool = False,
) -> Reading:
    """Read a row given as (field, value as received, column).

    A field is one of `leads.fields.FIELDS`, "custom.<name>", or one of the readings "party" (a
    person or a company), "location", "company.location", "email_verified", "opt_out" and "opt_in".
    The order of the pairs matters only when two columns fill the same field: the first wins, the
    other is kept as a custom field.
    What cannot be read is a problem and kept as "custom.<field>_as_received"; no value raises.

    `default_country` (ISO code) is where phone numbers without a country code belong when neither
    the row itself says it, nor its address, nor `usual_country`, to which most numbers of the file
    belong; both last must fit the number, which is marked as less sure. With `firms_in_names` a
    name that is surely a company's is one.
    """
    row = RowFacts(firms_in_names=firms_in_names, usual_country=usual_country)
    for field, raw, column in pairs:
        if raw is None or raw == "":
            continue
        if field in _ONE_BY_ONE and isinstance(raw, (list, tuple)):
            for item in raw[:MOST_IN_CELL]:
                _read_cell(row, field, item, column)
        else:
            _read_cell(row, field, raw, column)
    settle(row, default_country)
    return Reading(row.facts, tuple(row.problems))


def _read_cell(row: RowFacts, field: str, raw: Any, column: str) -> None:
    if field.startswith(CUSTOM):
        _custom(row, field, raw, column)
        return
    received = raw if type(raw) is str else as_text(raw)
    limit = LONGEST_TEXT if field in _LONG else LONGEST_LINE
    if len(received) > limit:
        cut = "" if len(received) <= LONGEST_TEXT else f" and was cut at {LONGEST_TEXT:,}"
        row.reject(field, received, column, f"longer than {limit:,} characters{cut}")
        return
    if received.startswith("=") and field in _ADDRESSES:
        received = target_of(received)
    clean = _CLEANERS.get(field)
    if clean is None:
        _READERS[field](row, field, received, column)
        return
    value = row.accept(clean(received), field, received, column)
    if value is not None:
        row.put(field, value, column)


def _custom(row: RowFacts, field: str, raw: Any, column: str) -> None:
    """Custom fields are text, whatever the file held, so that every export gives them back."""
    received = raw if type(raw) is str else as_text(raw)
    if len(received) > LONGEST_TEXT:
        reason = f"longer than {LONGEST_TEXT:,} characters and was cut there"
        row.problems.append(Problem(column, field, reason, received[:LONGEST_IN_PROBLEM]))
    value = text.clean_lines(received[:LONGEST_TEXT]).value
    if value is not None:
        row.keep(field, value)


def _names(row: RowFacts, field: str, received: str, column: str) -> None:
    if "@" in received:
        found = [email.clean(part) for part in email.split(received)]
        good = [each.value for each in found if each.problem is None and each.value]
        row.offers += [("email", address, column) for address in good]
        if good:
            received = _beside_addresses(row, received, column)
    if row.firms_in_names and field in _MAY_BE_FIRMS:
        received = _beside_firm(row, field, received, column)
    field = "full_name" if field == "party" else field
    clean = text.clean if field in ("name_prefix", "name_suffix") else person_name.clean
    value = row.accept(clean(received.strip(" \"'")), field, received, column)
    if value is not None and row.names.setdefault(field, value) != value:
        row.keep(f"{CUSTOM}{column}", value)


def _beside_firm(row: RowFacts, field: str, received: str, column: str) -> str:
    """The person in a cell of names; the company in it, if one is, is put aside."""
    person, firm = firm_in_name.part(received, among_firms=field == "party")
    if firm is None or (field in _PARTS_OF_NAMES and person):
        return received
    row.firms.append((field, firm, column))
    return received if field in _PARTS_OF_NAMES else person or ""


def _beside_addresses(row: RowFacts, received: str, column: str) -> str:
    """The name in a cell that holds addresses too; a cell of many things is kept as it is."""
    if "<" in received:
        return received.partition("<")[0]
    words = [word for word in received.split() if "@" not in word]
    rest = " ".join(words).strip(" ,;|()-–")
    if len(words) > MOST_WORDS_OF_A_NAME or any(map(str.isdigit, rest)):
        _custom(row, f"{CUSTOM}{column}", received, column)
        return ""
    return rest


def _emails(row: RowFacts, field: str, received: str, column: str) -> None:
    if received.count("@") <= 1 and (only := email.clean(received)).problem is None:
        if only.value is not None:
            row.add("email", only.value)
            if "<" in received and (name := _name_beside(row, received, column)):
                row.called.setdefault("full_name", name)
        return
    parts = email.split(received)
    if len(parts) > MOST_IN_CELL:
        row.reject(field, received, column, f"more than {MOST_IN_CELL} addresses in one cell")
        return
    for part in parts:
        value = row.accept(email.clean(part), field, part, column)
        if value is not None:
            row.add("email", value)


def _name_beside(row: RowFacts, received: str, column: str) -> str | None:
    """The name in "Ann Lee <ann@acme.com>"; None when there is no plain one."""
    name, _, rest = received.partition("<")
    if row.firms_in_names:
        name = _beside_firm(row, "full_name", name.strip(" \"'"), column)
    clean = person_name.clean(name.strip(" \"'"))
    return clean.value if clean.problem is None and not rest.partition(">")[2].strip() else None


def _phones(row: RowFacts, field: str, received: str, column: str) -> None:
    row.phones.append((field, received, column))


def _location(row: RowFacts, field: str, received: str, column: str) -> None:
    row.places.append((field.removesuffix("location"), received))


def _city(row: RowFacts, field: str, received: str, column: str) -> None:
    if "," in received and place.location(received).country is not None:
        row.places.append((field.removesuffix("city"), received))
        return
    name, state = place.brazilian(received)
    value = row.accept(place.city(name), field, received, column)
    if value is not None:
        row.put(field, value, column)
        if state:
            row.facts.setdefault(field.replace("city", "state"), state)


def _employer(row: RowFacts, field: str, received: str, column: str) -> None:
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


def _web(row: RowFacts, field: str, received: str, column: str) -> None:
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


def _page(row: RowFacts, field: str, address: str, column: str) -> None:
    """Put a clean address where it belongs: a profile, or the website it was said to be."""
    at = domain.of_host(url.host_of(address)) or ""
    if at == "linkedin.com" and (known := linkedin.clean(address)).problem is None:
        kind = "linkedin_url" if linkedin.is_profile(known.value) else "company.linkedin_url"
        row.offers.append((kind, known.value, column))
    elif field == "website" and social.is_network(at):
        row.offers.append(("social_url", address, column))
    else:
        row.put(field, address, column)


def _linkedin(row: RowFacts, field: str, received: str, column: str) -> None:
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


def _status(row: RowFacts, field: str, received: str, column: str) -> None:
    value = row.accept(email_status.clean(received), field, received, column)
    if value is not None:
        row.statuses.setdefault(field, value)


def _consent(row: RowFacts, field: str, received: str, column: str) -> None:
    """Consent can only be tightened by an import: the one fact this makes is "do not contact"."""
    cleaned = consent.clean(received, asked=field == "opt_in")
    if row.accept(cleaned, field, received, column) is False:
        row.put("do_not_contact", True, column)


def _employees(row: RowFacts, field: str, received: str, column: str) -> None:
    """A count in the column of ranges is a count, and the other way round."""
    value, problem = _number(received)
    if problem is None:
        if value is not None:
            row.put("company.employee_count", value, column)
        return
    value = row.accept(_range(received), field, received, column)
    if value is not None:
        row.put("company.employee_range", value, column)


_Reader = Callable[[RowFacts, str, str, str], None]

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
    "party": _names,
    **dict.fromkeys(("location", "company.location"), _location),
    **dict.fromkeys(("email_status", "email_verified"), _status),
    **dict.fromkeys(("do_not_contact", "opt_out", "opt_in"), _consent),
    **dict.fromkeys(("company.employee_count", "company.employee_range"), _employees),
}


_number, _range = remembering(number.clean), remembering(number_range.clean)


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


_CLEANERS = {
    name: remembering(_cleaner(field)) for name, field in FIELDS.items() if name not in _READERS
}
_ADDRESSES = frozenset(
    name
    for name, field in FIELDS.items()
    if field.type in ("email", "phone", "url", "linkedin", "domain")
)
_ONE_BY_ONE = (MANY | {"company.phone"}) - {"tags", "company.tags"}
_PARTS_OF_NAMES = frozenset(("first_name", "last_name"))
_MAY_BE_FIRMS = _PARTS_OF_NAMES | {"full_name", "party"}
_LONG = frozenset(name for name, field in FIELDS.items() if field.type == "long_text")
