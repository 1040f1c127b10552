"""What somebody hostile sends, by plain HTTP: answered with a sentence, and to no harm."""

import contextlib
import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
import uvicorn
from servers import fresh
from serving import Site, served
from starlette.responses import PlainTextResponse
from test_access import PASSWORD, TOKEN

import leadloom
from leadloom.web import bulk, live, login, server

OWNER = "ow@example.com"
FORMULA = '=HYPERLINK("http://evil.example")'
SCRIPT = "\"><img src=x onerror=alert(1)>'<script>alert(2)</script>"
Post = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that demands a login, with one lead that holds what a page or a table might run."""
    folder = tmp_path_factory.mktemp("hostile")
    with leadloom.open(f"sqlite:///{folder / 'leads.db'}") as ws:
        ws.users.add(OWNER, role="owner")
        ws.logins.set_password(OWNER, PASSWORD)
        fields = ("title", "city", "custom.odd")
        names = {"full_name": "Jo Doe", "phone": "+49 30 901820", "notes": FORMULA}
        path = folder / "one.json"
        path.write_text(json.dumps([{**names, "email": "jo@example.com"}]), encoding="utf-8")
        ws.import_files([path])
        ws.leads.set("jo@example.com", dict.fromkeys(fields, SCRIPT))
        with served(ws, needs_login=True) as opened:
            yield opened


@contextlib.contextmanager
def browser(site: Site, email: str = OWNER) -> Iterator[tuple[httpx2.Client, httpx2.Response]]:
    """A browser, and what was answered to its login."""
    with httpx2.Client(base_url=site.url, timeout=30) as client:
        token = TOKEN.search(client.get("/login").text)
        assert token
        told = {"email": email, "password": PASSWORD, "_token": token[1]}
        yield client, client.post("/login", data=told)


@pytest.fixture(scope="module")
def inside(gate: Site) -> Iterator[httpx2.Client]:
    with browser(gate) as (client, answer):
        assert answer.status_code == 303
        yield client


@pytest.fixture(scope="module")
def post(inside: httpx2.Client) -> Post:
    token = TOKEN.search(inside.get("/settings").text)
    assert token

    def send(path: str, data: dict[str, str]) -> httpx2.Response:
        return inside.post(path, data={"_token": token[1], **data}, headers={"x-leadloom": "1"})

    return send


@pytest.mark.parametrize("path", ["/leads/rows?offset=", "/leads/rows?limit=", "/duplicates?at="])
@pytest.mark.parametrize("number", ["0" * 17 + "9" * 5_000, "0" * 20 + "7", "²", "-1"])
def test_a_number_of_thousands_of_digits_is_refused(
    inside: httpx2.Client, path: str, number: str
) -> None:
    answer = inside.get(path + quote(number))
    assert (answer.status_code, "whole number" in answer.text) == (400, True)


def test_a_search_for_thousands_of_digits_finds_nothing(inside: httpx2.Client) -> None:
    for list_ in ("leads", "companies"):
        assert inside.get(f"/{list_}?q={'9' * 5_000}").status_code == 200


@pytest.mark.parametrize("trust", ["²", "101", "0000999", "-1", ""])
def test_trust_that_is_no_percentage_is_refused(post: Post, gate: Site, trust: str) -> None:
    name = gate.ws.trust.list()[0].name
    answer = post("/settings/trust", {"name": name, "trust": trust})
    assert (answer.status_code, "percent" in answer.text) == (400, True)


@pytest.mark.parametrize("columns", ["custom.nowhere", "full_name,custom.nowhere", 'custom."'])
def test_a_column_that_no_lead_has_is_empty(inside: httpx2.Client, columns: str) -> None:
    answer = inside.get("/leads", params={"c": columns})
    assert answer.status_code == 200
    assert "data-id" in answer.text


def test_what_is_kept_is_shown_as_text(inside: httpx2.Client, gate: Site) -> None:
    id = gate.ws.leads.window(limit=1)[0].id
    for path in (f"/leads/{id}", "/leads?c=title,city,custom.odd", f"/leads?q={quote(SCRIPT)}"):
        page = inside.get(path).text
        assert "&lt;script&gt;alert(2)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_copied_cells_run_no_formula_and_come_back_as_they_were(
    inside: httpx2.Client, post: Post, gate: Site
) -> None:
    copied = inside.get("/leads/text?columns=phone,notes&limit=1").text
    phone, notes = copied.strip().split("\t")
    assert phone.startswith("+49")
    assert notes.startswith("\"'=HYPERLINK")
    lead = gate.ws.leads.window(limit=1)[0]
    cells = {"row": str(lead.id), "column": "notes", "text": f"'{FORMULA}"}
    assert post("/leads/cells", cells).status_code == 200
    assert gate.ws.leads.get(str(lead.id)).notes == FORMULA


def test_drafts_to_many_are_tried_out_with_some(
    inside: httpx2.Client, post: Post, gate: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trying out writes, and holds up everybody else who wants to."""
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    added = gate.ws.leads.add({"full_name": "Bo Berg", "email": "bo@berg.example"})
    chosen = {"chosen": json.dumps({"list": ""}), "template": "intro"}
    told = post("/leads/bulk/draft", chosen).json()["html"]
    assert f"Of the first 1 of {gate.ws.leads.count()} leads" in told
    assert gate.ws.messages().items == []
    gate.ws.runs.undo(str(added.run))


def test_what_no_database_can_look_for_is_left_out(postgres: str) -> None:
    """NUL: PostgreSQL fails with it, and the page would tell where the database is."""
    with leadloom.open(fresh(postgres, "hostile")) as ws, served(ws) as site:
        for path in ("/groups/%00", "/activity?about=%00", "/drafts?campaign=%00", "/leads?q=%00"):
            assert httpx2.get(site.url + path).status_code in (200, 404), path
        with httpx2.Client(base_url=site.url) as client:
            token = TOKEN.search(client.get("/settings").text)
            assert token
            for chosen in ('{"ids": ["\\u0000"]}', '{"list": "q=%00&f=city%3D%00"}'):
                told = {"_token": token[1], "chosen": chosen, "add": "a\0b"}
                answer = client.post("/leads/bulk/tag", data=told, headers={"x-leadloom": "1"})
                assert answer.status_code in (200, 400, 404), answer.text


def test_what_another_site_sends_is_refused_before_it_is_read(gate: Site) -> None:
    head = (
        "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n"
    )
    with socket.create_connection(_address(gate.url), timeout=60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 403")


def test_a_field_as_large_as_files_is_refused(inside: httpx2.Client) -> None:
    body = b'--B\r\ncontent-disposition: form-data; name="x"\r\n\r\n' + b"x" * 11_000_000
    headers = {"content-type": "multipart/form-data; boundary=B", "x-leadloom": "1"}
    answer = inside.post("/import/upload", content=body + b"\r\n--B--\r\n", headers=headers)
    assert (answer.status_code, "cannot be read" in answer.text) == (400, True)


def test_a_user_is_not_added_without_the_password_asked_for(post: Post, gate: Site) -> None:
    told = {"email": "half@example.com", "role": "owner", "password": "short"}
    assert post("/settings/users/add", told).status_code == 400
    assert all(one.email != told["email"] for one in gate.ws.users.list())


def test_passwords_sent_at_once_are_not_all_tried(
    gate: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_patience", login._Patience())
    answers: list[str] = []

    def guess() -> None:
        with browser(gate, "guessed@example.com") as (_, answer):
            answers.append(answer.text)

    guesses = [threading.Thread(target=guess) for _ in range(8)]
    for one in guesses:
        one.start()
    for one in guesses:
        one.join()
    assert sum("do not belong together" in one for one in answers) == 5
    assert sum("Too many wrong passwords" in one for one in answers) == 3


def test_news_end_with_the_session(gate: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.05)
    with browser(gate) as (client, _), client.stream("GET", "/live", timeout=60) as news:
        lines = news.iter_lines()
        assert next(lines) == "retry: 2000"
        gate.ws.logins.revoke(gate.ws.logins.list(OWNER)[0].id)
        heard = list(itertools.islice(lines, 500))
    assert len(heard) < 500, "they go on for who may not hear them"


def test_who_never_finishes_a_question_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "ASKS_WITHIN_S", 0.2)
    config = uvicorn.Config(
        PlainTextResponse("here"), port=0, http=server.Prompt, lifespan="off", log_level="error"
    )
    serving = uvicorn.Server(config)
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    address = serving.servers[0].sockets[0].getsockname()
    asked = b"GET / HTTP/1.1\r\nHost: a\r\n"
    for begun in (b"", asked, asked + b"\r\n" + asked):
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(begun)
            while connection.recv(1_000):
                pass
    serving.should_exit = True
    thread.join(5)


def test_a_name_with_a_path_or_a_line_break_stays_in_its_folder(
    inside: httpx2.Client, tmp_path: Path
) -> None:
    page = inside.get("/import").text
    found = TOKEN.search(page)
    assert found
    for name in (f"../../../..{tmp_path}/x.csv", 'a"\r\nX-Evil: 1.csv', f"{SCRIPT}.csv"):
        answer = inside.post(
            "/import/upload",
            data={"_token": found[1]},
            files={"file": (name, b"name,email\nJo,jo@example.com\n")},
            headers={"x-leadloom": "1"},
        )
        there = answer.json()["go"]
        assert "x-evil" not in answer.headers
        assert "<script>alert" not in inside.get(there).text + inside.get(f"{there}/plan").text
        inside.post(f"{there}/drop", data={"_token": found[1]}, headers={"x-leadloom": "1"})
    assert list(tmp_path.iterdir()) == []


def _address(url: str) -> tuple[str, int]:
    host, _, port = url.removeprefix("http://").partition(":")
    return host, int(port)
