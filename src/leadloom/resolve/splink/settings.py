"""The model as settings of Splink 5: comparisons with their m and u, blocking, and the prior.

Splink multiplies what each comparison says, and knows no stories: what hangs together (employer
and switchboard; street, postcode and city) is one comparison here, and counts once.
See https://moj-analytical-services.github.io/splink/api_docs/settings_dict_guide.html.
"""

from dataclasses import dataclass
from typing import Any

from leadloom.resolve.match.levels import code
from leadloom.resolve.match.model import FEWEST, Model, likelihood

OVERLAP = {"duckdb": "list_has_any", "spark": "arrays_overlap"}
"""What tells in each engine whether two lists have anything in common."""


@dataclass(frozen=True, slots=True)
class Level:
    """What is seen of two (SQL), and the level of our own model that it stands for."""

    name: str
    sql: str
    field: str
    level: str
    frequency_of: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels in order, the first that is seen counts; where `unknown` is seen, none does."""

    name: str
    unknown: str
    levels: tuple[Level, ...]


def _shared(column: str) -> str:
    return f"{{overlap}}({column}_l, {column}_r)"


def _either_lacks(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _list(column: str, field: str, same: str = "exact") -> Comparison:
    return Comparison(
        column,
        _either_lacks(column),
        (Level("shared", _shared(column), field, same), Level("other", "ELSE", field, "different")),
    )


_ONE_LETTER = (
    "(length({0}_l) = 1 OR length({0}_r) = 1) AND substr({0}_l, 1, 1) = substr({0}_r, 1, 1)"
)
_SLIP = "length({0}_l) > 3 AND length({0}_r) > 3 AND levenshtein({0}_l, {0}_r) <= 1"

COMPARISONS = (
    Comparison(
        "given",
        _either_lacks("given"),
        (
            Level("exact", "given_l = given_r", "given", "exact", "given"),
            Level("familiar", "family_l = family_r", "given", "familiar"),
            Level("initial", _ONE_LETTER.format("given"), "given", "initial"),
            Level("slip", _SLIP.format("given"), "given", "near"),
            Level("other", "ELSE", "given", "different"),
        ),
    ),
    Comparison(
        "surname",
        _either_lacks("surname"),
        (
            Level("exact", "surname_l = surname_r", "surname", "exact", "surname"),
            Level("initial", _ONE_LETTER.format("surname"), "surname", "initial"),
            Level("slip", _SLIP.format("surname"), "surname", "near"),
            Level("other", "ELSE", "surname", "different"),
        ),
    ),
    Comparison(
        "generation",
        _either_lacks("generation"),
        (
            Level("same", "generation_l = generation_r", "generation", "same"),
            Level("other", "ELSE", "generation", "different"),
        ),
    ),
    Comparison(
        "mailbox",
        f"{_either_lacks('mail_sites')} OR NOT {_shared('mail_sites')}",
        (
            Level("shared", _shared("mailboxes"), "mailbox", "exact"),
            Level("another at one domain", "ELSE", "mailbox", "another at one domain"),
        ),
    ),
    _list("private_mails", "private mail"),
    _list("mobiles", "mobile"),
    _list("profiles", "profile", "same"),
    Comparison(
        "work",
        f"({_either_lacks('companies')}) AND ({_either_lacks('sites')})"
        f" AND ({_either_lacks('lines')} OR NOT {_shared('lines')})",
        (
            Level("one domain", _shared("sites"), "site", "exact"),
            Level("one name", _shared("companies"), "company", "exact"),
            Level("one line", _shared("lines"), "company", "mistyped"),
            Level("other", "ELSE", "company", "different"),
        ),
    ),
    Comparison(
        "place",
        _either_lacks("city"),
        (
            Level("street", "street_l = street_r AND city_l = city_r", "street", "exact"),
            Level("postcode", "postcode_l = postcode_r", "postcode", "exact"),
            Level("city", "city_l = city_r", "city", "exact", "city"),
            Level("other", "ELSE", "city", "different"),
        ),
    ),
)


def settings(model: Model, records: int, engine: str) -> dict[str, Any]:
    """Return the settings for a table of so many records, for "duckdb" or "spark"."""
    rate = sum(story.rate or 0.0 for story in model.stories if story.is_same)
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 2 * rate / max(records, FEWEST),
        "comparisons": [_comparison(model, one, engine) for one in COMPARISONS],
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.keys = r.keys", "arrays_to_explode": ["keys"]}
        ],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(model: Model, one: Comparison, engine: str) -> dict[str, Any]:
    unknown = {
        "sql_condition": one.unknown.format(overlap=OVERLAP[engine]),
        "label_for_charts": "not known",
        "is_null_level": True,
    }
    levels: list[dict[str, Any]] = [unknown]
    for level in one.levels:
        m, u = weights(model, level.field, level.level)
        told: dict[str, Any] = {
            "sql_condition": level.sql.format(overlap=OVERLAP[engine]),
            "label_for_charts": level.name,
            "m_probability": m,
            "u_probability": u,
        }
        if level.frequency_of:
            told["tf_adjustment_column"] = level.frequency_of
        levels.append(told)
    return {"output_column_name": one.name, "comparison_levels": levels}


def weights(model: Model, field: str, level: str) -> tuple[float, float]:
    """Return how often a level is seen of pairs that are one (m), and of strangers (u)."""
    of = next(one for one in model.fields if one.name == field)
    seen = code(of.levels.index(level) + 1)
    same = [story for story in model.stories if story.is_same]
    rates = [story.rate or 0.0 for story in same]
    told = [likelihood(of, story, seen) for story in same]
    m = sum(rate * one for rate, one in zip(rates, told, strict=True)) / sum(rates)
    strangers = next(story for story in model.stories if not story.is_same)
    return _share(m), _share(likelihood(of, strangers, seen))


def _share(value: float) -> float:
    return min(max(value, 1e-9), 1 - 1e-9)
