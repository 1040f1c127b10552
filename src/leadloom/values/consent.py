"""Whether somebody agreed to be written to, as mailing tools and people note it."""

import re

from leadloom.values import Cleaned, date, flag
from leadloom.values.text import fold

_AGAINST = frozenset(
    (
        *("unsubscribed", "unsubscribe", "optout", "optedout", "cleaned", "complained", "spam"),
        *("abgemeldet", "widerspruch", "widersprochen", "desabonne", "desinscrit", "dadodebaja"),
        *("disiscritto", "descadastrado", "donotcontact", "donotcall", "donotemail", "dnc"),
        *("unsubscribedbyuser", "hasunsubscribed", "globalunsubscribe", "optedoutofemail"),
        *("emailoptout", "donotmail", "donotdisturb", "nocontact", "blacklisted", "blocklisted"),
        *(
            "suppressed",
            "revoked",
            "withdrawn",
            "nichtkontaktieren",
            "kontaktsperre",
            "werbesperre",
        ),
        *("keinewerbung", "nepascontacter", "nocontactar", "noncontattare", "naocontatar"),
        *("nietcontacteren", "uitgeschreven", "avregistrerad", "wypisany", "отписан", "отписался"),
    )
)
_FOR = frozenset(
    (
        *("subscribed", "optin", "optedin", "confirmed", "angemeldet", "abonne", "inscrit"),
        *("suscrito", "iscritto", "inscrito"),
    )
)


_AFTER = re.compile(r"\s*[:;,(]|\s[-–—]\s")
_LONGEST_ANSWER = 60
_NOTHING_ELSE = _AGAINST - {"cleaned", "spam", "withdrawn", "revoked", "complained"}


def refuses(text: str) -> bool:
    """Whether a text says by itself, whatever it stands under, that somebody is to be left alone.

    "Unsubscribed", "Do Not Contact", "opted out", also with what follows ("unsubscribed: moved").
    """
    if len(text) > 200:
        return False
    word = _word(text)
    return word in _NOTHING_ELSE or _word(_AFTER.split(text, maxsplit=1)[0]) in _NOTHING_ELSE


def clean(text: str, asked: bool) -> Cleaned:
    """True when they agreed, False when they refused.

    `asked` is what a plain "yes" says: True in a column for consent, False in one for opting out.
    A date is a yes: the day on which it happened.
    """
    if refuses(text):
        return Cleaned(False)
    word = _word(text[:100])
    if word in _AGAINST or word in _FOR:
        return Cleaned(word in _FOR)
    answer = flag.clean(text)
    if answer.problem is not None and len(text) <= _LONGEST_ANSWER:
        answer = flag.clean(_AFTER.split(text, maxsplit=1)[0])  # "Yes, please", "No (for now)"
    if answer.problem is not None and date.clean(text).problem is None:
        return Cleaned(asked)
    if answer.problem is not None or answer.value is None:
        return answer
    return Cleaned(answer.value == asked)


def _word(text: str) -> str:
    return "".join(filter(str.isalpha, fold(text)))
