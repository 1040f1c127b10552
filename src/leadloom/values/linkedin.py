"""LinkedIn addresses of people and companies, brought to one spelling."""

import re
import unicodedata
from urllib.parse import unquote

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import is_blank, tidy, without_invisible

_ROOT = "https://www.linkedin.com"
_PLAIN = re.compile(r"(?:https?://)?(?:www\.)?linkedin\.com/(in|company)/([a-z0-9-]+)/?")
_ADDRESS = re.compile(
    r"(?:https?:/{1,2})?(?:[a-z]{1,6}\.)?linkedin\.(?:com|cn)(?::\d+)?(?P<path>/[^?#]*)?(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_PATH = re.compile(
    r"/?(?P<path>(?:in|pub|company|school|showcase)/[^?#]*)(?:[?#].*)?", re.IGNORECASE
)
_MOBILE = re.compile(r"/(?:mwlite|m)(?=/)", re.IGNORECASE)
_SLUG = re.compile(r"[^\s/?#%<>\"\\\x00-\x1f]{1,200}")
# Identifiers, unlike chosen names, tell upper from lower case.
_IDENTIFIER = re.compile(r"AC[orw]AA[\w-]{20,}")
_LEGACY = re.compile(r"[0-9a-f]{1,4}", re.IGNORECASE)
_ORGANISATIONS = ("company", "school", "showcase")


def clean(text: str) -> Cleaned:
    """The address of a profile or company page: "https://www.linkedin.com/in/jane-doe".

    Country and mobile hosts, query strings, percent-encoding and trailing paths make no
    difference. Sales Navigator, recruiter and other pages are flagged: they name nobody for ever.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return Cleaned(f"{_ROOT}/{plain[1]}/{plain[2]}")
    bare = without_invisible(tidy(text)).strip("<>()[]\"'` ,;")
    if is_blank(bare):
        return NOTHING
    match = _ADDRESS.fullmatch(bare) or _PATH.fullmatch(bare)
    if match is None or len(bare) > 2_083:
        return Cleaned(text, "not a LinkedIn address")
    return _canonical(match["path"] or "", text)


def is_profile(url: str) -> bool:
    """Whether a clean address is a person's."""
    return url.startswith((f"{_ROOT}/in/", f"{_ROOT}/pub/"))


def is_company(url: str) -> bool:
    """Whether a clean address is an organisation's (company, school or showcase page)."""
    return url.startswith(tuple(f"{_ROOT}/{kind}/" for kind in _ORGANISATIONS))


def _canonical(path: str, text: str) -> Cleaned:
    kind, *rest = [part for part in _MOBILE.sub("", path).split("/") if part] or [""]
    kind = kind.lower()
    slug = _slug(rest[0]) if rest else None
    if kind in ("in", *_ORGANISATIONS) and slug:
        return Cleaned(f"{_ROOT}/{kind}/{slug}")
    if kind == "pub" and slug and slug != "dir":
        legacy = [part.lower() for part in rest[1:4] if _LEGACY.fullmatch(part)]
        # Without its three numbers an old address is the new one under another name.
        ending = "/".join(["pub", slug, *legacy] if len(legacy) == 3 else ["in", slug])
        return Cleaned(f"{_ROOT}/{ending}")
    if kind in ("sales", "talent", "recruiter"):
        return Cleaned(text, "a Sales Navigator or recruiter link, not a public profile")
    return Cleaned(text, "a LinkedIn page that is neither a profile nor a company")


def _slug(part: str) -> str | None:
    slug = unicodedata.normalize("NFC", unquote(part)).strip(" .,;)")
    if not _SLUG.fullmatch(slug) or slug != without_invisible(slug):
        return None
    return slug if _IDENTIFIER.fullmatch(slug) else slug.lower()
