"""Times as crontab writes them, by the clock of a time zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from leadloom.errors import UsageError

_LONGEST = 100
_SHORT = ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")


def check_cron(text: str, now: dt.datetime) -> str:
    """Return a cron expression of five fields (or @daily …), tidied.

    Raises UsageError for what is none, and for a time that never comes.
    """
    from croniter import croniter  # type: ignore[import-untyped]

    cron = " ".join(text.split())
    fields = cron.split(" ")
    is_known = cron in _SHORT if len(fields) == 1 else len(fields) == 5
    # "R" is a random time, another one each time it is read.
    is_random = "r" in [field[:1].lower() for field in fields]
    if len(cron) > _LONGEST or not is_known or is_random or not croniter.is_valid(cron):
        raise UsageError(
            f"{text[:_LONGEST]!r} is no time: write minute, hour, day, month and weekday as "
            "crontab does, such as '0 6 * * 1-5' for six o'clock on weekdays."
        )
    next_after(cron, now, ZoneInfo("UTC"))
    return cron


def next_after(cron: str, moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """Return the first time after a moment that a cron expression names, in UTC.

    A time of day that the clock jumps over comes when it has jumped; one that comes twice, when
    the clock goes back, counts once, unless it is for every hour. Raises UsageError when it never
    comes.
    """
    from croniter import CroniterBadDateError, croniter

    fields = cron.split(" ")
    is_hourly = cron == "@hourly" or (len(fields) == 5 and fields[1].startswith("*"))
    times = croniter(cron, moment.astimezone(zone))
    try:
        found: dt.datetime = times.get_next(dt.datetime)
        while found.fold and not is_hourly:
            found = times.get_next(dt.datetime)
    except CroniterBadDateError:
        raise UsageError(f"{cron!r} never comes: no month has such a day.") from None
    return found.astimezone(dt.UTC)
