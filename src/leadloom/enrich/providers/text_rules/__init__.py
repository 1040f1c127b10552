"""Industry and traits, by rules that anybody can read: words that stand in what is known.

A rule names its words; the answer names those it met. Who reads texts better is asked besides.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers.text_rules.rules import INDUSTRIES, TRAITS
from leadloom.values.text import fold

TRAITS_FIELD = "custom.traits"


def _find(question: Question) -> list[Answer]:
    firm, values = question.company, question.values
    about = _joined(values.get("company"), firm.get("name"), firm.get("description"))
    person = _joined(values.get("title"), *(values.get("notes") or ()))
    found = []
    if answer := industry_of(about):
        found.append(answer)
    if answer := traits_of(person):
        found.append(answer)
    return found


def _joined(*texts: object) -> str:
    return " ".join(str(one) for one in texts if one)


def industry_of(text: str) -> Answer | None:
    """Return the industry that most words of a text speak of; none where two are as likely."""
    met = _met(text, INDUSTRIES)
    ranked = sorted(met.items(), key=lambda pair: -len(pair[1]))
    if not ranked or (len(ranked) > 1 and len(ranked[0][1]) == len(ranked[1][1])):
        return None
    name, words = ranked[0]
    return Answer("industry", name, _sure(words), f"words {', '.join(words)}")


def traits_of(text: str) -> Answer | None:
    """Return the traits that a text speaks of, each with how sure that is."""
    met = _met(text, TRAITS)
    if not met:
        return None
    told = [f"{name} {_sure(words):.1f}" for name, words in met.items()]
    words = sorted({word for some in met.values() for word in some})
    sure = max(map(_sure, met.values()))
    return Answer(TRAITS_FIELD, "; ".join(told), sure, f"words {', '.join(words)}")


def _sure(words: list[str]) -> float:
    """One word may stand there by chance; three hardly do."""
    return round(min(0.3 + 0.1 * len(words), 0.6), 1)


def _met(text: str, rules: Mapping[str, str]) -> dict[str, list[str]]:
    folded = fold(text)
    found = {name: sorted(set(pattern.findall(folded))) for name, pattern in _patterns(rules)}
    return {name: words for name, words in found.items() if words}


def _patterns(rules: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return _compiled(tuple(rules.items()))


@lru_cache(maxsize=4)
def _compiled(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A word with `-` at its end stands for all that begin with it, one with `-` before it for all
    that end so.
    """
    patterns = ((name, "|".join(map(_pattern, words.split()))) for name, words in rules)
    return tuple((name, re.compile(pattern)) for name, pattern in patterns)


def _pattern(word: str) -> str:
    plain = re.escape(word.strip("-").replace("_", " "))
    before = r"\b\w*" if word.startswith("-") else r"\b"
    return before + plain + (r"\w*" if word.endswith("-") else r"\b")


PROVIDER = Provider(
    "words",
    ("industry", TRAITS_FIELD),
    (),
    _find,
    about="industry and traits by the words of name, description, title and notes",
    example={"company": "Acme Maschinenbau GmbH", "title": "Founder and analyst"},
)
