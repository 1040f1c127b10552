"""Web addresses, brought to one spelling."""

import re
from urllib.parse import quote

from leadloom.values import NOTHING, Cleaned
from leadloom.values.text import is_blank, tidy, without_invisible

_LONGEST = 2_083  # characters; the least that browsers have agreed on
_HOST = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]\.?")
_PLAIN = re.compile(
    r"(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
    r"((?:/[A-Za-z0-9._~-]*)*)"
)
_PARTS = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*):(?!\d))?(?://)?(?P<authority>[^/?#]*)"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
# Parameters that say where a visitor came from, not which page it is.
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|ttclid|twclid|li_fat_id|igshid"
    r"|igsh|mc_cid|mc_eid|mkt_tok|_hsenc|_hsmi|hsctatracking|_ga|_gl|vero_id|trk|trackingid)=?.*",
    re.IGNORECASE,
)
_SAFE = "/:@!$&'()*+,;=-._~%"


def clean(text: str) -> Cleaned:
    """An https address: scheme added, host in lower case, fragment and tracking parameters gone.

    Only public host names over http or https pass; an address with a user name or password in
    it does not.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None and len(plain[1]) <= 253 and len(text) <= _LONGEST:
        return Cleaned(f"https://{plain[1]}{_path(plain[2])}")
    bare = without_invisible(tidy(text)).lstrip("<([\"'` ").rstrip("<>]\"'` ,;.")
    bare = bare if "(" in bare else bare.rstrip(")")
    if is_blank(bare):
        return NOTHING
    return _assemble(bare, text)


def host_of(url: str) -> str:
    """The host of a clean address, without "www." and port."""
    host = url.partition("://")[2].partition("/")[0].partition("?")[0].partition(":")[0]
    return host.removeprefix("www.")


def _assemble(bare: str, text: str) -> Cleaned:
    parts = _PARTS.fullmatch(bare.replace("\\", "/"))
    if parts is None or len(bare) > _LONGEST:
        return Cleaned(text, "not a web address")
    if (parts["scheme"] or "https").lower() not in ("http", "https"):
        return Cleaned(text, "not a web address (only http and https)")
    if "@" in parts["authority"]:
        return Cleaned(text, "a user name or password is in it, or it is an e-mail address")
    host, _, port = parts["authority"].lower().partition(":")
    if not _HOST.fullmatch(host) or (port and not port.isdecimal()):
        return Cleaned(text, "not a web address")
    host = host.rstrip(".") + ("" if port in ("", "80", "443") else f":{port}")
    return Cleaned(f"https://{host}{_path(parts['path'])}{_query(parts['query'])}")


def _path(path: str) -> str:
    return "" if path in ("", "/") else quote(path, safe=_SAFE)


def _query(query: str | None) -> str:
    kept = [p for p in (query or "").split("&") if p and not _TRACKING.fullmatch(p)]
    return "?" + quote("&".join(kept), safe=_SAFE + "?") if kept else ""
