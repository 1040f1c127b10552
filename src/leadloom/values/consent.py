"""Whether somebody agreed to be written to, as mailing tools and people note it."""

from leadloom.values import Cleaned, date, flag
from leadloom.values.text import fold

_AGAINST = frozenset(
    (
        *("unsubscribed", "unsubscribe", "optout", "optedout", "cleaned", "complained", "spam"),
        *("abgemeldet", "widerspruch", "widersprochen", "desabonne", "desinscrit", "dadodebaja"),
        *("disiscritto", "descadastrado", "donotcontact", "donotcall", "donotemail", "dnc"),
    )
)
_FOR = frozenset(
    (
        *("subscribed", "optin", "optedin", "confirmed", "angemeldet", "abonne", "inscrit"),
        *("suscrito", "iscritto", "inscrito"),
    )
)


def clean(text: str, asked: bool) -> Cleaned:
    """True when they agreed, False when they refused.

    `asked` is what a plain "yes" says: True in a column for consent, False in one for opting out.
    A date is a yes: the day on which it happened.
    """
    word = "".join(filter(str.isalpha, fold(text[:100])))
    if word in _AGAINST or word in _FOR:
        return Cleaned(word in _FOR)
    answer = flag.clean(text)
    if answer.problem is not None and date.clean(text).problem is None:
        return Cleaned(asked)
    if answer.problem is not None or answer.value is None:
        return answer
    return Cleaned(answer.value == asked)
