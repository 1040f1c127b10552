"""Claude and Gemini, as servers here that speak as theirs do; and what OpenAI describes."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_llm import KEY, Model, fitted, read
from vendors import Reply, serving

from leadloom.connect import web
from leadloom.connect.failure import OutsideError, RetryError, SkipError, StopError
from leadloom.enrich.provider import OutsideProvider
from leadloom.enrich.providers import llm

SPEC = Path(__file__).parents[3] / "shared" / "specs" / "openai" / "openapi.yaml"


class Claude(Model):
    """Speaks as Anthropic's messages do."""

    vendor, model = "anthropic", "claude-haiku-4-5"

    def reply(self, path: str, told: dict[str, Any], key: str | None) -> Reply:
        assert path.split("?")[0] == "/v1/messages"
        self.asked.append(told)
        if self.status != 200:
            text = f"invalid x-api-key {KEY}"
            error = {"type": "authentication_error", "message": text}
            return self.status, self.headers, {"type": "error", "error": error}
        tool = {"type": "tool_use", "id": "t1", "name": told["tools"][0]["name"]}
        return 200, {}, {
            "id": "m1",
            "type": "message",
            "role": "assistant",
            "model": told["model"],
            "content": [{**tool, "input": self.says}],
            "stop_reason": "tool_use",
            "stop_sequence": None,
            "usage": {"input_tokens": 1000, "output_tokens": 200},
        }  # fmt: skip


class Gemini(Model):
    """Speaks as Google's generateContent does."""

    vendor, model = "google", "gemini-2.5-flash"

    def reply(self, path: str, told: dict[str, Any], key: str | None) -> Reply:
        assert path.split("?")[0] == f"/v1beta/models/{self.model}:generateContent"
        assert KEY not in path
        self.asked.append(told)
        if self.status != 200:
            text = f"API key not valid: {KEY}. Please pass a valid API key."
            wrong = {"code": self.status, "message": text, "status": "WRONG"}
            return self.status, self.headers, {"error": wrong}
        tool = told["tools"][0]["functionDeclarations"][0]["name"]
        part = {"functionCall": {"name": tool, "args": self.says}}
        used = {"promptTokenCount": 1000, "candidatesTokenCount": 200, "totalTokenCount": 1200}
        content = {"role": "model", "parts": [part]}
        return 200, {}, {
            "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
            "usageMetadata": used,
            "modelVersion": self.model,
        }  # fmt: skip


@pytest.fixture(params=[Claude, Gemini])
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    pytest.importorskip("pydantic_ai")
    monkeypatch.setattr(web, "_scheme_of", lambda target: "http")
    with serving(request.param()) as model:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", model.url)
        yield model


def provider(model: Any) -> OutsideProvider:
    settings = {"llm_provider": model.vendor, "llm_model": model.model}
    return llm.COMPANY_PROVIDER.fitted({**settings, "secrets": {f"{model.vendor}_api_key"}})


def test_what_a_model_says_is_kept_as_far_as_the_text_shows_it_and_is_priced(model: Any) -> None:
    found = read(provider(model))
    facts = {one.field: one.value for one in found.answers}
    assert facts["custom.services"] == "Pumps for the chemical industry"
    assert facts["custom.tone"] == "plain"
    assert (found.dropped, found.tokens_in, found.tokens_out) == (2, 1000, 200)
    assert found.cost_usd
    assert Decimal(0) < found.cost_usd <= provider(model).price_usd
    assert len(model.asked) == 1
    assert "seit 1952" in json.dumps(model.asked[0], ensure_ascii=False)
    assert {f"Bearer {KEY}", KEY} & set(model.heads[0].values())


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, StopError), (403, StopError), (429, RetryError), (500, RetryError), (503, RetryError),
     (529, RetryError), (400, SkipError)],
)  # fmt: skip
def test_how_a_model_fails_is_told_apart_without_the_key(
    model: Any, status: int, kind: type[OutsideError]
) -> None:
    model.status, model.headers = status, {"Retry-After": "7"}
    with pytest.raises(kind, match=str(status)) as failed:
        read(provider(model))
    assert KEY not in str(failed.value)
    assert len(model.asked) == 1  # nobody tries again behind our back


def test_a_model_that_answers_otherwise_is_asked_once_more_and_then_left(model: Any) -> None:
    model.says = {"services": "pumps"}
    with pytest.raises(SkipError, match="could not be read") as failed:
        read(provider(model))
    assert failed.value.is_billed
    assert len(model.asked) == 2


@pytest.mark.skipif(not SPEC.exists(), reason="OpenAI's description of its API is not here")
def test_what_is_asked_and_faked_is_what_openai_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pydantic_ai")
    monkeypatch.setattr(web, "_scheme_of", lambda target: "http")
    with serving(Model()) as model:
        read(fitted(model, llm.COMPANY_PROVIDER))
        [told] = model.asked
        reply = model._said(told)
    text = SPEC.read_text("utf-8")
    assert told.keys() <= _described(text, "CreateChatCompletionRequest")
    assert reply.keys() <= _described(text, "CreateChatCompletionResponse")


def _described(text: str, name: str) -> set[str]:
    """Return the names that a schema of the description has; all of it takes seconds to read."""
    found = re.search(rf"\n    {name}:\n(.*?)(?=\n    \w+:\n)", text, re.DOTALL)
    assert found, name
    return set(_properties(text, yaml.safe_load(found[1])))


def _properties(text: str, schema: dict[str, Any]) -> Iterator[str]:
    yield from schema.get("properties", ())
    for part in schema.get("allOf", ()):
        if "$ref" in part:
            yield from _described(text, part["$ref"].rpartition("/")[2])
        else:
            yield from _properties(text, part)
