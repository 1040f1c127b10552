"""The contract of a provider: what it is asked, and what it answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

import httpx2

from leadloom.connect.reading import Pages


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of a lead, without what enrichment found before; and of its company.

    `colleagues` are (first name, last name, address) of others at the same domain.
    """

    values: Mapping[str, Any]
    company: Mapping[str, Any]
    colleagues: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One field found: its value, how sure it is (0-1), and what it was read from."""

    field: str
    value: Any
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Finds fields of a lead in this process, at once and for nothing.

    `needs` names what must be known for asking to make sense. `example` is a question to try it
    with. `is_default`: asked when nobody is named.
    """

    name: str
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    find: Callable[[Question], list[Answer]]
    about: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """What a call outside is made with. `idempotency_key` is the same for each try of a question,
    for whoever charges only once for it. `http` speaks to an interface that the provider names,
    `web` reads pages whose addresses come from elsewhere, and only public ones.
    """

    http: httpx2.AsyncClient
    secret: str | None
    idempotency_key: str
    web: Pages


@dataclass(frozen=True, slots=True)
class Found:
    """What a call came to; no answers: there is nothing to be found.

    `cost_usd` is what it really cost, where that is not the provider's price; `dropped` how many
    claims were left out because nothing showed them.
    """

    answers: Sequence[Answer] = ()
    cost_usd: Decimal | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    http_status: int | None = None
    request_bytes: int | None = None
    response_bytes: int | None = None
    dropped: int = 0


Settings: TypeAlias = Mapping[str, Any]
"""The workspace's settings, by key."""


@dataclass(frozen=True, slots=True)
class OutsideProvider:
    """Finds fields of a lead elsewhere.

    It is told the values it `needs` (all of them must be known) and those it `uses` (where they
    are), and nothing else: the same values are the same question. `price_usd` is the most a call
    costs. `secret` names the secret with its key; without it the provider is off. `cache_days`:
    None leaves it to the setting. `version` changes when answers of before are no good any more.
    `ask` raises TargetError, SkipError, RetryError or StopError (leadloom.connect.failure).

    `is_web`: it reads the public internet, and is left out where that cannot be reached.
    `is_default`: asked when nobody is named. `is_reader`: its answers say only what the pages do
    that it reads by `line.web`; while those are as they were, they stand, and it is not asked.
    `fit` returns it as the settings want it; `off` is then why it cannot be asked. `example` is a
    question to try it with.
    """

    name: str
    fields: tuple[str, ...]
    needs: tuple[str, ...]
    ask: Callable[[Question, Line], Awaitable[Found]]
    uses: tuple[str, ...] = ()
    about: str = ""
    price_usd: Decimal = Decimal(0)
    per_minute: float | None = None
    burst: int = 1
    cache_days: int | None = None
    secret: str | None = None
    timeout_s: float = 20.0
    attempts: int = 3
    version: int | str = 1
    is_web: bool = False
    is_default: bool = True
    is_reader: bool = False
    fit: "Callable[[OutsideProvider, Settings], OutsideProvider] | None" = None
    off: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)

    def fitted(self, settings: Settings) -> "OutsideProvider":
        """Return the provider as these settings want it."""
        return self if self.fit is None else self.fit(self, settings)


AnyProvider: TypeAlias = Provider | OutsideProvider
