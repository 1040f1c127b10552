"""How good a draft is, from 0 to 100, and every point it lost."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from leadloom.outreach.known import printed
from leadloom.outreach.personal import NAMES, has_odd_name
from leadloom.outreach.spam import spam_phrases

SUBJECT_CHARACTERS: Final = 60
"""What mail programs show of a subject on a desktop; telephones show about 40."""

BODY_WORDS: Final = (20, 180)
"""Fewest and most words of a first letter to a stranger: one that fits on a screen."""

MOST_LINKS: Final = 2
MOST_EXCLAMATION_MARKS: Final = 1


@dataclass(frozen=True, slots=True)
class Reason:
    """Points a draft lost and why; `str(reason)` reads "first_name is missing (-20)"."""

    code: str
    points: int
    text: str

    def __str__(self) -> str:
        return f"{self.text} (-{self.points})"


@dataclass(frozen=True, slots=True)
class Quality:
    """`score` is 100 less the points of all reasons, never below 0."""

    score: int
    reasons: tuple[Reason, ...]


def assess(
    subject: str,
    body: str,
    *,
    facts: Mapping[str, Any],
    filled: Collection[str] = (),
    missing: Collection[str] = (),
) -> Quality:
    """Judge a draft by its text and by what it used.

    `facts` are the lead's printed fields and their values, `filled` the words of the text that came
    from values, which no template can help, and `missing` the variables that left a hole.
    """
    own = _own_words(f"{subject}\n{body}", filled)
    reasons = (
        *(Reason("missing", 20, f"{name} is missing") for name in missing),
        *_of_subject(subject),
        *_of_length(body),
        *_of_wording(own, body),
        *_of_leftovers(f"{subject}\n{body}"),
        *_of_facts(facts),
    )
    return Quality(max(0, 100 - sum(reason.points for reason in reasons)), reasons)


def _of_subject(subject: str) -> list[Reason]:
    if not subject.strip():
        return [Reason("no_subject", 30, "the subject is empty")]
    if len(subject) > SUBJECT_CHARACTERS:
        text = f"the subject has {len(subject)} characters, {SUBJECT_CHARACTERS} are shown"
        return [Reason("long_subject", 10, text)]
    return []


def _of_length(body: str) -> list[Reason]:
    words = len(body.split())
    fewest, most = BODY_WORDS
    if words > most:
        points = 10 if words <= 2 * most else 25
        return [Reason("long_body", points, f"the body has {words} words, {most} are enough")]
    if words < fewest:
        return [Reason("short_body", 15, f"the body is only {words} words long")]
    return []


def _of_wording(own: str, body: str) -> list[Reason]:
    reasons: list[Reason] = []
    if spam := spam_phrases(own):
        text = f"sounds like advertising: {', '.join(spam[:5])}"
        reasons.append(Reason("spam", min(30, 10 * len(spam)), text))
    if shouted := sorted(set(_SHOUTED.findall(own))):
        text = f"is in capitals: {', '.join(shouted[:3])}"
        reasons.append(Reason("capitals", min(15, 5 * len(shouted)), text))
    if (marks := own.count("!")) > MOST_EXCLAMATION_MARKS:
        reasons.append(
            Reason("exclamation", min(15, 5 * (marks - 1)), f"{marks} exclamation marks")
        )
    if (links := len(_LINK.findall(body))) > MOST_LINKS:
        reasons.append(Reason("links", 10, f"{links} links, {MOST_LINKS} at most pass as a letter"))
    return reasons


def _of_leftovers(text: str) -> list[Reason]:
    if leftover := _LEFTOVER.search(text):
        return [Reason("leftover", 40, f"an unfilled placeholder is left: {leftover[0][:30]}")]
    return []


def _of_facts(facts: Mapping[str, Any]) -> list[Reason]:
    reasons: list[Reason] = []
    if not facts:
        reasons.append(Reason("impersonal", 25, "uses no fact about the person"))
    elif facts.keys() <= NAMES:
        reasons.append(Reason("only_name", 10, "uses nothing but the name"))
    for field in ("first_name", "full_name"):
        name = printed(facts.get(field))
        if name and has_odd_name(name):
            reasons.append(
                Reason("odd_name", 20, f"{field} does not look like a name: {name[:30]}")
            )
    return reasons


def _own_words(text: str, filled: Collection[str]) -> str:
    """The letter without what was filled in: a company may be called CASH or Winner!."""
    for words in sorted(filled, key=len, reverse=True):
        if len(words) > 1:
            text = text.replace(words, " ")
    return text


_SHOUTED: Final = re.compile(r"\b[^\W\d_a-zß-öø-ÿ]{5,}\b")
_LINK: Final = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_LEFTOVER: Final = re.compile(
    r"\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)|<<[^<>\n]{1,40}>>"
    r"|\[[A-Z][A-Za-z _-]{1,30}\]|%[A-Z_]{3,30}%",
    re.MULTILINE,
)
