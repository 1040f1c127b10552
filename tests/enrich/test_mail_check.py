"""What is said of an address: by how it is written, by lists, and by a real name server."""

import asyncio
from collections.abc import Iterator
from typing import Any

import dns.asyncresolver
import pytest
from asking import ask
from name_server import NameServer, name_serving

from leadloom.connect.failure import TargetError
from leadloom.enrich.plan import make_plan
from leadloom.enrich.provider import Answer, Provider, Question
from leadloom.enrich.providers import address_pattern, mail_check
from leadloom.enrich.providers.mail_check import is_disposable
from leadloom.enrich.waterfall import Fall


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with name_serving() as server:
        yield server


def status(names: NameServer, address: str) -> Answer:
    found = ask(mail_check.provider(names.resolver), email=[address])
    [answer] = found.answers
    assert answer.field == "email_status"
    return answer


@pytest.mark.parametrize(
    ("address", "expected", "evidence"),
    [
        ("jane@acme.com", "unverified", "mx1.acme.com takes mail for acme.com"),
        ("jane@alias.com", "unverified", "mx1.acme.com takes mail"),
        ("jane@müller.de", "unverified", "takes mail for müller.de"),
        ("jane@oldstyle.com", "unverified", "names no mail server, but has an address"),
        ("jane@six.com", "unverified", "names no mail server, but has an address"),
        ("info@acme.com", "risky", "of a role"),
        ("jane@mailinator.com", "risky", "disposable"),
        ("jane@nomail.com", "invalid", "null MX"),
        ("jane@gone.com", "invalid", "NXDOMAIN"),
        ("jane@empty.com", "invalid", "has no address"),
        ("jane@@acme.com", "invalid", "no address"),
        ("jane", "invalid", "no address"),
    ],
)
def test_what_is_said_of_an_address(
    names: NameServer, address: str, expected: str, evidence: str
) -> None:
    answer = status(names, address)
    assert answer.value == expected
    assert evidence in answer.evidence
    assert 0 < answer.confidence < 1


@pytest.mark.parametrize(
    ("domain", "reason"),
    [("broken.com", "SERVFAIL"), ("closed.com", "refuse"), ("silent.com", "in time")],
)
def test_who_fails_refuses_or_is_silent_leaves_it_unknown(
    names: NameServer, domain: str, reason: str
) -> None:
    with pytest.raises(TargetError, match=rf"unknown: .*{domain}.*{reason}|unknown.*{reason}"):
        status(names, f"jane@{domain}")


def test_where_no_name_server_is_it_is_unknown() -> None:
    def nobody() -> dns.asyncresolver.Resolver:
        found = dns.asyncresolver.Resolver(configure=False)
        found.nameservers, found.port, found.lifetime = ["127.0.0.1"], 9, 0.3
        return found

    with pytest.raises(TargetError, match="unknown"):
        ask(mail_check.provider(nobody), email=["jane@acme.com"])


def test_what_needs_no_name_server_asks_none(names: NameServer) -> None:
    before = list(names.asked)
    status(names, "jane@mailinator.com")
    status(names, "jane@@acme.com")
    assert names.asked == before
    assert is_disposable("mail.mailinator.com")
    assert not is_disposable("acme.com")


def test_a_guessed_address_is_looked_up_and_stays_when_nothing_is_against_it(
    names: NameServer,
) -> None:
    check = mail_check.provider(names.resolver)
    plan = make_plan({one.name: one for one in (address_pattern.PROVIDER, check)}, enough=0.5)
    for site, expected in (("acme.com", "unverified"), ("nomail.com", "invalid")):
        colleagues = (("Jane", "Doe", f"jane.doe@{site}"), ("Bob", "Ray", f"bob.ray@{site}"))
        values = {"first_name": "Ada", "last_name": "Lind", "domain": site}
        fall = Fall(Question(values, {}, colleagues), plan)
        while (one := fall.next()) is not None:
            if isinstance(one, Provider):
                fall.take(one, one.find(fall.question))
            else:
                fall.take(one, ask(one, **fall.question.values).answers)
        found: dict[str, Any] = {a.field: (p.name, a.value) for p, a in fall.found()}
        assert found["email"] == ("address pattern", [f"ada.lind@{site}"])
        assert found["email_status"] == ("mail check", expected)
        assert found["email_confidence"] == ("address pattern", "pattern")


def test_many_are_asked_at_once(names: NameServer) -> None:
    check = mail_check.provider(names.resolver)

    async def run() -> list[Any]:
        asked = [
            check.ask(Question({"email": [f"a{n}@acme.com"]}, {}, ()), None) for n in range(50)
        ]  # type: ignore[arg-type]
        return await asyncio.gather(*asked)

    assert len(asyncio.run(run())) == 50


class MailServer:
    """Knows jane, takes anything at alias.com, and may turn everybody away."""

    def __init__(self, greeting: str = "220 mx1.acme.com") -> None:
        self.greeting = greeting
        self.said: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"{self.greeting}\r\n".encode())
        while line := (await reader.readline()).decode().strip():
            self.said.append(line)
            if line.startswith("EHLO"):
                writer.write(b"250-mx1.acme.com\r\n250-SIZE 1000\r\n250 HELP\r\n")
            elif line.startswith("MAIL"):
                writer.write(b"250 go on\r\n")
            elif line.startswith("RCPT"):
                writer.write(self._of(line.partition("<")[2].rstrip(">")))
            else:
                break
        writer.close()

    def _of(self, address: str) -> bytes:
        if address.startswith("grey"):
            return b"451 later\r\n"
        is_known = address.startswith("jane") or address.endswith("@alias.com")
        return b"250 fine\r\n" if is_known else b"550 5.1.1 no such user\r\n"


@pytest.mark.parametrize(
    ("address", "greeting", "status"),
    [
        ("jane@acme.com", "220 hello", "verified"),
        ("bob@acme.com", "220 hello", "invalid"),
        ("bob@alias.com", "220 hello", "risky"),
        ("grey@acme.com", "220 hello", "unverified"),
        ("jane@acme.com", "554 go away", "unverified"),
        ("jane@acme.com", "what", "unverified"),
    ],
)
def test_a_mail_server_is_asked_where_that_is_wanted(
    names: NameServer, address: str, greeting: str, status: str
) -> None:
    mail = MailServer(greeting)

    async def run() -> Any:
        server = await asyncio.start_server(mail.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]

        async def dial(host: str) -> Any:
            return await asyncio.open_connection("127.0.0.1", port)

        check = mail_check.provider(names.resolver, dial).fitted({"probe_mailboxes": True})
        async with server:
            found = await check.ask(Question({"email": [address]}, {}, ()), None)  # type: ignore[arg-type]
            await asyncio.sleep(0.01)
        return found.answers[0]

    answer = asyncio.run(run())
    assert answer.value == status
    assert not any(line.startswith("DATA") for line in mail.said)


def test_no_mail_server_is_asked_unless_that_is_wanted(names: NameServer) -> None:
    async def dial(host: str) -> Any:
        raise AssertionError("nobody wanted that")

    plain = mail_check.provider(names.resolver, dial)
    for provider in (plain, plain.fitted({"probe_mailboxes": False})):
        [answer] = ask(provider, email=["jane@acme.com"]).answers
        assert "nobody asked" in answer.evidence
    probing = plain.fitted({"probe_mailboxes": True})
    assert probing.version != plain.fitted({}).version
