"""What a run of enrichment set out with: its plan, keys and limits, read from its options."""

import datetime as dt
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from leadloom.config import get_setting, list_settings
from leadloom.connect import reach
from leadloom.enrich.plan import Plan, make_plan
from leadloom.enrich.provider import AnyProvider, OutsideProvider, Provider
from leadloom.enrich.registry import registry
from leadloom.errors import LeadloomError, NotFoundError, UsageError
from leadloom.runs.run import Run
from leadloom.secrets.secret import get_secret, list_secrets
from leadloom.storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Outset:
    """`outside` names whom is asked outside, in the order their records are numbered by.

    `since`: older answers will not do. `secrets` are keys by provider.
    """

    plan: Plan
    outside: Sequence[str]
    total: int
    secrets: Mapping[str, str]
    cache_days: int
    concurrency: int | None
    since: dt.datetime | None


def load_outset(tx: Tx, db: Database, run: Run) -> Outset:
    """Read what a run set out with. Raises UsageError when one of its providers is gone."""
    options = run.options
    plan = plan_of(tx, options)
    secrets = {
        one.name: value
        for one in plan.outside
        if one.secret and (value := secret_of(tx, db, one)) is not None
    }
    return Outset(
        plan,
        options["outside"],
        run.total or 0,
        secrets,
        int(str(get_setting(tx, "cache_ttl_days").value)),
        options.get("concurrency"),
        run.created_at if options.get("refresh") else None,
    )


def plan_of(tx: Tx, options: Mapping[str, Any]) -> Plan:
    """Return the plan that a run's options ask for. Raises UsageError."""
    return make_plan(
        fitted(tx),
        written=str(get_setting(tx, "enrich_plan").value),
        fields=options.get("fields") or (),
        only=options.get("providers") or (),
        enough=float(str(get_setting(tx, "good_enough").value)),
    )


def fitted(tx: Tx) -> dict[str, AnyProvider]:
    """Return every provider as the workspace's settings want it, cheapest first."""
    settings: dict[str, Any] = {one.key: one.value for one in list_settings(tx)}
    settings["secrets"] = {one.name for one in list_secrets(tx)} | _given()
    prices = read_prices(str(settings["provider_prices"]))
    found = [
        _priced(_fitted(one, settings), prices) if isinstance(one, OutsideProvider) else one
        for one in registry().providers.values()
    ]
    return {one.name: one for one in found}


def _fitted(one: OutsideProvider, settings: Mapping[str, Any]) -> OutsideProvider:
    """Return a provider as the settings want it; one whose code fails over them is off."""
    try:
        return one.fitted(settings)
    except LeadloomError:
        raise
    except Exception as error:
        return replace(one, off=f"its code failed ({type(error).__name__})")


def _given() -> set[str]:
    """Return the secrets that the environment gives: they are named in capitals there."""
    return {name.lower() for name in os.environ}


def read_prices(written: str) -> dict[str, Decimal]:
    """Read "hunter: 0.02; apollo: 0.01", in US dollars a call. Raises UsageError."""
    prices = {}
    for part in filter(None, (part.strip() for part in written.split(";"))):
        name, _, price = part.rpartition(":")
        try:
            prices[name.strip()] = amount = Decimal(price.strip())
        except InvalidOperation:
            amount = Decimal(-1)
        if not name or not amount.is_finite() or amount < 0:
            raise UsageError(
                f"The setting provider_prices says {part[:60]!r}: write 'hunter: 0.02; apollo: "
                "0.01', in US dollars a call."
            )
    return prices


def _priced(provider: OutsideProvider, prices: Mapping[str, Decimal]) -> OutsideProvider:
    if provider.name not in prices:
        return provider
    return replace(provider, price_usd=prices[provider.name])


def usable(tx: Tx) -> dict[str, AnyProvider]:
    """Return the providers that can be asked: all but those that are off or lack their key."""
    kept = {secret.name for secret in list_secrets(tx)}
    return {name: one for name, one in fitted(tx).items() if not why_off(one, kept)}


def why_off(provider: AnyProvider, kept: Collection[str]) -> str:
    """Return why a provider cannot be asked, and what to do about it; nothing if it can."""
    if isinstance(provider, Provider):
        return ""
    if provider.off:
        return provider.off
    if provider.is_web and reach.is_forbidden():
        return f"{reach.OFFLINE} is set"
    if not has_secret(provider, kept):
        return f"set its key with `leadloom secrets set {provider.secret}`"
    return ""


def has_secret(provider: OutsideProvider, kept: Collection[str]) -> bool:
    """Whether the provider's key is set, as a secret or in the environment."""
    return provider.secret is None or provider.secret in kept or variable(provider) in os.environ


def secret_of(tx: Tx, db: Database, provider: OutsideProvider) -> str | None:
    """Return a provider's key: the workspace's secret, else the environment's."""
    assert provider.secret
    try:
        return get_secret(tx, db, provider.secret)
    except NotFoundError:
        return os.environ.get(variable(provider))
    except LeadloomError:
        if value := os.environ.get(variable(provider)):
            return value
        raise


def variable(provider: OutsideProvider) -> str:
    """Return the environment variable that may hold a provider's key."""
    return re.sub(r"\W", "_", provider.secret or provider.name).upper()
