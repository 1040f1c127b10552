"""Splink on the same records, as its authors advise: the peer that `bench_resolve.py` measures.

It is given our cleaned and folded values, so that what is compared is matching, not cleaning.
"""

import logging
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule

from leadloom.resolve.match.firm import FirmTerms
from leadloom.resolve.match.person import PersonTerms

logging.getLogger("splink").setLevel(logging.ERROR)


class Pairs(NamedTuple):
    """Pairs of records (`low` < `high`, arrays) with their match weights (log2 odds)."""

    low: Any
    high: Any
    bits: Any


def people(terms: Sequence[PersonTerms]) -> Pairs:
    """Return the pairs of people that Splink finds."""
    rows = pandas.DataFrame(_person(number, one) for number, one in enumerate(terms))
    has_work = rows["email"].notna().any()
    compared = [
        *_names(with_turned=not has_work),
        *(_few_addresses() if has_work else _addresses()),
    ]
    rules = [
        block_on("given", "surname"),
        block_on("substr(given,1,1)", "surname", "city"),
        block_on("given", "city", "substr(surname,1,3)"),
        block_on("surname", "postcode"),
        block_on("given", "postcode"),
        block_on("road", "number"),
        block_on("city", "postcode"),
        block_on("road", "postcode"),
        block_on("road", "city"),
        CustomRule("l.given = r.surname and l.surname = r.given", sql_dialect="duckdb"),
    ]
    if not has_work:
        rules += [
            block_on("substr(given,1,3)", "substr(surname,1,3)"),
            block_on("substr(given,1,3)", "substr(city,1,3)"),
            block_on("substr(surname,1,3)", "substr(city,1,3)"),
            block_on("substr(surname,1,3)", "number"),
            block_on("substr(given,1,3)", "number"),
            block_on("substr(road,1,4)", "number"),
            block_on("substr(road,1,4)", "substr(city,1,4)"),
            block_on("number", "postcode"),
            block_on("number", "city"),
        ]
        training = [block_on("given", "surname"), block_on("postcode"), block_on("road", "number")]
        certain = [
            "l.given = r.given and l.surname = r.surname and l.postcode = r.postcode",
            "l.surname = r.surname and l.road = r.road and l.number = r.number",
            "l.given = r.given and l.road = r.road and l.postcode = r.postcode",
        ]
        return _linked(rows, compared, rules, training, certain, recall=0.6)
    compared += [
        comparisons.EmailComparison("email"),
        comparisons.ExactMatch("phone").configure(term_frequency_adjustments=True),
        comparisons.ExactMatch("profile"),
        _employer(),
        _fuzzy("title", 0.9),
    ]
    rules += [
        block_on("email"),
        block_on("phone"),
        block_on("profile"),
        block_on("surname", "company"),
        block_on("given", "company"),
        block_on("surname", "site"),
        block_on("given", "site"),
        block_on("substr(given,1,3)", "surname", "substr(company,1,5)"),
    ]
    # Trained on a third rule (e-mail, company and given name) its groups are worse: 0.83, not 0.87.
    training = [block_on("given", "surname"), block_on("company", "surname")]
    certain = ["l.email = r.email", "l.profile = r.profile"]
    return _linked(rows, compared, rules, training, certain, recall=0.7)


def firms(terms: Sequence[FirmTerms]) -> Pairs:
    """Return the pairs of companies that Splink finds."""
    rows = pandas.DataFrame(_firm(number, one) for number, one in enumerate(terms))
    compared = [
        comparisons.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(
            term_frequency_adjustments=True
        ),
        comparisons.ExactMatch("site"),
        comparisons.ExactMatch("phone"),
        comparisons.ExactMatch("profile"),
        _fuzzy("city", 0.9),
        _fuzzy("street", 0.85),
    ]
    rules = [
        block_on("name"),
        block_on("site"),
        block_on("phone"),
        block_on("profile"),
        block_on("street"),
        block_on("substr(name,1,7)"),
        block_on("substr(name,1,4)", "city"),
    ]
    training = [block_on("name"), block_on("site"), block_on("phone")]
    certain = ["l.profile = r.profile", "l.site = r.site and l.name = r.name"]
    return _linked(rows, compared, rules, training, certain, recall=0.7)


def _linked(
    rows: pandas.DataFrame,
    compared: Any,
    rules: Any,
    training: Any,
    certain: list[str],
    *,
    recall: float,
) -> Pairs:
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=compared,
        blocking_rules_to_generate_predictions=rules,
    )
    with warnings.catch_warnings(action="ignore"):
        database = DuckDBAPI(duckdb.connect())
        linker = Linker(database.register(rows), settings, log_level=None)
        linker.training.estimate_probability_two_random_records_match(certain, recall=recall)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
        for rule in training:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        found = linker.inference.predict(threshold_match_weight=-6).as_pandas_dataframe()
    left, right = (found[f"unique_id_{side}"].to_numpy() for side in "lr")
    bits = found["match_weight"].to_numpy()
    return Pairs(np.minimum(left, right), np.maximum(left, right), bits)


def _names(*, with_turned: bool) -> list[Any]:
    """Given name and surname, together where many are turned, else each as rare as it is."""
    if with_turned:
        both = comparisons.ForenameSurnameComparison(
            "given",
            "surname",
            jaro_winkler_thresholds=[0.92, 0.85],
            forename_surname_concat_col_name="given_surname",
        )
        return [both]
    return [
        comparisons.NameComparison(name).configure(term_frequency_adjustments=True)
        for name in ("given", "surname")
    ]


def _addresses() -> list[Any]:
    """What there is to compare where every row has an address."""
    return [
        _near("city", comparisons.JaroWinklerAtThresholds, [0.92, 0.8]),
        _near("road", comparisons.JaroWinklerAtThresholds, [0.92, 0.8]),
        comparisons.DamerauLevenshteinAtThresholds("number", [1]),
        _near("postcode", comparisons.DamerauLevenshteinAtThresholds, [1, 2]),
        comparisons.DamerauLevenshteinAtThresholds("state", [1]),
    ]


def _few_addresses() -> list[Any]:
    """The same where few have one: of levels hardly ever seen training makes nothing."""
    return [
        _fuzzy("city", 0.9),
        _fuzzy("street", 0.85),
        _fuzzy("postcode", 0.9),
    ]


def _near(column: str, compare: Any, thresholds: list[float]) -> Any:
    return compare(column, thresholds).configure(term_frequency_adjustments=True)


def _employer() -> Any:
    """One comparison of company and domain, which say the same thing twice."""
    return comparisons.CustomComparison(
        output_column_name="employer",
        comparison_levels=[
            levels.And(levels.NullLevel("company"), levels.NullLevel("site")),
            levels.ExactMatchLevel("site"),
            levels.ExactMatchLevel("company", term_frequency_adjustments=True),
            levels.JaroWinklerLevel("company", 0.9),
            levels.ElseLevel(),
        ],
    )


def _fuzzy(column: str, least: float) -> Any:
    return comparisons.JaroWinklerAtThresholds(column, [least]).configure(
        term_frequency_adjustments=True
    )


def _person(unique_id: int, terms: PersonTerms) -> dict[str, Any]:
    name = terms.names[0] if terms.names else None
    mail = next((one for one in terms.mails if one.kind != "role"), None)
    place = terms.places[0] if terms.places else None
    company = terms.employer.names[0] if terms.employer.names else None
    words = place.street.split() if place else []
    road = " ".join(word for word in words if not word[0].isdecimal())
    number = " ".join(word for word in words if word[0].isdecimal())
    return {
        "unique_id": unique_id,
        "given": name.given[0] if name and name.given else None,
        "surname": " ".join(name.surname) or None if name else None,
        "email": mail.address if mail else None,
        "phone": terms.phones[0].base if terms.phones else None,
        "profile": terms.profiles[0] if terms.profiles else None,
        "company": " ".join(company) if company else None,
        "site": terms.employer.sites[0] if terms.employer.sites else None,
        "title": " ".join(terms.titles[0]) if terms.titles else None,
        "given_surname": " ".join((*name.given[:1], *name.surname)) if name else None,
        "city": place.city or None if place else None,
        "street": place.street or None if place else None,
        "road": road or None,
        "number": number or None,
        "postcode": place.postcode or None if place else None,
        "state": place.region or None if place else None,
    }


def _firm(number: int, terms: FirmTerms) -> dict[str, Any]:
    place = terms.places[0] if terms.places else None
    return {
        "unique_id": number,
        "name": " ".join(terms.called.names[0]) if terms.called.names else None,
        "site": terms.called.sites[0] if terms.called.sites else None,
        "phone": terms.phones[0].base if terms.phones else None,
        "profile": terms.profiles[0] if terms.profiles else None,
        "city": place.city or None if place else None,
        "street": place.street or None if place else None,
    }


PEERS: dict[str, Callable[[Any], Pairs]] = {"people": people, "companies": firms}
