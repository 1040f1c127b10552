"""The plan of a run: which fields are looked for, and whom to ask for each, in what order. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from leadloom.enrich.provider import AnyProvider, OutsideProvider
from leadloom.errors import UsageError


@dataclass(frozen=True, slots=True)
class Plan:
    """`order` is whom to ask, first to last; `by_field` the names for a field, where it matters.

    `fields` are looked for and kept, `helping` ones only found on the way. An answer of confidence
    `enough` ends the search for its field.
    """

    order: tuple[AnyProvider, ...]
    by_field: Mapping[str, Sequence[str]]
    fields: frozenset[str]
    helping: frozenset[str] = frozenset()
    enough: float = 0.0

    @property
    def outside(self) -> tuple[OutsideProvider, ...]:
        """Those of whom something is asked over the network."""
        return tuple(one for one in self.order if isinstance(one, OutsideProvider))

    def asks(self, provider: AnyProvider, field: str) -> bool:
        """Whether the provider is asked for a field."""
        if field not in provider.fields:
            return False
        return field not in self.by_field or provider.name in self.by_field[field]


def make_plan(
    providers: Mapping[str, AnyProvider],
    *,
    written: str = "",
    fields: Collection[str] = (),
    only: Collection[str] = (),
    enough: float = 0.0,
) -> Plan:
    """Return the plan for these fields (none: all) and providers (none: all).

    `written` is the setting "email: address pattern, hunter; country: phone prefix". Raises
    UsageError for a name that nobody has.
    """
    for name in only:
        _check(name, providers, "provider")
    found = frozenset(field for one in providers.values() for field in one.fields)
    for field in fields:
        _check(field, found, "field that a provider finds")
    by_field = read_written(written, providers)
    order = tuple(one for one in providers.values() if not only or one.name in only)
    wanted = frozenset(fields) or found
    return Plan(order, by_field, wanted, _helping(order, wanted), enough)


def read_written(written: str, providers: Mapping[str, AnyProvider]) -> dict[str, list[str]]:
    """Read a plan as people write it. Raises UsageError."""
    by_field: dict[str, list[str]] = {}
    for part in filter(None, (part.strip() for part in written.split(";"))):
        field, colon, names = part.partition(":")
        if not colon:
            raise UsageError(
                f"The setting enrich_plan says {part[:60]!r}: write 'email: address pattern; "
                "country: phone prefix'."
            )
        named = [name.strip() for name in names.split(",") if name.strip()]
        for name in named:
            _check(name, providers, "provider")
            if field.strip() not in providers[name].fields:
                raise UsageError(f"The provider {name!r} finds no {field.strip()!r}.")
        by_field[field.strip()] = named
    return by_field


def _check(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(sorted(known))}."
        raise UsageError(f"There is no {what} {name!r}: {hint}")


def _helping(order: Sequence[AnyProvider], wanted: frozenset[str]) -> frozenset[str]:
    """Return what has to be known for asking, as far as somebody finds it for nothing."""
    helping: set[str] = set()
    while True:
        needed = {
            need
            for one in order
            if set(one.fields) & (wanted | helping)
            for need in one.needs
            if need not in wanted
        }
        if needed <= helping:
            return frozenset(helping)
        helping |= needed
