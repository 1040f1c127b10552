"""The public web, read safely: what is refused, what ends, what is polite; from a real server."""

import asyncio
import datetime as dt
import gzip
import ssl
import time
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from site_server import LOCAL, Site, answer, moved, standing, web_of

from leadloom.connect.address import is_public
from leadloom.connect.failure import TargetError
from leadloom.connect.web import Web

T = TypeVar("T")


def read(
    site: Site, url: str = "http://acme.com/", *more: str, tls: Any = None, **options: Any
) -> tuple[Any, Web]:
    """Read a page (and more after it); return the last, or how it failed, and the web."""

    async def run() -> tuple[Any, Web]:
        async with standing(site, tls), web_of(site, **options) as web:
            for one in (url, *more):
                try:
                    found: Any = await web.get(one)
                except TargetError as error:
                    found = error
            return found, web

    return asyncio.run(run())


def test_a_page_is_read_with_the_name_it_was_asked_by() -> None:
    site = Site({"/": answer("<p>Grüße")})
    page, web = read(site)
    assert (page.text, page.url) == ("<p>Grüße", "http://acme.com/")
    assert site.asked == ["acme.com/robots.txt", "acme.com/"]
    assert site.resolved == ["acme.com", "acme.com"]
    assert web.counts["read"] == 1
    assert "User-Agent: Leadloom/" in site.heads[0]


# As lists of payloads against such fetchers have them.
CLOSED = """
    127.0.0.1 127.1.2.3 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254
    169.254.170.2 100.64.0.1 100.100.100.200 168.63.129.16 192.0.0.192 192.0.2.1 198.18.0.1
    198.51.100.7 203.0.113.9 192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
    ::1 :: ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:169.254.169.254 ::ffff:10.0.0.1
    0:0:0:0:0:ffff:7f00:1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1
    2002:7f00:1:: 2002:a9fe:a9fe:: 2002:808:808:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1
    64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 5f00::1 3fff::1 fd20:ce::254 nonsense
"""
WRITTEN = """
    http://127.0.0.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://127.1/
    http://0x7f.0.0.1/ http://017700000001/ http://[::1]/ http://[::ffff:127.0.0.1]/
    http://[0:0:0:0:0:ffff:127.0.0.1]/ http://169.254.169.254/latest/meta-data/ http://localhost/
    http://localhost./ http://[fe80::1%25lo]/ http://0/ http://0.0.0.0/ https://[::]/
    http://①②⑦.⓪.⓪.①/ http://3232235777/ http://0xa9fea9fe/ http://0251.0376.0251.0376/
    http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/
"""


@pytest.mark.parametrize("address", CLOSED.split())
def test_what_is_not_of_the_public_internet_is_told(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808", "1.1.1.1"]
)
def test_public_addresses_are_told(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", WRITTEN.split())
def test_no_way_of_writing_an_inner_address_gets_through(url: str) -> None:
    """With the system's own resolver: nothing of this leaves the machine."""

    async def run() -> None:
        async with Web(pause_s=0.0, deadline_s=3.0) as web:
            await web.get(url)

    with pytest.raises(TargetError, match=r"public internet|no address|cannot be resolved"):
        asyncio.run(run())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://acme.com/",
        "file:///etc/passwd",
        "gopher://acme.com/_x",
        "http://acme.com:22/",
        "http://acme.com:8080/",
        "https://acme.com:80/",
        "http://user:pw@acme.com/",
        "http://acme.com\\@evil.com/",
        "http://acme.com/\r\nX: y",
        "http:///",
        "//acme.com/",
        "javascript:alert(1)",
        "http://acme.com/" + "a" * 3_000,
        "http://[::1",
    ],
)
def test_other_schemes_ports_and_tricks_are_not_read(url: str) -> None:
    site = Site({"/": answer("no")})
    error, web = read(site, url)
    assert isinstance(error, TargetError)
    assert (site.asked, web.counts["skip"]) == ([], 1)


def test_one_inner_address_among_others_is_enough_to_refuse() -> None:
    site = Site({"/": answer("no")}, where={"acme.com": ["8.8.8.8", "127.0.0.1"]})
    error, _ = read(site, allowed=frozenset())
    assert "not on the public internet" in str(error)
    assert site.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    """A name that is resolved anew for the connection could be somewhere else by then."""
    site = Site({"/robots.txt": answer("", status="404 No"), "/": answer("here")})
    answers = [["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]]

    async def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [(one, site.port) for one in answers.pop(0)]

    async def run() -> str:
        async with (
            standing(site),
            Web(pause_s=0.0, resolver=resolve, allowed=LOCAL) as web,
        ):
            return (await web.get("http://acme.com/")).text

    assert asyncio.run(run()) == "here"
    assert len(answers) == 1


def test_each_redirect_is_checked_like_a_new_address() -> None:
    for to in ("http://inner.corp/", "http://169.254.169.254/", "file:///etc/passwd", "//[::1]/"):
        site = Site({"/": moved(to)}, where={"inner.corp": ["10.1.2.3"], "[::1]": ["::1"]})
        site.where |= {"169.254.169.254": ["169.254.169.254"], "::1": ["::1"]}
        error, _ = read(site)
        assert isinstance(error, TargetError), to
        assert site.asked == ["acme.com/robots.txt", "acme.com/"]


def test_redirects_are_followed_as_far_as_makes_sense() -> None:
    site = Site({"/": moved("/a"), "/a": moved("http://www.acme.com/b"), "/b": answer("there")})
    page, _ = read(site)
    assert (page.text, page.url) == ("there", "http://www.acme.com/b")
    error, _ = read(Site({"/": moved("/a"), "/a": moved("/")}))
    assert "circles" in str(error)
    endless = {f"/{n}": moved(f"/{n + 1}") for n in range(20)}
    error, _ = read(Site({"/": moved("/0"), **endless}))
    assert "too often" in str(error)
    error, _ = read(Site({"/": answer("", status="302 Found")}))
    assert "nowhere" in str(error)


def endless(part: bytes, pause_s: float = 0.0) -> Callable[..., Awaitable[None]]:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while not writer.is_closing():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return write


def test_a_body_without_end_is_cut_off() -> None:
    error, web = read(Site({"/": endless(b"x" * 65_536)}))
    assert "longer than 2 MB" in str(error)
    assert web.counts["skip"] == 1


def test_who_sends_drop_by_drop_is_not_waited_for() -> None:
    began = time.monotonic()
    error, web = read(Site({"/": endless(b"x", 0.05)}), deadline_s=0.4)
    assert "longer than 0.4 s" in str(error)
    assert web.counts["retry"] == 1
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_small_body_does_not_unpack_into_a_large_one(encoding: str) -> None:
    zeros = b"\x20" * 300_000_000
    bomb = gzip.compress(zeros, 1) if encoding == "gzip" else zlib.compress(zeros, 1)
    del zeros
    error, _ = read(Site({"/": answer(bomb, f"Content-Encoding: {encoding}")}))
    assert "longer than 2 MB" in str(error)


def test_packed_pages_are_unpacked_and_broken_ones_told() -> None:
    packed = gzip.compress(b"<p>hello")
    page, _ = read(Site({"/": answer(packed, "Content-Encoding: gzip")}))
    assert page.text == "<p>hello"
    error, web = read(Site({"/": answer(packed[:-9], "Content-Encoding: gzip")}))
    assert ("broke off" in str(error), web.counts["retry"]) == (True, 1)
    error, _ = read(Site({"/": answer(b"\x00junk", "Content-Encoding: gzip")}))
    assert "unpacked" in str(error)
    error, _ = read(Site({"/": answer(b"x", "Content-Encoding: br")}))
    assert "not asked for" in str(error)


def test_a_body_that_breaks_off_is_no_page() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 500\r\n\r\n<p>half"
    error, web = read(Site({"/": whole}))
    assert ("broke off" in str(error), web.counts["retry"]) == (True, 1)
    error, _ = read(Site({"/": b"\x16\x03\x01 what is this"}))
    assert "broke off" in str(error)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Müller".encode("latin-1"), "text/html; charset=utf-8"),
        ("Müller".encode("latin-1"), "text/html"),
        ("Müller".encode(), "text/html; charset=nonsense"),
        ("Müller".encode(), "text/html"),
        (b"<meta charset=iso-8859-1>M\xfcller", "text/html"),
        ("Müller".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbfM\xc3\xbcller", "text/html; charset=latin-1"),
    ],
)
def test_letters_come_out_right_whatever_the_page_says(body: bytes, kind: str) -> None:
    page, _ = read(Site({"/": answer(body, f"Content-Type: {kind}")}))
    assert "Müller" in page.text


def test_what_is_no_page_is_not_read() -> None:
    for kind in ("application/pdf", "image/png", "application/octet-stream"):
        error, _ = read(Site({"/": answer(b"%PDF", f"Content-Type: {kind}")}))
        assert "not a page" in str(error)
    error, _ = read(Site({"/": answer(b"\0\1\2" * 100, "Content-Type: text/html")}))
    assert "no text" in str(error)


def test_robots_txt_is_obeyed_and_asked_for_once() -> None:
    rules = "User-agent: *\nDisallow: /private\n\nUser-agent: Leadloom\nDisallow: /team\n"
    site = Site({"/robots.txt": answer(rules), "/team": answer("no"), "/about": answer("yes")})
    page, web = read(site, "http://acme.com/team", "http://acme.com/about")
    assert page.text == "yes"
    assert site.asked == ["acme.com/robots.txt", "acme.com/about"]
    assert web.counts == {"skip": 1, "read": 1}


def test_a_host_whose_robots_txt_fails_is_left_alone() -> None:
    site = Site({"/robots.txt": answer("", status="500 Oh"), "/": answer("no")})
    error, web = read(site)
    assert (error.kind, site.asked, web.counts["retry"]) == ("retry", ["acme.com/robots.txt"], 1)


@pytest.mark.parametrize(
    ("status", "kind"),
    [("404 No", "skip"), ("410 Gone", "skip"), ("403 No", "skip"), ("500 Oh", "retry"),
     ("502 Oh", "retry"), ("429 Slow", "stop"), ("503 Down", "stop")],
)  # fmt: skip
def test_how_a_page_fails_is_told_apart_and_counted(status: str, kind: str) -> None:
    site = Site({"/": answer("", "Retry-After: 7", status=status), "/b": answer("b")})
    error, web = read(site)
    assert (error.kind, error.http_status) == (kind, int(status[:3]))
    assert web.counts[kind] == 1


def test_a_host_that_wants_to_be_left_alone_is() -> None:
    site = Site({"/": answer("", "Retry-After: 7", status="429 Slow"), "/b": answer("b")})
    error, web = read(site, "http://acme.com/", "http://acme.com/b")
    assert ("for 7 s" in str(error), web.counts["stop"]) == (True, 2)
    assert "acme.com/b" not in site.asked


def test_a_host_is_not_asked_in_haste_and_others_need_not_wait() -> None:
    site = Site({"/": answer("a"), "/b": answer("b")})
    began = time.monotonic()
    read(site, "http://acme.com/", "http://acme.com/b", pause_s=0.15)
    assert time.monotonic() - began >= 0.3  # robots.txt, a page, another
    site = Site({"/robots.txt": answer("User-agent: *\nCrawl-delay: 0.2"), "/": answer("a")})
    site.pages["/b"] = answer("b")
    began = time.monotonic()
    read(site, "http://acme.com/", "http://acme.com/b")
    assert 0.2 <= time.monotonic() - began < 10


def test_a_page_is_asked_for_anew_only_if_it_has_changed() -> None:
    told: list[str] = []

    def reply(writer: asyncio.StreamWriter) -> None:
        is_known = 'If-None-Match: "v1"' in site.heads[-1]
        told.append("304" if is_known else "200")
        fresh = answer("one", 'ETag: "v1"')
        writer.write(answer(b"", status="304 Not Modified") if is_known else fresh)

    site = Site({"/": reply})
    page, web = read(site, "http://acme.com/", "http://acme.com/", fresh_s=0.0)
    assert (page.text, told, web.counts["unchanged"]) == ("one", ["200", "304"], 1)
    site = Site({"/": answer("one")})
    page, web = read(site, "http://acme.com/", "http://acme.com/")
    assert (web.counts["kept"], site.asked.count("acme.com/")) == (1, 1)


def test_whether_a_page_of_another_time_has_changed_is_told_by_its_mark() -> None:
    def reply(writer: asyncio.StreamWriter) -> None:
        is_known = 'If-None-Match: "v2"' in site.heads[-1]
        fresh = answer("two", 'ETag: "v2"')
        writer.write(answer(b"", status="304 Not Modified") if is_known else fresh)

    site = Site({"/": reply, "/plain": answer("x"), "/far": moved("http://acme.com/")})

    async def run() -> list[object]:
        async with standing(site), web_of(site) as web:
            now, before = ('"v2"', None), ('"v1"', None)
            told = [await web.is_as_it_was("http://acme.com/", mark) for mark in (now, before)]
            others = [
                await web.is_as_it_was(f"http://acme.com/{path}", mark)
                for path, mark in (("gone", now), ("far", now), ("plain", (None, None)))
            ]
            # What was not sent for it is sent when somebody wants to read it.
            return [told, others, (await web.get("http://acme.com/")).text]

    assert asyncio.run(run()) == [[True, False], [False] * 3, "two"]


def test_where_nobody_answers_is_told() -> None:
    error, web = read(Site(where={"acme.com": []}))
    assert ("cannot be resolved" in str(error), web.counts["retry"]) == (True, 1)

    async def run() -> None:
        async def nowhere(host: str, port: int) -> list[tuple[str, int]]:
            return [("127.0.0.1", 1)]

        async with Web(resolver=nowhere, allowed=LOCAL, pause_s=0.0) as web:
            await web.get("http://acme.com/")

    with pytest.raises(TargetError, match="cannot be reached"):
        asyncio.run(run())


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server shows that is called `name`, and what believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "site.pem"
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(pem)
    return shown, ssl.create_default_context(cafile=str(pem))


def test_a_certificate_has_to_be_of_the_name_not_of_the_address(tmp_path: Path) -> None:
    shown, believed = certificate(tmp_path, "acme.com")
    names: list[str | None] = []
    shown.sni_callback = lambda _, name, __: names.append(name)
    page, _ = read(Site({"/": answer("safe")}), "https://acme.com/", tls=shown)
    assert "certificate is not valid" in str(page)  # nobody vouches for it
    site = Site({"/": answer("safe")})

    async def run(url: str) -> str:
        async with standing(site, shown), web_of(site, tls=believed) as web:
            return (await web.get(url)).text

    assert asyncio.run(run("https://acme.com/")) == "safe"
    assert names[-1] == "acme.com"
    with pytest.raises(TargetError, match="certificate is not valid"):
        asyncio.run(run("https://other.com/"))
