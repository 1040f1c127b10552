"""What a run of enrichment set out with: its plan, keys and limits, read from its options."""

import datetime as dt
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadloom.config import get_setting
from leadloom.enrich.plan import Plan, make_plan
from leadloom.enrich.provider import AnyProvider, OutsideProvider
from leadloom.enrich.registry import registry
from leadloom.errors import LeadloomError, NotFoundError
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
        registry().providers,
        written=str(get_setting(tx, "enrich_plan").value),
        fields=options.get("fields") or (),
        only=options.get("providers") or (),
        enough=float(str(get_setting(tx, "good_enough").value)),
    )


def usable(tx: Tx, providers: Mapping[str, AnyProvider]) -> dict[str, AnyProvider]:
    """Return the providers that can be asked: all but those whose key nobody has set."""
    kept = {secret.name for secret in list_secrets(tx)}
    return {
        name: one
        for name, one in providers.items()
        if not isinstance(one, OutsideProvider) or not one.secret or has_secret(one, kept)
    }


def has_secret(provider: OutsideProvider, kept: set[str]) -> bool:
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
