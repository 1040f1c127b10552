"""The verbs of enrichment: find what is missing, say what it would cost and what it did."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import sqlalchemy as sa

from leadloom.connect import reach
from leadloom.enrich import cache, costs, outside_run, trial
from leadloom.enrich.cache import CacheStats
from leadloom.enrich.costs import Cost, ProviderState
from leadloom.enrich.enricher import Enriched, enrich
from leadloom.enrich.estimate import Estimate, estimate
from leadloom.enrich.outset import fitted, plan_of, usable, why_off
from leadloom.enrich.outside_run import Standing, Wanted
from leadloom.enrich.plan import Plan
from leadloom.enrich.provider import AnyProvider, OutsideProvider, Provider
from leadloom.enrich.registry import registry
from leadloom.enrich.trial import Trial
from leadloom.errors import UsageError
from leadloom.leads.conditions import condition
from leadloom.runs.run import Run
from leadloom.secrets.secret import list_secrets
from leadloom.storage.database import Tx
from leadloom.storage.tables import leads
from leadloom.workspace.reports import EnrichReport
from leadloom.workspace.session import Session

Pages = Callable[[Tx, int], Sequence[int]]
OnStanding = Callable[[Standing], None]

_UNREACHED = "the network cannot be reached"


class Enrichment:
    """Finds what is missing; `Workspace.enrich` is its main verb."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def run(
        self,
        pages: Pages,
        *,
        where: Sequence[str] = (),
        fields: Sequence[str] = (),
        providers: Sequence[str] = (),
        budget_usd: Decimal | None = None,
        concurrency: int | None = None,
        refresh: bool = False,
        dry_run: bool = False,
        background: bool = False,
        asking_outside: bool = True,
        on_progress: OnStanding = lambda standing: None,
    ) -> EnrichReport:
        """Enrich the leads that `pages` gives. Raises UsageError for a name nobody has.

        Without `asking_outside` nobody outside is asked who is not named.
        """
        _check(budget_usd, concurrency)
        began = self._session.now()
        plan = self._plan(fields, providers)
        left_out: dict[str, str] = {}
        if not (asking_outside or providers):
            plan = _only(plan, lambda one: isinstance(one, Provider))
        elif any(map(_is_web, plan.order)) and not dry_run and not reach.is_online():
            left_out = {one.name: _UNREACHED for one in plan.order if _is_web(one)}
            plan = _only(plan, lambda one: not _is_web(one))
        wanted = Wanted(plan, fields, budget_usd, concurrency, refresh, where)
        if dry_run:
            with self._session.rehearsal() as session:
                expected = self._estimate(session, pages, wanted)
                done = _free(session, pages, plan, on_progress)
        elif plan.outside:
            expected, done = None, self._outside(pages, wanted, background, on_progress)
        else:
            expected, done = None, _free(self._session, pages, plan, on_progress)
        seconds = (self._session.now() - began).total_seconds()
        return EnrichReport.of(done, seconds, expected, left_out)

    def resume(
        self,
        run: Run,
        budget_usd: Decimal | None = None,
        on_progress: OnStanding = lambda standing: None,
    ) -> EnrichReport:
        """Go on with a run that stopped, with another budget if one is given."""
        _check(budget_usd, None)
        self._must_be_free()
        began = self._session.now()
        with self._session.write() as tx:
            taken = outside_run.take_over(tx, run, budget_usd)
        done = outside_run.work_off(self._session.db, self._session.write, taken, on_progress)
        return EnrichReport.of(done, (self._session.now() - began).total_seconds())

    def providers(self) -> list[ProviderState]:
        """Return every provider there is, whether it can be asked, and why not."""
        with self._session.read() as tx:
            return costs.provider_states(tx)

    def try_out(self, provider: str, values: Mapping[str, str]) -> Trial:
        """Ask a provider one question: about `values`, or its own example. It may cost its price.

        Raises NotFoundError, UsageError when it is off, has to know more, or would be asked outside
        in a transaction, and ConflictError when the day's limit is used up.
        """
        if isinstance(registry().providers.get(provider), OutsideProvider):
            self._must_be_free()
        return trial.try_out(self._session.db, self._session.write, provider, values)

    def costs(self, by: str = "provider", *, days: int = 30, limit: int = 100) -> list[Cost]:
        """Return what calls outside have cost in the last days, by provider, run, day or lead."""
        group = next((one for one in costs.GROUPS if one == by), None)
        if group is None:
            raise UsageError(f"Costs are told by {', '.join(costs.GROUPS)}, not by {by!r}.")
        with self._session.read() as tx:
            return costs.costs(tx, group, days=days, limit=limit)

    def cache(self) -> CacheStats:
        """Return how much of what was answered is kept."""
        with self._session.read() as tx:
            return cache.stats(tx)

    def clear_cache(self, provider: str | None = None, *, expired_only: bool = False) -> int:
        """Forget what was answered, of one provider or all; return how many answers that were."""
        with self._session.write() as tx:
            return cache.clear(tx, provider=provider, expired_only=expired_only)

    def _plan(self, fields: Sequence[str], providers: Sequence[str]) -> Plan:
        with self._session.read() as tx:
            can = usable(tx)
            kept = {secret.name for secret in list_secrets(tx)}
            for name in providers:
                one = fitted(tx).get(name)
                if one is not None and (off := why_off(one, kept)):
                    raise UsageError(f"The provider {name} cannot be asked: {off}.")
            names = list(providers) or [name for name, one in can.items() if _is_default(one)]
            plan = plan_of(tx, {"fields": fields, "providers": names})
        needed = plan.fields | plan.helping
        order = tuple(one for one in plan.order if needed & set(one.fields))
        if not providers and self._session.is_bound:
            order = tuple(one for one in order if not _is_web(one))
        return Plan(order, plan.by_field, plan.fields, plan.helping, plan.enough)

    def _outside(
        self, pages: Pages, wanted: Wanted, background: bool, on_progress: OnStanding
    ) -> Enriched:
        self._must_be_free()
        with self._session.write() as tx:
            run = outside_run.begin(tx, wanted, pages)
        db, write = self._session.db, self._session.write
        if background:
            outside_run.hand_over(db, write, run)
            with self._session.read() as tx:
                return outside_run.done_of(tx, run.id)
        return outside_run.work_off(db, write, run, on_progress)

    def _must_be_free(self) -> None:
        """Raise UsageError in a transaction: what is asked and paid is not taken back with it."""
        if self._session.is_bound:
            raise UsageError(
                "Asking outside cannot be taken back with a transaction: enrich after it, or name "
                "providers that ask nobody."
            )

    @staticmethod
    def _estimate(session: Session, pages: Pages, wanted: Wanted) -> Estimate | None:
        if not wanted.plan.outside:
            return None
        with session.read() as tx:
            return estimate(tx, pages, wanted.plan, refresh=wanted.refresh)


def _free(session: Session, pages: Pages, plan: Plan, on_progress: OnStanding) -> Enriched:
    """Enrich with what asks nobody outside."""
    free = tuple(one for one in plan.order if isinstance(one, Provider))

    def tell(done: int, counts: dict[str, int]) -> None:
        on_progress(Standing("processing", 0, done, counts, {}, Decimal(0), None))

    return enrich(
        session.write,
        pages,
        tell,
        Plan(free, plan.by_field, plan.fields, plan.helping, plan.enough),
    )


def _is_default(one: AnyProvider) -> bool:
    return one.is_default


def _is_web(one: AnyProvider) -> bool:
    return isinstance(one, OutsideProvider) and one.is_web


def _only(plan: Plan, is_kept: Callable[[AnyProvider], bool]) -> Plan:
    order = tuple(one for one in plan.order if is_kept(one))
    return Plan(order, plan.by_field, plan.fields, plan.helping, plan.enough)


def _check(budget_usd: Decimal | None, concurrency: int | None) -> None:
    if budget_usd is not None and (not budget_usd.is_finite() or budget_usd < 0):
        raise UsageError(f"A budget is a number of US dollars such as 5.00, not {budget_usd}.")
    if concurrency is not None and not 1 <= concurrency <= 500:
        raise UsageError(f"Between 1 and 500 calls can be under way at once, not {concurrency}.")


__all__ = ["Cost", "Enrichment", "ProviderState", "Standing", "Trial"]


def pages_of(
    wanted: Sequence[int] | None, where: Sequence[str]
) -> Callable[[Tx, int], Sequence[int]]:
    """Return a function that gives the keys of the next leads after a key."""

    def next_keys(tx: Tx, after: int) -> Sequence[int]:
        query = (
            sa.select(leads.c.id)
            .where(
                leads.c.workspace_id == tx.workspace_id,
                leads.c.root_id.is_(None),
                leads.c.deleted_at.is_(None),
                leads.c.id > after,
                *[condition(leads, one) for one in where],
            )
            .order_by(leads.c.id)
            .limit(500)
        )
        if wanted is not None:
            later = [key for key in wanted if key > after][:500]
            query = query.where(leads.c.id.in_(later))
            if not later:
                return []
        return list(tx.conn.scalars(query))

    return next_keys
