"""What a language model says of a website, from a server of the usual kind on this machine."""

import asyncio
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from asking import LOCAL, Site, answer, ask, standing
from test_website import PAGES
from vendors import Reply, serving

from leadloom.connect import web
from leadloom.connect.failure import OutsideError, RetryError, SkipError, StopError
from leadloom.enrich.provider import Found, OutsideProvider
from leadloom.enrich.providers import llm
from leadloom.enrich.providers.llm.choice import chosen
from leadloom.enrich.providers.llm.price import cost_usd, most_usd
from leadloom.enrich.providers.llm.reading import Claim, CompanyReading, supported

KEY = "sk-test-0123456789abcdefghij"
COMPANY: dict[str, Any] = {
    "services": [
        {
            "value": "Pumps for the chemical industry",
            "quote": "Pumpen und Anlagen für die chemische",
        },
        {"value": "Yachts for everybody", "quote": "Wir bauen die schönsten Yachten"},
        {"value": "Too short to prove anything", "quote": "und"},
    ],
    "tone": {"value": "plain", "quote": "Wir bauen   PUMPEN"},
    "business_focus": {"value": "customers abroad", "quote": "„Kunden sitzen in dreißig Ländern“"},
    "insights": [],
}
PERSON: dict[str, Any] = {
    "traits": [{"value": "commercial", "quote": "title: Head of Sales", "score": 0.8}],
    "icebreakers": [
        {"value": "240 people and pumps since 1952!", "quote": "beschäftigt 240 Menschen"}
    ],
}


class Model:
    """A server that speaks as OpenAI does, and says what a test wants."""

    def __init__(self) -> None:
        self.says: Any = COMPANY
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []
        self.heads: list[dict[str, str]] = []
        self.url = ""

    def reply(self, path: str, told: dict[str, Any], key: str | None) -> Reply:
        assert path.startswith("/v1/")
        return self.status, self.headers, self._said(told)

    def _said(self, told: dict[str, Any]) -> Any:
        self.asked.append(told)
        if self.status != 200:
            text = f"Incorrect API key provided: {KEY}. You can find it at the usual place."
            return {"error": {"message": text, "type": "wrong", "code": None, "param": None}}
        name = told["tools"][0]["function"]["name"] if told.get("tools") else "none"
        said = self.says if isinstance(self.says, str) else json.dumps(self.says)
        call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": said}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": told["model"],
            "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
        }


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    pytest.importorskip("pydantic_ai")
    monkeypatch.setattr(web, "_scheme_of", lambda target: "http")
    with serving(Model()) as model:
        yield model


def fitted(model: Model, provider: OutsideProvider) -> OutsideProvider:
    return provider.fitted({"llm_provider": f"{model.url}/v1", "llm_model": "some-model"})


def read(provider: OutsideProvider, pages: Any = None, **known: Any) -> Found:
    site = Site(dict(PAGES if pages is None else pages))

    async def run() -> Found:
        async with standing(site):
            here = web.Web(resolver=site.resolve, allowed=LOCAL, pause_s=0.0)
            told = {"domain": "nordwerk.de", **known}
            return await asyncio.to_thread(ask, provider, web=here, secret=KEY, **told)

    return asyncio.run(run())


def test_what_the_text_shows_is_kept_and_the_rest_dropped_and_counted(model: Model) -> None:
    found = read(fitted(model, llm.COMPANY_PROVIDER))
    facts = {one.field: one for one in found.answers}
    assert facts["custom.services"].value == "Pumps for the chemical industry"
    assert facts["custom.tone"].value == "plain"
    assert facts["custom.business_focus"].value == "customers abroad"
    assert "custom.insights" not in facts
    assert found.dropped == 2
    assert (found.tokens_in, found.tokens_out, found.cost_usd) == (1000, 200, 0)
    assert "und Anlagen für" in facts["custom.services"].evidence
    assert facts["custom.services"].evidence.startswith("https://nordwerk.de/")
    [told] = model.asked
    assert (told["model"], told["temperature"]) == ("some-model", 0.0)
    assert "seit 1952" in json.dumps(told["messages"], ensure_ascii=False)
    assert model.heads[0]["authorization"] == f"Bearer {KEY}"
    assert model.heads[0]["idempotency-key"] == "the-same-key"


def test_a_person_gets_traits_with_scores_and_first_sentences(model: Model) -> None:
    model.says = PERSON
    provider = fitted(model, llm.PERSON_PROVIDER)
    found = read(provider, full_name="Ada Lind", title="Head of Sales")
    facts = {one.field: one.value for one in found.answers}
    assert facts["custom.traits"] == "commercial 0.8"
    assert facts["custom.icebreaker"] == "240 people and pumps since 1952!"
    assert found.dropped == 0


def test_a_model_that_answers_otherwise_is_asked_once_more_and_then_left(model: Model) -> None:
    model.says = '{"services": "pumps"}'
    with pytest.raises(SkipError, match="could not be read") as failed:
        read(fitted(model, llm.COMPANY_PROVIDER))
    assert failed.value.is_billed  # it answered, and that is paid for
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, StopError), (403, StopError), (429, RetryError), (500, RetryError), (503, RetryError),
     (400, SkipError)],
)  # fmt: skip
def test_how_a_model_fails_is_told_apart_without_the_key(
    model: Model, status: int, kind: type[OutsideError]
) -> None:
    model.status, model.headers = status, {"Retry-After": "7"}
    with pytest.raises(kind, match=str(status)) as failed:
        read(fitted(model, llm.COMPANY_PROVIDER))
    assert KEY not in str(failed.value)
    assert len(model.asked) == 1  # nobody tries again behind our back
    if status == 429:
        assert isinstance(failed.value, RetryError)
        assert failed.value.after_s == 7


def test_where_nobody_listens_it_is_tried_later(model: Model) -> None:
    gone = {"llm_provider": "http://127.0.0.1:9/v1", "llm_model": "x"}
    with pytest.raises(RetryError, match="cannot be reached"):
        read(llm.COMPANY_PROVIDER.fitted(gone))


def test_an_empty_site_costs_nothing(model: Model) -> None:
    with pytest.raises(SkipError, match="too little"):
        read(fitted(model, llm.COMPANY_PROVIDER), {"/": answer("<html><body>Hi")})
    assert model.asked == []


def test_which_model_is_asked_and_with_which_key() -> None:
    assert chosen("openai", "gpt-4o-mini").secret == "openai_api_key"
    assert chosen("Anthropic", "claude-haiku-4-5").secret == "anthropic_api_key"
    assert chosen("google", "gemini-2.5-flash").secret == "google_api_key"
    assert (chosen("ollama", "llama3").is_free, chosen("ollama", "llama3").secret) == (True, None)
    far = chosen("https://models.example.com/v1", "m")
    assert (far.secret, far.is_free, far.base_url) == (
        "llm_api_key",
        False,
        "https://models.example.com/v1",
    )
    assert chosen("http://localhost:8000/v1", "m").is_free


def test_what_a_model_costs() -> None:
    pytest.importorskip("genai_prices")
    mini = chosen("openai", "gpt-4o-mini")
    assert cost_usd(mini, 1_000_000, 0) == Decimal("0.15")
    most = most_usd(mini, 12_000)
    assert most is not None
    assert cost_usd(mini, 8_000, 1_500) < most < Decimal("0.02")  # type: ignore[operator]
    assert cost_usd(chosen("ollama", "llama3"), 10_000, 10_000) == 0
    assert cost_usd(chosen("openai", "nobody-knows-this-one"), 1, 1) is None


def test_a_model_of_unknown_price_is_off_until_its_price_is_told() -> None:
    pytest.importorskip("pydantic_ai")
    settings = {
        "llm_provider": "openai",
        "llm_model": "nobody-knows-this-one",
        "secrets": {"openai_api_key"},
    }
    assert "provider_prices" in llm.COMPANY_PROVIDER.fitted(settings).off
    told = {**settings, "provider_prices": "llm company: 0.02"}
    assert llm.COMPANY_PROVIDER.fitted(told).off == ""
    known = llm.COMPANY_PROVIDER.fitted({**settings, "llm_model": "gpt-4o-mini"})
    assert (known.off, known.secret, known.price_usd > 0) == ("", "openai_api_key", True)
    # Another model's answers are no answers of this one.
    assert known.version != llm.COMPANY_PROVIDER.fitted(settings).version


def test_a_quote_counts_however_it_is_set_in_type() -> None:
    reading = CompanyReading(
        services=[
            Claim(value="a", quote="The “quick-brown” fox"),
            Claim(value="b", quote="no fox here"),
        ]
    )
    answers, dropped = supported(reading, 'the "quick brown"\nFOX jumps', "https://x.test/")
    assert ([one.value for one in answers], dropped) == (["a"], 1)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    settings = {"llm_provider": "openai", "llm_model": "gpt-4o-mini"}
    assert "leadloom[llm]" in llm.COMPANY_PROVIDER.fitted(settings).off
