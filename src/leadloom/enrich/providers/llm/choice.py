"""Which language model is asked, where it is, and which key it wants."""

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

# The secrets that hold the keys.
_SECRETS: Final = {
    "openai": "openai_api_key",
    "anthropic": "anthropic_api_key",
    "google": "google_api_key",
}
_OLLAMA: Final = "http://localhost:11434/v1"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A model; `base_url` where it is no vendor's own server. On one's own machine it is free."""

    vendor: str
    model: str
    base_url: str | None
    secret: str | None
    is_free: bool


def chosen(vendor: str, model: str) -> Choice:
    """Read the settings `llm_provider` (a vendor, or the address of a server) and `llm_model`."""
    vendor = vendor.strip()
    if "://" in vendor:
        host = urlsplit(vendor).hostname or ""
        is_here = host in _HERE
        return Choice(host, model, vendor, None if is_here else "llm_api_key", is_here)
    if vendor.lower() == "ollama":
        return Choice("ollama", model, os.environ.get("OLLAMA_BASE_URL", _OLLAMA), None, True)
    name = vendor.lower() if vendor.lower() in _SECRETS else "openai"
    return Choice(name, model, None, _SECRETS[name], False)
