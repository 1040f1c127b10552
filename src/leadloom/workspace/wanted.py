"""Which rows of a list are meant, in the words of the verbs."""

from collections.abc import Mapping
from typing import Any

from leadloom.errors import UsageError
from leadloom.leads.window import Wanted


def wanted_of(options: Mapping[str, Any]) -> Wanted:
    """Read `where`, `sort` and `deleted`. Raises UsageError for any other option."""
    if unknown := set(options) - {"where", "sort", "deleted"}:
        raise UsageError(f"There is no option {min(unknown)!r}: use where, sort or deleted.")
    is_deleted = bool(options.get("deleted"))
    return Wanted(tuple(options.get("where") or ()), options.get("sort"), is_deleted)
