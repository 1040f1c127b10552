"""What a language model makes of a company's website: services, tone, focus, insights; and for a
person traits and first sentences. Each claim quotes the text that was read; one whose quote is not
in it is dropped and counted.

Settings `llm_provider` and `llm_model` say which model; `leadloom[llm]` brings what speaks to it.
"""

import dataclasses
import importlib.util
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Final

from leadloom.connect.failure import SkipError
from leadloom.enrich.provider import Found, Line, OutsideProvider, Question, Settings
from leadloom.enrich.providers.llm.choice import Choice, chosen
from leadloom.enrich.providers.website import read_site

if TYPE_CHECKING:
    from leadloom.enrich.providers.llm.reading import Reading

COMPANY: Final = "llm company"
PERSON: Final = "llm person"

# So much is read of a website, and so much of what is said of it is paid for at most.
_LONGEST_TEXT: Final = 12_000
_SHORTEST_TEXT: Final = 80
_KNOWN: Final = ("full_name", "title", "seniority", "department", "company", "domain")


async def _ask(question: Question, line: Line, *, choice: Choice, kind: str) -> Found:
    from leadloom.enrich.providers.llm.asking import ask_model  # it takes time to load
    from leadloom.enrich.providers.llm.reading import CompanyReading, PersonReading, supported

    sheets = await read_site(line.web, str(question.values["domain"]))
    pages = "\n\n".join(f"{sheet.url}\n{sheet.main_text}" for sheet in sheets)[:_LONGEST_TEXT]
    if len(pages) < _SHORTEST_TEXT:
        raise SkipError("the website says too little to be read")
    text = f"{_known(question)}\n\n{pages}"
    wanted: type[Reading] = CompanyReading if kind == COMPANY else PersonReading
    answer = await ask_model(choice, line, wanted, text)
    answers, dropped = supported(answer.reading, text, sheets[0].url)
    return Found(
        answers,
        answer.cost_usd,
        tokens_in=answer.tokens_in,
        tokens_out=answer.tokens_out,
        dropped=dropped,
    )


def _known(question: Question) -> str:
    known = [f"{name}: {value}" for name in _KNOWN if (value := question.values.get(name))]
    return "What is known:\n" + "\n".join(known)


def _fit(provider: OutsideProvider, settings: Settings) -> OutsideProvider:
    """Return the provider with the model that is chosen, what it costs, and why it is off if so."""
    choice = chosen(str(settings.get("llm_provider")), str(settings.get("llm_model")))
    ready = dataclasses.replace(
        provider,
        ask=partial(_ask, choice=choice, kind=provider.name),
        secret=choice.secret,
        version=f"1/{choice.vendor}/{choice.model}",
        about=f"{provider.about}; asks {choice.model} of {choice.vendor}",
    )
    if importlib.util.find_spec("pydantic_ai") is None:
        return dataclasses.replace(ready, off="run `pip install 'leadloom[llm]'`")
    if choice.is_free or choice.secret not in settings.get("secrets", ()):
        return ready
    from leadloom.enrich.providers.llm.price import most_usd

    price = most_usd(choice, _LONGEST_TEXT)
    if price is not None:
        return dataclasses.replace(ready, price_usd=price)
    if f"{provider.name}:" in str(settings.get("provider_prices")):
        return ready
    reason = (
        f"nobody knows what {choice.model} costs: say so with `leadloom config set "
        f"provider_prices '{provider.name}: 0.01'`"
    )
    return dataclasses.replace(ready, off=reason)


def _provider(
    name: str, fields: tuple[str, ...], needs: tuple[str, ...], about: str
) -> OutsideProvider:
    return OutsideProvider(
        name,
        fields,
        needs,
        partial(_ask, choice=chosen("openai", "gpt-4o-mini"), kind=name),
        uses=("company",) if name == COMPANY else ("title", "company"),
        about=about,
        price_usd=Decimal(0),
        per_minute=60,
        burst=5,
        timeout_s=90.0,
        attempts=2,
        is_web=True,
        is_reader=True,
        fit=_fit,
        example={"domain": "example.com", "full_name": "Jane Doe", "title": "Head of Sales"},
    )


COMPANY_PROVIDER = _provider(
    COMPANY,
    ("custom.services", "custom.tone", "custom.business_focus", "custom.insights"),
    ("domain",),
    "what a website says, in a model's words",
)
PERSON_PROVIDER = _provider(
    PERSON,
    ("custom.traits", "custom.icebreaker"),
    ("domain", "full_name"),
    "traits and first sentences, in a model's words",
)
