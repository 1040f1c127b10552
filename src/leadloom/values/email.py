"""E-mail addresses: validated offline, kept in lower case."""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from leadloom.values import NOTHING, Cleaned
from leadloom.values.mailbox_kind import is_free, is_role
from leadloom.values.text import is_blank, tidy_lines, without_invisible

__all__ = ["clean", "domain_of", "is_free", "is_role", "split"]

_LONGEST = 254  # RFC 5321 with RFC 3696 errata 1690; the library holds to it too

# The plain addresses nearly everybody has: the library's dot-atom (RFC 5322 3.2.3), an ASCII host
# name. Whatever this matches the library accepts and gives back unchanged, when the last label is
# not reserved and no label holds "--" (which is how other alphabets are encoded).
_PLAIN = re.compile(
    r"[A-Za-z0-9][\w!#$%&*+/=?^`{|}~-]*(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}",
    re.ASCII,
)
_AROUND = " \t\n✅☑✔\ufe0f<>()[]{}\"'`´‘’“”«»,;:."
_ANGLED = re.compile(r"<\s*([^<>\s]*@[^<>]*?)\s*>")
_HIDDEN_AT = re.compile(r"\s*[\[({]\s*(?:at|@|ät|arroba)\s*[\])}]\s*", re.IGNORECASE)
_HIDDEN_DOT = re.compile(r"\s*[\[({]\s*(?:dot|punkt|punto|point|\.)\s*[\])}]\s*", re.IGNORECASE)
_AT = re.compile(r"\s*@\s*")
_BETWEEN = re.compile(r"[\s,;|<>()\[\]\"]+")


def clean(text: str) -> Cleaned:
    """One address, in lower case, its domain in Unicode: "Jane <MAILTO:Jane@ACME.de>," is read.

    Addresses are only checked for form; that a mailbox exists cannot be known offline.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is not None and len(text) <= _LONGEST and "--" not in text:
        lower = text.lower()
        if lower.rpartition(".")[2] not in SPECIAL_USE_DOMAIN_NAMES:
            return Cleaned(lower)
    if len(text) > 10_000:
        return Cleaned(text, "far too long for an e-mail address")
    bare = _bare(text)
    if is_blank(bare):
        return NOTHING
    return _by_library(bare, text)


def split(text: str) -> list[str]:
    """The addresses of one cell, each still to be cleaned; without any, the cell itself.

    Commas, semicolons, slashes, bars, spaces and line breaks separate; "Name <address>" and labels
    such as "work:" are left behind.
    """
    if text.count("@") <= 1 and not any(c in text for c in " <,;\n|"):
        return [text]
    joined = _AT.sub("@", _reveal(tidy_lines(text)))
    parts = _BETWEEN.split(joined)
    if joined.count("@") > 1:
        parts = [piece for part in parts for piece in part.split("/")]
    return [part for part in parts if "@" in part] or [text]


def domain_of(email: str) -> str:
    """The part after the @ of a clean address ("" when there is none)."""
    return email.rpartition("@")[2] if "@" in email else ""


def _bare(text: str) -> str:
    bare = _reveal(without_invisible(tidy_lines(text)))
    if angled := _ANGLED.search(bare):
        bare = angled[1]
    bare = bare.strip(_AROUND)
    if bare[:7].lower() == "mailto:":
        bare = bare[7:].partition("?")[0].replace("%40", "@")
    elif bare[:6].lower() in ("email:", "e-mail"):
        bare = bare.partition(":")[2]
    return bare.strip(_AROUND)


def _reveal(text: str) -> str:
    # Imprints write "jane (at) acme (dot) de" to keep robots away.
    text = text.replace("＠", "@")
    if "@" not in text:
        text = _HIDDEN_DOT.sub(".", _HIDDEN_AT.sub("@", text))
    return text


def _by_library(bare: str, text: str) -> Cleaned:
    if "@" not in bare:
        return Cleaned(text, "no @ in it")
    if bare.count("@") > 1:
        return Cleaned(text, "more than one @ in it")
    if len(bare) > _LONGEST:
        return Cleaned(text, "too long for an e-mail address")
    try:
        return Cleaned(validate_email(bare, check_deliverability=False).normalized.lower())
    except EmailNotValidError as error:
        return Cleaned(text, _reason(error))


def _reason(error: EmailNotValidError) -> str:
    return str(error)[:200].rstrip(".")
