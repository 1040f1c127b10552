"""Whom enrichment can ask: the list of them, and trying one out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.door import FINDINGS
from leadloom.cli.render import say, show_json, show_table
from leadloom.cli.verb import verb
from leadloom.errors import UsageError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace
    from leadloom.workspace.enrichment import Trial

provider_commands = typer.Typer()

_SHOWN = 4


@verb(provider_commands, "providers", is_group=True)
def providers(ws: "Workspace", as_json: options.Json = False) -> None:
    """List whom enrichment can ask, in their order: what they find, what it costs, their state."""
    found = ws.enrichment.providers()
    if as_json:
        show_json({"items": [_provider(one) for one in found], "next": None})
        return
    rows = [
        [
            one.name,
            _some(one.fields),
            ", ".join(one.needs),
            f"{one.price_usd:f}",
            one.status,
            one.about,
        ]
        for one in found
    ]
    show_table(["name", "finds", "needs", "price (USD)", "state", "about"], rows)


@verb(provider_commands, "test")
def try_out(
    ws: "Workspace",
    name: Annotated[str, typer.Argument(help="The provider, as `leadloom providers` calls it.")],
    known: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD=VALUE]…", help="What to tell it; else its own example."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Ask one provider one question, and show what it says. It may cost its price."""
    trial = ws.enrichment.try_out(name, dict(map(_pair, known or ())))
    if as_json:
        show_json(_trial(trial))
    else:
        _show(trial)
    if trial.error:
        raise typer.Exit(FINDINGS)


def _some(fields: Sequence[str]) -> str:
    """Return the first fields by name, and how many more there are."""
    more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
    return ", ".join(fields[:_SHOWN]) + more


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals or not field:
        raise UsageError(
            f"Write what is known as FIELD=VALUE (domain=acme.com), not {text[:60]!r}."
        )
    return field.strip(), value.strip()


def _show(trial: "Trial") -> None:
    asked = ", ".join(f"{field}={_written(value)}" for field, value in trial.asked.items())
    say(f"Asked {trial.provider}: {asked}")
    if trial.error:
        say(f"It failed: {trial.error}.", style="bold")
    elif not trial.answers:
        say("It found nothing.")
    else:
        rows = [
            [one.field, _written(one.value), f"{one.confidence:g}", one.evidence]
            for one in trial.answers
        ]
        show_table(["field", "value", "sure", "from"], rows)
    say(f"\n{trial.duration_ms} ms; cost {trial.cost_usd:.4f} USD.", style="dim")


def _written(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _trial(trial: "Trial") -> dict[str, Any]:
    return {
        "provider": trial.provider,
        "asked": dict(trial.asked),
        "answers": [
            {
                "field": one.field,
                "value": one.value,
                "confidence": one.confidence,
                "evidence": one.evidence,
            }
            for one in trial.answers
        ],
        "cost_usd": str(trial.cost_usd),
        "duration_ms": trial.duration_ms,
        "error": trial.error,
    }


def _provider(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "fields": list(one.fields),
        "needs": list(one.needs),
        "price_usd": str(one.price_usd),
        "per_minute": one.per_minute,
        "is_on": one.is_on,
        "status": one.status,
        "about": one.about,
    }
