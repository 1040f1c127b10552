"""The templates that come with Leadloom: TOML files in `builtin/`, one a template."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from leadloom.outreach.parts import Part

DEFAULT: Final = "intro"


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A template as it ships; `language` is an ISO 639-1 code."""

    name: str
    language: str
    description: str
    parts: tuple[Part, ...]


@cache
def built_in_templates() -> Mapping[str, BuiltIn]:
    """Every built-in template by name, in alphabetical order."""
    folder = files("leadloom.outreach").joinpath("builtin")
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    templates = sorted((_read(text) for text in texts), key=lambda template: template.name)
    return {template.name: template for template in templates}


def _read(text: str) -> BuiltIn:
    document = tomllib.loads(text)
    name, version = document["name"], document["version"]
    parts = tuple(
        Part(name, part["type"], part.get("message_type"), part["text"].strip(), version)
        for part in document["part"]
    )
    return BuiltIn(name, document["language"], document["description"], parts)
