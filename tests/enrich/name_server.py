"""A name server on 127.0.0.1: it answers from a zone, fails, refuses, or keeps silent."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

ZONE: dict[str, Any] = {
    "acme.com.": {"MX": ["20 mx2.acme.com.", "10 mx1.acme.com."], "A": ["192.0.2.1"]},
    "nordwerk.de.": {"MX": ["10 mx.nordwerk.de."]},
    "nomail.com.": {"MX": ["0 ."], "A": ["192.0.2.1"]},
    "oldstyle.com.": {"A": ["192.0.2.1"]},
    "six.com.": {"AAAA": ["2001:db8::1"]},
    "empty.com.": {"TXT": ["hello"]},
    "xn--mller-kva.de.": {"MX": ["10 mail.xn--mller-kva.de."]},
    "alias.com.": {"CNAME": ["acme.com."]},
    "broken.com.": "SERVFAIL",
    "closed.com.": "REFUSED",
    "silent.com.": None,
}


class NameServer(socketserver.ThreadingUDPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def resolver(self) -> dns.asyncresolver.Resolver:
        """What asks this server, and is soon tired of waiting."""
        found = dns.asyncresolver.Resolver(configure=False)
        found.nameservers = ["127.0.0.1"]
        found.port = self.server_address[1]
        found.timeout = found.lifetime = 0.4
        return found


class _Handler(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        wire, socket = self.request
        asked = dns.message.from_wire(wire)
        question = asked.question[0]
        name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
        self.server.asked.append(f"{name} {kind}")
        known = ZONE.get(name, "NXDOMAIN")
        if known is None:
            return
        reply = dns.message.make_response(asked)
        reply.flags |= dns.flags.RA
        if isinstance(known, str):
            reply.set_rcode(dns.rcode.from_text(known))
        else:
            _fill(reply, name, kind, known)
        socket.sendto(reply.to_wire(), self.client_address)


def _fill(reply: dns.message.Message, name: str, kind: str, known: dict[str, list[str]]) -> None:
    if "CNAME" in known:
        reply.answer.append(dns.rrset.from_text(name, 300, "IN", "CNAME", *known["CNAME"]))
        name = known["CNAME"][0]
        known = ZONE[name]
    if kind in known:
        reply.answer.append(dns.rrset.from_text(name, 300, "IN", kind, *known[kind]))


@contextmanager
def name_serving() -> Iterator[NameServer]:
    """Run the server while entered."""
    with NameServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
