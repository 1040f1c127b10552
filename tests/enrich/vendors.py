"""Vendors' servers on 127.0.0.1, as far as they are asked: they know keys, credits and people."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

KEY = "abcd1234-secret-key-of-ours-9876wxyz"
Reply = tuple[int, dict[str, str], Any]


@dataclass
class Vendor:
    """What vendors have in common: a key, credits that a match uses up, a rush that is refused."""

    credits: int = 10
    busy: int = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def reply(self, path: str, told: dict[str, Any], key: str | None) -> Reply:
        self.asked.append((path, told))
        if key != KEY:
            # Some say which key it was.
            return 401, {}, self.wrong(f"No user found for the API key {key}", 401)
        if self.busy:
            self.busy -= 1
            return 429, {"Retry-After": "0.05"}, self.wrong("Too many requests", 429)
        if not self.credits:
            return 402, {}, self.wrong("You have no credits left", 402)
        return self.answer(path, told)

    def wrong(self, text: str, status: int) -> Any:
        raise NotImplementedError

    def answer(self, path: str, told: dict[str, Any]) -> Reply:
        raise NotImplementedError


@dataclass
class Hunter(Vendor):
    """Knows who is at acme.com, and is slow with some."""

    pending: int = 0

    def wrong(self, text: str, status: int) -> Any:
        return {"errors": [{"id": "wrong", "code": status, "details": text}]}

    def answer(self, path: str, told: dict[str, Any]) -> Reply:
        if path == "/email-verifier":
            self.credits -= 1
            return 200, {}, {"data": self._verdict(told["email"]), "meta": {"params": told}}
        if self.pending:
            self.pending -= 1
            return 202, {}, {"meta": {"params": told}}
        if told["domain"] != "acme.com":
            return 200, {}, {"data": {"email": None, "score": None, "sources": []}, "meta": {}}
        self.credits -= 1
        local = f"{told['first_name']}.{told['last_name']}".lower()
        return 200, {}, {"data": self._person(local, told), "meta": {"params": told}}

    def _person(self, local: str, told: dict[str, Any]) -> dict[str, Any]:
        return {
            "first_name": told["first_name"],
            "last_name": told["last_name"],
            "email": f"{local}@acme.com",
            "score": 97,
            "domain": "acme.com",
            "accept_all": False,
            "position": "Head of Sales",
            "linkedin_url": "https://www.linkedin.com/in/jane-doe",
            "phone_number": "+49 511 12345670",
            "company": "Acme",
            "sources": [{"domain": "acme.com", "uri": "http://acme.com/team"}],
            "verification": {"date": "2026-01-01", "status": "valid"},
        }

    def _verdict(self, address: str) -> dict[str, Any]:
        kinds = {"jane@acme.com": "valid", "all@acme.com": "accept_all", "no@acme.com": "invalid"}
        return {"status": kinds.get(address, "unknown"), "score": 90, "email": address}


@dataclass
class PeopleDataLabs(Vendor):
    """Knows one Jane Doe; a match costs a credit, nothing found does not."""

    def wrong(self, text: str, status: int) -> Any:
        return {"status": status, "error": {"type": "wrong", "message": text}}

    def answer(self, path: str, told: dict[str, Any]) -> Reply:
        assert path == "/person/enrich"
        assert told.keys() <= {"email", "profile", "name", "company", "min_likelihood", "titlecase"}
        if told.get("company") != "acme.com" and told.get("email") != "jane@acme.com":
            return 404, {}, self.wrong("No records were found matching your request", 404)
        self.credits -= 1
        data = {
            "full_name": "Jane Doe",
            "job_title": "Head Of Sales",
            "job_company_name": "Acme",
            "job_company_website": "acme.com",
            "work_email": True,  # the plan does not give it away
            "mobile_phone": "+4951112345670",
            "linkedin_url": "linkedin.com/in/jane-doe",
            "industry": "Machinery",
            "location_locality": "Hannover",
            "location_region": None,
            "location_country": "Germany",
        }
        return 200, {}, {"status": 200, "likelihood": 8, "data": data}


@dataclass
class Apollo(Vendor):
    """Knows one Jane Doe and her company."""

    def wrong(self, text: str, status: int) -> Any:
        return {"error": text}

    def answer(self, path: str, told: dict[str, Any]) -> Reply:
        assert path == "/people/match"
        if told["name"] != "Jane Doe":
            return 200, {}, {"person": None}
        self.credits -= 1
        address = "email_not_unlocked@domain.com" if told.get("domain") == "locked.com" else None
        firm = {
            "name": "Acme",
            "primary_domain": "acme.com",
            "website_url": "http://www.acme.com",
            "industry": "machinery",
            "estimated_num_employees": 240,
            "founded_year": 1952,
            "linkedin_url": "http://www.linkedin.com/company/acme",
            "short_description": "Acme makes pumps.",
        }
        person = {
            "id": "64a7ff0cc4dfae00013df1a5",
            "name": "Jane Doe",
            "title": "Head of Sales",
            "seniority": "head",
            "linkedin_url": "http://www.linkedin.com/in/jane-doe",
            "email": address or "jane@acme.com",
            "email_status": "verified",
            "city": "Hannover",
            "country": "Germany",
            "organization": firm,
        }
        return 200, {}, {"person": person}


class Speaker(Protocol):
    """Whoever answers: `heads` are the headers it was asked with, `url` where it is."""

    heads: list[dict[str, str]]
    url: str

    def reply(self, path: str, told: dict[str, Any], key: str | None) -> Reply: ...


S = TypeVar("S", bound=Speaker)


@contextmanager
def serving(vendor: S) -> Iterator[S]:
    """Run a vendor while entered."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(dict(parse_qsl(urlsplit(self.path).query)))

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, told: dict[str, Any]) -> None:
            vendor.heads.append({name.lower(): value for name, value in self.headers.items()})
            path = urlsplit(self.path).path
            status, headers, content = vendor.reply(path, told, self.headers.get("X-Api-Key"))
            body = json.dumps(content).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    vendor.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield vendor
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
