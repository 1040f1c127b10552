"""Yes and no, in the languages leads arrive in."""

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import fold, is_blank, tidy

_YES = frozenset(
    """
    yes y true t 1 1.0 x xx ✓ ✔ ✅ ☑ on ok ja j wahr oui o vrai si s verdadero verdadeiro sim vero
    da tak ano kylla да enabled active checked
    """.split()  # noqa: SIM905
)
_NO = frozenset(
    """
    no n false f 0 0.0 ✗ ✘ ❌ ☐ off nein falsch non faux falso nao nie ne ei nej нет disabled
    inactive unchecked
    """.split()  # noqa: SIM905
)


def clean(text: str) -> Cleaned:
    """True or False; anything else is a problem, never a guess."""
    folded = fold(tidy(text)).rstrip(".!\ufe0f")
    if folded in _YES:
        return Cleaned(True)
    if folded in _NO:
        return Cleaned(False)
    return NOTHING if is_blank(tidy(text)) else Cleaned(text, "neither yes nor no")
