"""A page of a website, taken apart: what it says of itself, its links, its main text."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.lang import detect_fast
from selectolax.lexbor import LexborHTMLParser

from leadloom.connect.page import Page
from leadloom.values.text import fold, tidy

# How pages that say who a site is of are called, best first.
_TELLING: Final = (
    ("imprint", "impressum imprint legal-notice mentions-legales aviso-legal note-legali colofon"),
    ("contact", "kontakt contact contacts contacto contatti contato contactez"),
    (
        "about",
        "ueber-uns uber-uns about about-us a-propos qui-sommes-nous quienes-somos chi-siamo sobre"
        " over-ons om-oss unternehmen company team wir",
    ),
)
_MOST_LINKS: Final = 2_000
_LONGEST_JSON: Final = 200_000
# Of what is longer, the beginning says enough.
_LONGEST_TITLE: Final = 300
_LONGEST_META: Final = 5_000
_LONGEST_LINK: Final = 2_000
_LONGEST_TEXT: Final = 200_000
_ENOUGH_FOR_LANGUAGE: Final = 200
# What the detector takes for sure; it counts up with doubt.
_SURE_LANGUAGE: Final = 1_000


@dataclass(frozen=True)
class Link:
    """A link: where it leads, and what it is called."""

    url: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """A page that was read. `kind` is home, imprint, contact or about.

    `meta` is what the page says of itself by name or property, `things` what it says in JSON-LD,
    `language` the language and how that is known, `size` the length of its source.
    """

    url: str
    kind: str
    title: str
    meta: Mapping[str, str]
    links: Sequence[Link]
    things: Sequence[Mapping[str, Any]]
    main_text: str
    language: tuple[str, str] | None
    size: int

    @property
    def host(self) -> str:
        """The name of the site."""
        return urlsplit(self.url).hostname or ""

    def telling_pages(self) -> list[str]:
        """Return the pages of this site that say who it is of: one of each kind at most."""
        found: dict[str, str] = {}
        for link in self.links:
            parts = urlsplit(link.url)
            if parts.scheme not in ("http", "https") or not _is_same(parts.hostname, self.host):
                continue
            url = link.url.split("#")[0]
            kind = _kind_of(parts.path, link.text)
            if kind and url != self.url:
                found.setdefault(kind, url)
        return [found[kind] for kind, _ in _TELLING if kind in found]


def read_sheet(page: Page) -> Sheet:
    """Take a page apart."""
    tree = LexborHTMLParser(page.text)
    kind = _kind_of(urlsplit(page.url).path, "") or "home"
    text = extract_plain_text(
        page.text, preserve_formatting=True, main_content=kind == "about", alt_texts=False
    ).strip()[:_LONGEST_TEXT]
    root, title = tree.css_first("html"), tree.css_first("title")
    told = _attribute(root, "lang") if root is not None else ""
    return Sheet(
        page.url,
        kind,
        tidy(title.text())[:_LONGEST_TITLE] if title is not None else "",
        _meta(tree.css("meta")),
        _links(page.url, tree.css("a[href]")[:_MOST_LINKS]),
        [thing for one in tree.css("script[type]") for thing in _said_in(one)],
        text,
        _language(told, text),
        len(page.text),
    )


def _attribute(element: Any, name: str) -> str:
    return element.attributes.get(name) or ""


def _meta(elements: Sequence[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in elements:
        name = _attribute(element, "property") or _attribute(element, "name")
        content = tidy(_attribute(element, "content"))[:_LONGEST_META]
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _links(base: str, elements: Sequence[Any]) -> list[Link]:
    found = []
    for element in elements:
        target = _attribute(element, "href").strip()
        if 0 < len(target) <= _LONGEST_LINK:
            try:
                found.append(Link(urljoin(base, target), tidy(element.text())[:_LONGEST_TITLE]))
            except ValueError:
                continue
    return found


def _said_in(script: Any) -> list[dict[str, Any]]:
    text = script.text()
    if _attribute(script, "type").lower() != "application/ld+json":
        return []
    return list(_things(_parsed(text))) if len(text) <= _LONGEST_JSON else []


def _language(told: str, text: str) -> tuple[str, str] | None:
    code = told.split("-")[0].strip().lower()
    if re.fullmatch(r"[a-z]{2}", code):
        return code, "the page says so"
    if len(text) < _ENOUGH_FOR_LANGUAGE:
        return None
    language, doubt = detect_fast(text)
    return (language, "by its words") if doubt < _SURE_LANGUAGE else None


def _kind_of(path: str, text: str) -> str | None:
    last = fold(path.rstrip("/").rpartition("/")[2].rpartition(".")[0] or path.rpartition("/")[2])
    words = {_slug(last), _slug(path.rstrip("/").rpartition("/")[2].split(".")[0]), _slug(text)}
    for kind, names in _TELLING:
        if words & set(names.split()):
            return kind
    return None


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def _is_same(one: str | None, other: str) -> bool:
    return bool(one) and one.removeprefix("www.") == other.removeprefix("www.")  # type: ignore[union-attr]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _things(node: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 8:
        return
    if isinstance(node, list):
        for one in node:
            yield from _things(one, depth + 1)
    elif isinstance(node, dict):
        if "@type" in node:
            yield node
        for value in node.values():
            if isinstance(value, dict | list):
                yield from _things(value, depth + 1)
