"""Links as a spreadsheet's own formula, which its CSV export may leave: =HYPERLINK("…", "Anna")."""

import re

_LINK = re.compile(r'\s*=\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"[^"]*"\s*)?\)\s*', re.IGNORECASE)


def target_of(text: str) -> str:
    """Where a formula of a link leads; any other text is given back as it is."""
    found = _LINK.fullmatch(text)
    return found[1] if found else text
