"""A lead on its way past the providers: as far as what is kept reaches, nobody has to be asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from leadloom.enrich import cache
from leadloom.enrich.cache import Kept
from leadloom.enrich.facts import firm_of
from leadloom.enrich.finish import Finished, Toll
from leadloom.enrich.outset import Outset
from leadloom.enrich.provider import Answer, OutsideProvider, Provider, Question
from leadloom.enrich.waterfall import Fall

At = tuple[str, str]
"""A question: the provider's name and the digest."""

Look = Callable[[At], Kept | None]
"""Returns what is kept and still good of the answers to a question."""


@dataclass(slots=True)
class Passage:
    """A lead of a batch, by its place there; `waiting` is whom it has to ask next, if anybody, and
    `asks` the question.
    """

    place: int
    lead_id: int
    question: Question
    fall: Fall
    waiting: OutsideProvider | None = None
    asks: At | None = None
    toll: Toll = field(default_factory=Toll)

    def go_on(self, look: Look) -> None:
        """Go on until somebody outside has to be asked, or nobody is left."""
        provider, asks = self.waiting or self.fall.next(), self.asks
        self.waiting = self.asks = None
        while provider is not None:
            if isinstance(provider, Provider):
                self.fall.find(provider)
                if fault := self.fall.faults.get(provider.name):
                    self.toll.count(provider.name, "failed")
                    self.toll.troubles.append(f"{provider.name}: {fault}")
            elif (known := look(asks := asks or self.at(provider))) is None:
                self.waiting, self.asks = provider, asks
                return
            else:
                self.fall.take(provider, hit(provider, known, self.toll))
            provider, asks = self.fall.next(), None

    def hear(self, answers: Sequence[Answer], look: Look) -> None:
        """Take what was answered by whom it waits for, and go on."""
        assert self.waiting
        self.fall.take(self.waiting, answers)
        self.waiting = self.asks = None
        self.go_on(look)

    def at(self, provider: OutsideProvider) -> At:
        """Return what this lead would ask a provider."""
        told = cache.told_of(self.fall.question, provider)
        return provider.name, cache.digest_of(told, provider)

    def finished(self, run_id: int, outset: Outset, batch_id: int, first: int) -> Finished:
        """Return what is written when nobody is left to ask; the batch begins at `first`."""
        return Finished(
            run_id,
            outset.total,
            batch_id,
            self.place,
            first + self.place,
            self.lead_id,
            [(provider.name, answer) for provider, answer in self.fall.found()],
            outset.outside,
            self.toll,
            firm_of(self.question),
            next(iter(self.fall.question.values.get("email") or ()), None),
        )


def hit(provider: OutsideProvider, known: Kept, toll: Toll) -> Sequence[Answer]:
    """Count that a kept answer was of use; return it."""
    toll.count(provider.name, "cached")
    if known.id:
        toll.hit(known.id)
    toll.expires(known.expires_at)
    return known.answers
