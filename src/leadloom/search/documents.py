"""What of a lead or a company can be found, and where it counts how much."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pycountry
import sqlalchemy as sa

from leadloom.search.numbers import keys_of
from leadloom.search.words import LONGEST, words_of
from leadloom.storage.tables import companies, leads

# Fields of words, those that count most first.
NAME, EMAIL, COMPANY, TITLE, MORE, NOTES = "name", "email", "company", "title", "more", "notes"
WORDED = (NAME, EMAIL, COMPANY, TITLE, MORE, NOTES)
# The field of whole keys, told apart by their first sign: "=anna lind" is a name from beginning to
# end, "+4930…" and "-…" a phone number (see numbers.py), "city=ulm" a word of a lesser field.
KEYED = "keyed"
DELETED = "is=deleted"
PHONE = "phone"

# What people may ask for with FIELD:WORD, where it is a field of words by itself, …
ASKED = {
    "name": NAME,
    "full_name": NAME,
    "first_name": NAME,
    "last_name": NAME,
    "email": EMAIL,
    "emails": EMAIL,
    "mail": EMAIL,
    "company": COMPANY,
    "domain": COMPANY,
    "title": TITLE,
    "notes": NOTES,
    "note": NOTES,
    "description": NOTES,
    "phone": PHONE,
    "phones": PHONE,
}
# … or a word that is kept with the name of its field.
KEYS = {
    "city": "city",
    "state": "state",
    "postal_code": "postal_code",
    "country": "country",
    "industry": "industry",
    "department": "department",
    "seniority": "seniority",
    "tag": "tag",
    "tags": "tag",
    "status": "status",
    "stage": "stage",
    "lead_status": "lead_status",
    "enrichment_status": "enrichment_status",
    "email_status": "email_status",
    "type": "type",
}


@dataclass(slots=True)
class Document:
    """What one row is found by: texts of words with spaces between, and whole keys, by field."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def say(self, into: str, text: Any) -> Sequence[str]:
        """Add a text; return its words."""
        words = words_of(str(text)) if text else ()
        if words:
            self.texts.append((into, " ".join(words)))
        return words

    def key(self, name: str, words: Sequence[str]) -> None:
        """Let the row be found by `name`:word."""
        if words:
            self.keys += _keys(name, tuple(words))

    def whole(self, words: Sequence[str]) -> None:
        """Let the row be found first by this very name."""
        if words:
            self.keys.append(whole_of(words))


@lru_cache(maxsize=1 << 16)
def _keys(name: str, words: tuple[str, ...]) -> list[str]:
    return [f"{name}={word}" for word in words]


def whole_of(words: Sequence[str]) -> str:
    """Return the key of a whole name, whatever the order of its words."""
    return "=" + " ".join(sorted(words))[:LONGEST]


def _lead(row: Mapping[str, Any]) -> Document:
    made = Document()
    named = made.say(NAME, row["full_name"])
    made.whole(named)
    for name in ("first_name", "middle_name", "last_name", "nickname"):
        if row[name] and not set(words := words_of(row[name])) <= set(named):
            made.texts.append((NAME, " ".join(words)))
    for address in row["emails"] or [row["email"]]:
        made.say(EMAIL, address)
    for number in row["phones"] or [row["phone"]]:
        made.keys += keys_of(number or "")
    made.say(COMPANY, row["company"])
    if row["domain"] and not (row["email"] or "").endswith("@" + row["domain"]):
        made.say(COMPANY, row["domain"])
    made.say(TITLE, row["title"])
    for name in ("department", "seniority"):
        made.key(name, words_of(row[name] or ""))
    for name in ("status", "stage", "lead_status", "enrichment_status"):
        made.key(name, [row[name]])
    _place(made, row)
    made.say(NOTES, row["notes"])
    return made


def _company(row: Mapping[str, Any]) -> Document:
    made = Document()
    made.whole(made.say(NAME, row["name"]))
    made.say(COMPANY, row["domain"])
    made.keys += keys_of(row["phone"] or "")
    made.key("type", made.say(MORE, row["type"]))
    _place(made, row)
    made.say(NOTES, row["description"])
    return made


def _place(made: Document, row: Mapping[str, Any]) -> None:
    """Add what leads and companies have alike."""
    for name in ("city", "state", "postal_code", "industry"):
        made.key(name, made.say(MORE, row[name]))
    if row["country"]:
        made.say(MORE, f"{row['country']} {_country_name(row['country'])}")
        made.key("country", [row["country"].lower()])
    for tag in row["tags"] or ():
        made.key("tag", made.say(MORE, tag))
    for name, value in (row["custom"] or {}).items():
        key = "custom." + "_".join(words_of(name))
        made.key(key[:LONGEST], made.say(MORE, value))
    if row["deleted_at"] is not None:
        made.keys.append(DELETED)


@lru_cache(maxsize=512)
def _country_name(code: str) -> str:
    country = pycountry.countries.get(alpha_2=code)
    return "" if country is None else str(getattr(country, "common_name", country.name))


@dataclass(frozen=True)
class Subject:
    """Leads or companies: their table, what events call them, and what makes their documents."""

    name: str
    entity: str
    table: sa.Table
    columns: tuple[str, ...]
    document: Callable[[Mapping[str, Any]], Document]

    def select(self) -> sa.Select[Any]:
        """Return the query of all rows that stand for themselves, to be narrowed and run."""
        columns = [self.table.c[name] for name in ("id", *self.columns, "deleted_at")]
        return sa.select(*columns).where(self.table.c.root_id.is_(None))


_PLACES = ("city", "state", "postal_code", "industry", "country", "tags", "custom")
_NAMES = ("full_name", "first_name", "middle_name", "last_name", "nickname")
_STATES = ("status", "stage", "lead_status", "enrichment_status")
LEADS = Subject(
    "leads",
    "lead",
    leads,
    (
        *_NAMES,
        *("email", "emails", "phone", "phones", "company", "domain", "title", "notes"),
        *("department", "seniority"),
        *_STATES,
        *_PLACES,
    ),
    _lead,
)
COMPANIES = Subject(
    "companies",
    "company",
    companies,
    ("name", "domain", "phone", "type", "description", *_PLACES),
    _company,
)
