"""What a model is to say, and whether the text it read bears it out."""

import re
from typing import Final

from pydantic import BaseModel, Field

from leadloom.enrich.provider import Answer
from leadloom.values.text import fold, tidy

# A shorter quote may stand in any text.
_SHORTEST_QUOTE: Final = 12
_LONGEST_CLAIM: Final = 300
_MOST_CLAIMS: Final = 5
# A model's word is taken for less than what a page says of itself.
_SURE: Final = 0.6


class Claim(BaseModel):
    """Something said of the company or the person, and the words of the text that show it."""

    value: str = Field(description="one short sentence or phrase")
    quote: str = Field(description="the exact words of the text that show it, copied literally")


class Trait(Claim):
    """A trait of the person."""

    score: float = Field(ge=0, le=1, description="how clearly the text shows it, 0 to 1")


class CompanyReading(BaseModel):
    """What the text says of the company. Leave out what it does not say."""

    services: list[Claim] = Field(default=[], description="what it sells or does, one each")
    tone: Claim | None = Field(default=None, description="how it speaks: formal, warm, technical …")
    business_focus: Claim | None = Field(default=None, description="whom it serves with what")
    insights: list[Claim] = Field(default=[], description="news, growth, plans, troubles")


class PersonReading(BaseModel):
    """What the text lets one say to and of the person. Leave out what it does not bear out."""

    traits: list[Trait] = Field(default=[], description="traits that fit role and company")
    icebreakers: list[Claim] = Field(
        default=[], description="first sentences of a letter to the person, about the company"
    )


Reading = CompanyReading | PersonReading


def supported(reading: Reading, text: str, url: str) -> tuple[list[Answer], int]:
    """Return what the text bears out, as answers, and how many claims it does not."""
    plain = _plain(text)
    dropped = 0

    def borne_out(claims: list[Claim]) -> list[Claim]:
        nonlocal dropped
        good = [one for one in claims[:_MOST_CLAIMS] if _is_in(one, plain)]
        dropped += len(claims) - len(good)
        return good

    answers = []
    for field, claims in _claims(reading):
        if kept := borne_out(claims):
            told = "; ".join(map(_told, kept))
            quotes = " … ".join(f"“{tidy(one.quote)[:120]}”" for one in kept)
            answers.append(Answer(f"custom.{field}", told, _SURE, f"{url}: {quotes}"))
    return answers, dropped


def _claims(reading: Reading) -> list[tuple[str, list[Claim]]]:
    if isinstance(reading, CompanyReading):
        return [
            ("services", reading.services),
            ("tone", [reading.tone] if reading.tone else []),
            ("business_focus", [reading.business_focus] if reading.business_focus else []),
            ("insights", reading.insights),
        ]
    traits: list[Claim] = [*reading.traits]
    return [("traits", traits), ("icebreaker", reading.icebreakers)]


def _told(claim: Claim) -> str:
    value = tidy(claim.value)[:_LONGEST_CLAIM].rstrip(";")
    return f"{value} {claim.score:.1f}" if isinstance(claim, Trait) else value


def _is_in(claim: Claim, plain: str) -> bool:
    quote = _plain(claim.quote)
    return bool(claim.value.strip()) and len(quote) >= _SHORTEST_QUOTE and quote in plain


def _plain(text: str) -> str:
    """Letters and digits only: models change quotation marks, dashes and line breaks."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()
