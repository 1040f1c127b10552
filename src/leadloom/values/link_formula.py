"""Links as a spreadsheet's own formula, which its CSV export may leave: =HYPERLINK("…", "Anna")."""

import re

_LINK = re.compile(r'\s*=\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)"\s*)?\)\s*', re.IGNORECASE)


def read_link(text: str, *, is_address: bool) -> str:
    """What a formula of a link stands for: where it leads (`is_address`), or what is seen of it.

    Any other text is given back as it is.
    """
    found = _LINK.fullmatch(text)
    if found is None:
        return text
    target, label = found[1], found[2] or ""
    return target if is_address else label or target
