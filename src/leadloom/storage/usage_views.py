"""Views of runs and of calls outside, under the names that reports and other programs know."""

from typing import Any

import sqlalchemy as sa

from leadloom.storage.shown_times import seconds_between, shown_day, shown_time
from leadloom.storage.tables import api_usage, runs

_ENDED = ("found", "nothing", "failed", "lost")


def job_summary(dialect: str) -> sa.SelectBase:
    """A row for each run: how far it is, what failed, what it cost, how long it took."""
    failed = sa.cast(runs.c.counts["failed"].as_string(), sa.Integer)
    return sa.select(
        runs.c.id.label("job_id"),
        runs.c.workspace_id,
        runs.c.kind.label("job_type"),
        runs.c.status,
        sa.func.coalesce(runs.c.total, 0).label("total_records"),
        runs.c.processed.label("processed_records"),
        sa.func.coalesce(failed, 0).label("failed_records"),
        sa.case(
            (runs.c.status == "completed", 100.0),
            (runs.c.total > 0, runs.c.processed * 100.0 / runs.c.total),
            else_=0.0,
        ).label("progress_percentage"),
        runs.c.estimated_cost_usd.label("estimated_cost"),
        runs.c.actual_cost_usd.label("actual_cost"),
        runs.c.input.label("input_file"),
        runs.c.output.label("output_file"),
        runs.c.error.label("error_message"),
        shown_time(runs.c.created_at, dialect).label("created_at"),
        shown_time(runs.c.started_at, dialect).label("started_at"),
        shown_time(runs.c.finished_at, dialect).label("completed_at"),
        seconds_between(runs.c.started_at, runs.c.finished_at, dialect).label("duration_seconds"),
    )


def daily_usage(dialect: str) -> sa.SelectBase:
    """A row for each day (UTC) and provider: its calls, tokens and cost."""
    day = shown_day(api_usage.c.asked_at, dialect)
    return (
        sa.select(
            api_usage.c.workspace_id,
            day.label("usage_date"),
            api_usage.c.provider,
            sa.func.count().label("total_calls"),
            _how_many("found").label("found"),
            _how_many("nothing").label("found_nothing"),
            _how_many("failed", "lost").label("failed"),
            _sum(api_usage.c.tokens_in).label("tokens_in"),
            _sum(api_usage.c.tokens_out).label("tokens_out"),
            (_sum(api_usage.c.cost_micro_usd) / sa.literal(1e6)).label("total_cost"),
            sa.func.avg(api_usage.c.duration_ms).label("average_response_ms"),
        )
        .where(api_usage.c.status.in_(_ENDED))
        .group_by(api_usage.c.workspace_id, day, api_usage.c.provider)
    )


def enrichment_success_rate(dialect: str) -> sa.SelectBase:
    """A row for each provider: how many of its calls came to an answer, and at what price."""
    found, cost = _how_many("found"), _sum(api_usage.c.cost_micro_usd) / sa.literal(1e6)
    return (
        sa.select(
            api_usage.c.workspace_id,
            api_usage.c.provider,
            sa.func.count().label("total_calls"),
            found.label("successful"),
            _how_many("nothing").label("found_nothing"),
            _how_many("failed", "lost").label("failed"),
            (found * 100.0 / sa.func.count()).label("success_rate"),
            cost.label("total_cost"),
            (cost / sa.func.nullif(found, 0)).label("cost_per_success"),
            sa.func.avg(api_usage.c.duration_ms).label("average_response_ms"),
        )
        .where(api_usage.c.status.in_(_ENDED))
        .group_by(api_usage.c.workspace_id, api_usage.c.provider)
    )


def _how_many(*states: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((api_usage.c.status.in_(states), 1), else_=0))


def _sum(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(column), 0)
