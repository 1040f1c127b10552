"""Values as they arrive and as they are kept: one file a type, each with `clean`.

`clean` never raises. It returns the clean value, or the text as received together with the problem
a person can mend; nothing is thrown away.
"""

from typing import Any, NamedTuple


class Cleaned(NamedTuple):
    """The outcome of cleaning one value.

    `value` is None when there was nothing to clean (blank, "n/a", "-"). `problem` is None when the
    value is good; otherwise one short phrase for a person, and `value` is the text as received.
    """

    value: Any
    problem: str | None = None


NOTHING = Cleaned(None)
