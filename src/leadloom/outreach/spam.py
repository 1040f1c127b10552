"""Phrases that spam filters and readers take for advertising, in English and German.

A short table of our own, to be added to. Only phrases that an honest letter does without: "free"
alone is not one of them, because people feel free and are free on Tuesday.
"""

import re
from typing import Final

_ENGLISH: Final = """
100% free|100% guaranteed|act now|act immediately|additional income|amazing offer|apply now
as seen on|be your own boss|best price|big bucks|buy now|cash bonus|click below|click here
dear friend|double your|earn extra|earn money|exclusive deal|expires today
extra income|fast cash|for free|free gift|free money|free trial|get it now|get paid|get started now
guaranteed|hurry|incredible deal|increase your sales|instant access|limited time|lowest price
make money|million dollars|miracle|money back|no catch|no cost|no obligation|no strings attached
not spam|once in a lifetime|one time offer|only today|order now|passive income|risk free|risk-free
satisfaction guaranteed|save big|special promotion|this is not spam|while supplies last
winner|you have been selected|you won
"""
_GERMAN: Final = """
100% gratis|bargeld|billig|einmalige chance|einmaliges angebot|exklusives angebot|garantiert
geld verdienen|geld zurück|gewinnspiel|gratis|herzlichen glückwunsch|hier klicken|jetzt bestellen
jetzt kaufen|jetzt zuschlagen|klicken sie hier|kein risiko|kostenlos testen|letzte chance
millionär|nur heute|nur noch heute|ohne risiko|passives einkommen|risikofrei|schnell reich
sie haben gewonnen|sofort handeln|sonderangebot|super angebot|unverbindlich testen|zum bestpreis
"""

_PHRASES: Final = sorted(
    phrase for lines in (_ENGLISH, _GERMAN) for phrase in re.split(r"[|\n]", lines) if phrase
)
_PATTERN: Final = re.compile(
    r"(?<!\w)(?:"
    + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in reversed(_PHRASES))
    + r")(?!\w)",
    re.IGNORECASE,
)


def spam_phrases(text: str) -> list[str]:
    """The phrases found, in lower case and alphabetical order, each once."""
    return sorted({" ".join(found.lower().split()) for found in _PATTERN.findall(text)})
