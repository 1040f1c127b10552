"""Per field, providers in order, stopping at the first good enough. Pure: others do the asking."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from leadloom.enrich.plan import Plan, make_plan
from leadloom.enrich.provider import Answer, AnyProvider, OutsideProvider, Provider, Question
from leadloom.enrich.registry import LOCAL

PROVIDERS: tuple[Provider, ...] = tuple(one for one in LOCAL if one.is_default)
FREE_PLAN = make_plan({one.name: one for one in PROVIDERS})


class Fall:
    """One lead on its way past the providers: who comes next, and what was found so far."""

    def __init__(self, question: Question, plan: Plan) -> None:
        self._question = question
        self._plan = plan
        self._known: dict[str, Any] = dict(question.values)
        self._asked: set[str] = set()
        self._passed: set[str] = set()
        self._best: dict[str, tuple[AnyProvider, Answer]] = {}
        self.faults: dict[str, str] = {}
        """What was wrong with the code of providers of this process, by their names."""

    @property
    def question(self) -> Question:
        """What is known by now."""
        return Question(self._known, self._question.company, self._question.colleagues)

    def next(self) -> AnyProvider | None:
        """Return whom to ask now; None at the end."""
        waiting = [one for one in self._plan.order if self._is_of_use(one)]
        for provider in waiting:
            if any(self._is_first(provider, field, waiting) for field in provider.fields):
                self._asked.add(provider.name)
                self._pass_by(provider)
                return provider
        return None

    def _pass_by(self, provider: AnyProvider) -> None:
        """Who comes before and was not asked is not asked later: a guess proves no other guess."""
        if isinstance(provider, Provider):
            place = self._plan.order.index(provider)
            self._passed |= {one.name for one in self._plan.order[:place] if _is_free(one)}

    def find(self, provider: Provider) -> None:
        """Let a provider of this process find what it can; one whose code fails finds nothing."""
        try:
            found = provider.find(self.question)
        except Exception as error:  # somebody else's must not end the run
            self.faults[provider.name] = f"its code failed ({type(error).__name__})"
        else:
            self.take(provider, found)

    def take(self, provider: AnyProvider, answers: Sequence[Answer]) -> None:
        """Hear what a provider answered; what was known, or is known better, stays."""
        taken = [one for one in answers if self._is_better(provider, one)]
        if not any(one.field in provider.fields for one in taken):
            return
        for answer in taken:
            self._drop_company_of(answer.field, provider)
            self._best[answer.field] = (provider, answer)
            self._known[answer.field] = answer.value
        if not _is_free(provider):
            news = {one.field for one in taken}
            self._passed -= {one.name for one in self._plan.order if news & set(one.needs)}

    def found(self) -> Iterator[tuple[AnyProvider, Answer]]:
        """Yield what was found and is to be kept, with who found it."""
        for provider, answer in self._best.values():
            if answer.field in provider.fields:
                if answer.field in self._plan.fields:
                    yield provider, answer
            elif self._plan.fields & set(provider.fields):
                yield provider, answer

    def _is_of_use(self, provider: AnyProvider) -> bool:
        if provider.name in self._asked or provider.name in self._passed:
            return False
        if not all(self._known.get(need) for need in provider.needs):
            return False
        return any(self._is_open(provider, field) for field in provider.fields)

    def _is_open(self, provider: AnyProvider, field: str) -> bool:
        """Whether this field is still looked for, and this provider asked for it."""
        plan = self._plan
        is_helping = field in plan.helping and isinstance(provider, Provider)
        if not (field in plan.fields or is_helping) or not plan.asks(provider, field):
            return False
        if field in self._best:
            return self._best[field][1].confidence < plan.enough
        return not self._known.get(field)

    def _is_first(self, provider: AnyProvider, field: str, waiting: Sequence[AnyProvider]) -> bool:
        """Whether nobody who can be asked comes before it in the field's own order."""
        if not self._is_open(provider, field):
            return False
        names = self._plan.by_field.get(field)
        if names is None:
            return True
        can = {one.name for one in waiting}
        return next(name for name in names if name in can) == provider.name

    def _is_better(self, provider: AnyProvider, answer: Answer) -> bool:
        """What comes along with an answer (an address's status) belongs to it."""
        if answer.field not in provider.fields:
            return True
        if answer.field in self._best:
            return answer.confidence > self._best[answer.field][1].confidence
        return self._is_open(provider, answer.field)

    def _drop_company_of(self, field: str, provider: AnyProvider) -> None:
        """What came along with an answer goes with it."""
        before = self._best.pop(field, None)
        if before is None or before[0] is provider:
            return
        old = before[0]
        if any(one is old and name in old.fields for name, (one, _) in self._best.items()):
            return
        for name in [name for name, (one, _) in self._best.items() if one is old]:
            del self._best[name]
            self._known.pop(name, None)


def _is_free(provider: AnyProvider) -> bool:
    return isinstance(provider, Provider)


def ask(
    question: Question, plan: Plan = FREE_PLAN, failed: Counter[str] | None = None
) -> Iterator[tuple[Provider, Answer]]:
    """Yield what is found for nothing and at once of the fields that are missing, and by whom.

    In `failed` it is counted whose code failed.
    """
    fall = Fall(question, plan)
    while (provider := fall.next()) is not None:
        if isinstance(provider, Provider):
            fall.find(provider)
    if failed is not None:
        failed.update(fall.faults.keys())
    for provider, answer in fall.found():
        if not isinstance(provider, OutsideProvider):
            yield provider, answer
