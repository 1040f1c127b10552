"""A model and its census as plain values, to be stored as JSON and read back as they were."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from leadloom.resolve.match.census import Census
from leadloom.resolve.match.model import SETTINGS, Field, Model, Story


def frozen(model: Model) -> dict[str, Any]:
    """Return a model as plain values."""
    return {
        "fields": [_plain(one) for one in model.fields],
        "stories": [_plain(one) for one in model.stories],
        **{name: getattr(model, name) for name in SETTINGS},
    }


def thawed(saved: Mapping[str, Any]) -> Model:
    """Return the model that `frozen` made plain."""
    return Model(
        tuple(Field(**_made(Field, one)) for one in saved["fields"]),
        tuple(Story(**_made(Story, one)) for one in saved["stories"]),
        # Those of before there was a setting have it as usual.
        **{name: saved[name] for name in SETTINGS if name in saved}
        | {"strong": tuple(saved["strong"])},
    )


def frozen_census(census: Census) -> dict[str, Any]:
    """Return a census as plain values."""
    return {"records": census.records, "counts": census.counts}


def thawed_census(saved: Mapping[str, Any]) -> Census:
    """Return the census that `frozen_census` made plain."""
    return Census(saved["records"], {kind: dict(seen) for kind, seen in saved["counts"].items()})


def _plain(one: Field | Story) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in (field.name for field in fields_of(one)):
        value = getattr(one, name)
        if isinstance(value, frozenset):
            value = sorted(value)
        plain[name] = dict(value) if isinstance(value, Mapping) else value
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()
    }


def _made(kind: type[Field] | type[Story], saved: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        name: tuple(value) if isinstance(value, list) else value for name, value in saved.items()
    }
    return made | {"fixed": frozenset(saved["fixed"])} if kind is Field else made
