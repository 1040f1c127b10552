"""What a run would cost, before the first cent: from the leads' gaps and what the cache holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from leadloom.enrich import cache
from leadloom.enrich.cache import Kept
from leadloom.enrich.plan import Plan
from leadloom.enrich.provider import Answer, OutsideProvider, Provider, Question
from leadloom.enrich.questions import enrichment_sources, questions
from leadloom.enrich.waterfall import Fall
from leadloom.resolve.shelf import load_leads
from leadloom.storage.database import Tx


@dataclass(slots=True)
class Expected:
    """What is expected of one provider: `least` questions if each asked before it finds all, `most`
    if nobody finds anything; `cached` were answered before, and cost nothing.
    """

    provider: str
    price_usd: Decimal
    cached: int = 0
    least: int = 0
    most: int = 0

    @property
    def least_usd(self) -> Decimal:
        """What it costs at least."""
        return self.price_usd * self.least

    @property
    def most_usd(self) -> Decimal:
        """What it costs at most, if nothing has to be asked twice."""
        return self.price_usd * self.most


@dataclass(slots=True)
class Estimate:
    """What a run is expected to ask and to cost."""

    leads: int = 0
    by_provider: dict[str, Expected] = field(default_factory=dict)

    @property
    def least_usd(self) -> Decimal:
        """What it costs at least."""
        return sum((one.least_usd for one in self.by_provider.values()), Decimal(0))

    @property
    def most_usd(self) -> Decimal:
        """What it costs at most."""
        return sum((one.most_usd for one in self.by_provider.values()), Decimal(0))


def estimate(
    tx: Tx, pages: Callable[[Tx, int], Sequence[int]], plan: Plan, *, refresh: bool = False
) -> Estimate:
    """Return what enriching the leads that `pages` gives would ask of whom."""
    found = Estimate()
    for one in plan.outside:
        found.by_provider[one.name] = Expected(one.name, one.price_usd)
    seen: set[tuple[str, str, bool]] = set()
    last = 0
    while keys := pages(tx, last):
        last = keys[-1]
        found.leads += len(keys)
        for _, question in _asked(tx, keys):
            for is_lucky in (True, False):
                _walk(tx, found, seen, Fall(question, plan), is_lucky, refresh)
    return found


def _asked(tx: Tx, keys: Sequence[int]) -> Iterator[tuple[int, Question]]:
    return questions(tx, load_leads(tx, keys), enrichment_sources(tx), with_firms=True)


def _walk(
    tx: Tx,
    found: Estimate,
    seen: set[tuple[str, str, bool]],
    fall: Fall,
    is_lucky: bool,
    refresh: bool,
) -> None:
    """Take a lead past the providers as if each found everything, or nothing."""
    while (provider := fall.next()) is not None:
        if isinstance(provider, Provider):
            fall.find(provider)
            continue
        expected = found.by_provider[provider.name]
        told = cache.told_of(fall.question, provider)
        at = provider.name, cache.digest_of(told, provider)
        kept = None if refresh else _kept(tx, at)
        if kept is not None:
            expected.cached += not is_lucky
            fall.take(provider, kept.answers)
            continue
        if (*at, is_lucky) not in seen:
            seen.add((*at, is_lucky))
            expected.least += is_lucky
            expected.most += not is_lucky
        if is_lucky:
            fall.take(provider, _everything(provider, told))


def _kept(tx: Tx, at: tuple[str, str]) -> Kept | None:
    kept = cache.find(tx, [at]).get(at)
    return kept if kept and kept.is_good(tx.now, None) else None


def _everything(provider: OutsideProvider, told: Question) -> list[Answer]:
    return [Answer(field, ["?"], 1.0, "expected") for field in provider.fields]
