"""Websites that mean harm, or were made by somebody who did not care."""

import asyncio
import time
from typing import Any

import pytest
from site_server import Site, answer, moved, standing, web_of

from leadloom.connect import web as web_module
from leadloom.connect.failure import TargetError
from leadloom.connect.page import decoded
from leadloom.connect.web import Web


def read(site: Site, *urls: str, **options: Any) -> tuple[list[Any], Web]:
    """Read pages, one after the other; return each, or how it failed."""

    async def run() -> tuple[list[Any], Web]:
        found: list[Any] = []
        async with standing(site), web_of(site, **options) as web:
            for one in urls or ("http://acme.com/",):
                try:
                    found.append((await web.get(one)).text)
                except TargetError as error:
                    found.append(error)
            return found, web

    return asyncio.run(run())


def test_no_cookie_comes_back_to_its_own_site_or_another_at_the_same_address() -> None:
    site = Site({"/": answer("a", "Set-Cookie: who=me; Path=/"), "/b": answer("b")})
    read(site, "http://one.com/", "http://one.com/b", "http://two.com/")
    assert len(site.heads) == 5
    assert not [head for head in site.heads if "cookie" in head.lower()]


def test_a_name_is_resolved_as_it_is_asked_for() -> None:
    """By older rules straße.de would be strasse.de, which is somebody else's."""
    site = Site({"/": answer("a")})
    found, _ = read(site, "http://straße.de/", "http://xn--bcher-kva.de/")
    assert found == ["a", "a"]
    assert set(site.resolved) == {"xn--strae-oqa.de", "xn--bcher-kva.de"}
    assert site.asked[1] == "xn--strae-oqa.de/"


def test_of_an_endless_robots_txt_the_beginning_counts() -> None:
    rules = "User-agent: *\nDisallow: /private\n" + "# and so on\n" * 250_000
    site = Site({"/robots.txt": answer(rules), "/": answer("yes"), "/private": answer("no")})
    found, _ = read(site, "http://acme.com/", "http://acme.com/private")
    assert found[0] == "yes"
    assert "robots.txt" in str(found[1])


@pytest.mark.parametrize(
    ("rules", "is_open"),
    [
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", False),
        ("\ufeffUser-agent: *\nDisallow: /a".encode("utf-16-le"), False),
        ("\ufeffUser-agent: *\nDisallow: /a".encode("utf-16-be"), False),
        (b"User-agent: *\r\nDisallow: /*.html$", False),
        (b"User-agent: *\nDisallow: /*?\nAllow: /", True),
        (b"User-agent: LeadLoom\nDisallow: /", False),
        (b"User-agent: *\nDisallow:", True),
        (b"\x00\x01\x02" * 1_000, True),
        (b"<html><body>Page not found", True),
        (b"User-agent: *\nCrawl-delay: nan\nDisallow: /" + b"*a" * 5_000 + b"b", True),
    ],
)
def test_rules_are_read_however_they_are_written(rules: bytes, is_open: bool) -> None:
    site = Site({"/robots.txt": answer(rules), "/a.html": answer("yes")})
    found, _ = read(site, "http://acme.com/a.html")
    assert (found == ["yes"]) is is_open


@pytest.mark.parametrize(
    "to",
    ["", "//", "http://", "http://[::1", "http://a:99999/", "https://acme.com:8443/", "\xff\xfe",
     "file:///etc/passwd", "javascript:alert(1)", "http://user:pw@acme.com/", "http://☃.net/",
     "http://xn--\xff/", "http://acme.com/" + "a" * 5_000, "http://127。0。0。2/", "http://0x7f.2/"],
)  # fmt: skip
def test_a_redirect_to_whatever_is_a_failure_or_a_page(to: str) -> None:
    closed = {name: ["127.0.0.2"] for name in ("127.0.0.2", "0x7f.2")}
    site = Site({"/": moved(to.encode("utf-8").decode("latin-1"))}, where=closed)
    site.pages["/"] = moved("").replace(b"Location: ", b"Location: " + to.encode("utf-8"))
    found, _ = read(site)
    assert isinstance(found[0], TargetError)


def test_who_sends_in_crumbs_is_cut_off_early() -> None:
    def crumbs(writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
        )
        writer.write(b"\r\n" + b"1\r\na\r\n" * 200_000 + b"0\r\n\r\n")

    found, _ = read(Site({"/": crumbs}), deadline_s=30.0)
    assert "crumbs" in str(found[0])


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape", "zlib", "rot13", "utf-7"])
def test_what_is_no_encoding_of_the_web_is_not_used(name: str) -> None:
    began = time.monotonic()
    text, is_guess = decoded(b"abc-" + b"a9b" * 100_000, f"text/html; charset={name}")
    assert (is_guess, len(text)) == (True, 300_004)
    assert time.monotonic() - began < 2


def test_letters_come_out_right_where_python_knows_another_encoding_of_the_name() -> None:
    assert decoded(b"\x93Gr\xfc\xdfe\x94", "text/html; charset=iso-8859-1")[0] == "“Grüße”"
    assert decoded("\ufeffGrüße".encode("utf-16-be"), "text/html")[0] == "Grüße"


def test_hosts_long_past_are_forgotten_and_those_in_use_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(web_module, "_MOST_HOSTS", 20)
    found, web = read(Site({"/": answer("a")}), *[f"http://h{n}.com/" for n in range(60)])
    assert found == ["a"] * 60
    assert len(web._hosts) <= 20
    assert "http://h59.com" in web._hosts
