"""Every field a fact can speak of: what it is, how it is cleaned, and how it folds.

This table is the one place to add a field (see CONTRIBUTING.md).
"""

from dataclasses import dataclass
from typing import Literal

Entity = Literal["lead", "company"]
Folding = Literal["one", "many", "furthest", "tighten"]
ValueType = Literal[
    "text",
    "long_text",
    "name",
    "email",
    "phone",
    "url",
    "linkedin",
    "domain",
    "company",
    "city",
    "country",
    "number",
    "range",
    "flag",
    "tags",
    "choice",
    "date",
]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a lead or a company.

    `folding`: "one" keeps the best fact, "many" the union of all facts less what was removed,
    "furthest" the furthest of `choices`, "tighten" is true once anybody said true, until a person
    takes it back.
    """

    name: str
    entity: Entity
    type: ValueType = "text"
    folding: Folding = "one"
    choices: tuple[str, ...] = ()


def _lead(
    name: str,
    type: ValueType = "text",
    folding: Folding = "one",
    choices: tuple[str, ...] = (),
) -> Field:
    return Field(name, "lead", type, folding, choices)


def _company(name: str, type: ValueType = "text", folding: Folding = "one") -> Field:
    return Field(name, "company", type, folding)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _lead("full_name", "name"),
        _lead("first_name", "name"),
        _lead("middle_name", "name"),
        _lead("last_name", "name"),
        _lead("name_prefix", "name"),
        _lead("name_suffix", "name"),
        _lead("nickname", "name"),
        _lead("title"),
        _lead("department"),
        _lead("seniority"),
        _lead("email", "email", "many"),
        _lead(
            "email_status",
            "choice",
            choices=("verified", "unverified", "risky", "invalid", "bounced"),
        ),
        _lead("email_confidence", "choice", choices=("real", "pattern", "guess")),
        _lead("phone", "phone", "many"),
        _lead("linkedin_url", "linkedin"),
        _lead("social_url", "url", "many"),
        _lead("website", "url"),
        _lead("company", "company"),
        _lead("domain", "domain"),
        _lead("street"),
        _lead("city", "city"),
        _lead("state"),
        _lead("postal_code"),
        _lead("country", "country"),
        _lead("industry"),
        _lead("tags", "tags", "many"),
        _lead("notes", "long_text", "many"),
        _lead("status", "choice", "furthest", ("raw", "scraped", "enriched", "engaged")),
        _lead("stage", "choice", choices=("new", "processing", "completed", "failed")),
        _lead("lead_status", "choice", choices=("new", "contacted", "qualified", "converted")),
        _lead("lead_score", "number"),
        _lead("enrichment_status", "choice", choices=("pending", "enriched", "failed")),
        _lead("do_not_contact", "flag", "tighten"),
        _company("company.website", "url"),
        _company("company.phone", "phone"),
        _company("company.linkedin_url", "linkedin"),
        _company("company.street"),
        _company("company.city", "city"),
        _company("company.state"),
        _company("company.postal_code"),
        _company("company.country", "country"),
        _company("company.industry"),
        _company("company.employee_count", "number"),
        _company("company.employee_range", "range"),
        _company("company.type"),
        _company("company.revenue"),
        _company("company.founded_year", "number"),
        _company("company.description", "long_text"),
        _company("company.tags", "tags", "many"),
    )
}

CUSTOM = "custom."


def is_custom(name: str) -> bool:
    """Whether a fact's field is a custom one (`custom.<name>`), kept as text."""
    return name.startswith(CUSTOM)
