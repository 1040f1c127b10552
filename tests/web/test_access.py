"""Who may come in: every route tried by everybody, and what keeps others out."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from serving import Site, served
from starlette.responses import PlainTextResponse

import leadloom
from leadloom.web import login
from leadloom.web.route import ROLES, Route, checked, get
from leadloom.web.routes import ROUTES
from leadloom.web.visit import own_path

PASSWORD = "correct horse battery"
PEOPLE = {"viewer": "vi@example.com", "member": "mo@example.com", "owner": "ow@example.com"}
TOKEN = re.compile(r'name="_token" value="([^"]+)"')
LOGGED_IN = [one for one in ROUTES if one.role != "anyone" and one.path != "/live"]


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that others can reach, with somebody of each role."""
    folder = tmp_path_factory.mktemp("gate")
    with leadloom.open(f"sqlite:///{folder / 'leads.db'}") as ws:
        for role, email in PEOPLE.items():
            ws.users.add(email, role=role)
            ws.logins.set_password(email, PASSWORD)
        with served(ws, needs_login=True) as opened, contextlib.ExitStack() as Browser.opened:
            yield opened


class Browser:
    """Keeps cookies, and knows the token of the last page."""

    opened = contextlib.ExitStack()

    def __init__(self, site: Site) -> None:
        client = httpx2.Client(base_url=site.url, follow_redirects=False, timeout=30)
        self.client = self.opened.enter_context(client)
        self.token = ""

    def get(self, path: str, **headers: str) -> httpx2.Response:
        answer = self.client.get(path, headers=headers)
        if found := TOKEN.search(answer.text):
            self.token = found[1]
        return answer

    def post(self, path: str, data: dict[str, str], **headers: str) -> httpx2.Response:
        return self.client.post(path, data={"_token": self.token, **data}, headers=headers)

    def log_in(self, role: str, password: str = PASSWORD, next: str = "/leads") -> httpx2.Response:
        self.get("/login")
        told = {"email": PEOPLE.get(role, role), "password": password, "next": next}
        return self.post("/login", told)


@pytest.fixture(scope="module")
def browsers(gate: Site) -> dict[str, Browser]:
    found = {role: Browser(gate) for role in (*PEOPLE, "nobody")}
    for role in PEOPLE:
        assert found[role].log_in(role).status_code == 303
    found["nobody"].get("/login")
    return found


def plain(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "0190a000-0000-7000-8000-000000000000", path)


def name_of(route: Route) -> str:
    return route.name


@pytest.mark.parametrize("route", LOGGED_IN, ids=name_of)
def test_nobody_comes_in_without_a_login(route: Route, browsers: dict[str, Browser]) -> None:
    path = plain(route.path)
    if route.method == "POST":
        assert browsers["nobody"].post(path, {}).status_code == 401
        return
    answer = browsers["nobody"].get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")
    assert browsers["nobody"].get(path, **{"x-leadloom": "1"}).status_code == 401


@pytest.mark.parametrize("route", [r for r in LOGGED_IN if r.role != "viewer"], ids=name_of)
def test_a_role_too_low_is_refused(route: Route, browsers: dict[str, Browser]) -> None:
    lower = ROLES[ROLES.index(route.role) - 1]
    answer = browsers[lower].client.request(route.method, plain(route.path))
    assert answer.status_code == 403
    assert "may" in answer.text


@pytest.mark.parametrize("route", LOGGED_IN, ids=name_of)
def test_the_role_demanded_is_enough(route: Route, browsers: dict[str, Browser]) -> None:
    answer = browsers[route.role].client.request(route.method, plain(route.path))
    # A form without its token goes no further than this, whoever sends it.
    wanted = {403} if route.method == "POST" else {200, 303, 400, 404, 409}
    assert answer.status_code in wanted, answer.text
    if route.method == "POST":
        assert "too old" in answer.text


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=name_of)
def test_a_form_of_another_site_is_refused(route: Route, browsers: dict[str, Browser]) -> None:
    owner = browsers["owner"]
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        answer = owner.post(plain(route.path), {}, **headers)
        assert (answer.status_code, "another site" in answer.text) == (403, True)
    answer = owner.post(plain(route.path), {}, **{"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_what_changes_something_is_not_for_viewers() -> None:
    lists, harmless = ("leads", "companies"), ("views/save", "views/remove", "bulk/export")
    own = {"POST /login", "POST /logout", "POST /password"}
    own |= {f"POST /{one}/{do}" for one in lists for do in harmless}
    found = {
        one.name for one in ROUTES if one.method == "POST" and one.role in ("anyone", "viewer")
    }
    assert found - own == set()


def test_the_table_of_routes_is_as_written_down() -> None:
    """What each address demands, to be read in one place: a change here is looked at twice."""
    table = "".join(f"{one.role:7} {one.name}\n" for one in sorted(ROUTES, key=lambda r: r.path))
    path = Path(__file__).with_name("routes.txt")
    if not path.exists():
        path.write_text(table, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == table, f"remove {path} and look at the new one"


def test_a_route_without_a_role_fails_at_the_start() -> None:
    with pytest.raises(ValueError, match="demands"):
        checked([get("/new", lambda visit: PlainTextResponse(""), role=None)])  # type: ignore[arg-type]


def test_cookies_are_kept_from_scripts_and_other_sites(gate: Site) -> None:
    browser = Browser(gate)
    answer = browser.log_in("viewer")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_behind_a_proxy_with_tls_cookies_travel_encrypted_only(gate: Site) -> None:
    with httpx2.Client(base_url=gate.url) as client:
        client.headers |= {"x-forwarded-proto": "https", "host": "localhost"}
        page = client.get("/login")
        assert page.headers["set-cookie"].endswith("Secure")
        assert "strict-transport-security" in page.headers
        found = TOKEN.search(page.text)
        assert found
        told = {"_token": found[1], "email": PEOPLE["viewer"], "password": PASSWORD}
        client.headers["cookie"] = page.headers["set-cookie"].partition(";")[0]
        answer = client.post("/login", data=told, headers={"origin": "https://localhost"})
        assert answer.status_code == 303
        assert answer.headers["set-cookie"].endswith("Secure")
        answer = client.post("/login", data=told, headers={"origin": "http://localhost"})
        assert (answer.status_code, "another site" in answer.text) == (403, True)


def test_a_site_without_a_login_is_for_this_computer_alone(site: Site) -> None:
    answer = httpx2.get(f"{site.url}/leads", headers={"x-forwarded-for": "203.0.113.9"})
    assert (answer.status_code, "demands a login" in answer.text) == (403, True)
    answer = httpx2.get(f"{site.url}/leads", headers={"x-forwarded-for": "127.0.0.1"})
    assert answer.status_code == 200


def test_a_session_can_be_revoked_and_ends_with_the_password(gate: Site) -> None:
    browser = Browser(gate)
    gate.ws.users.add("zo@example.com")
    gate.ws.logins.set_password("zo@example.com", PASSWORD)
    browser.log_in("zo@example.com")
    assert browser.get("/leads").status_code == 200
    newest = gate.ws.logins.list("zo@example.com")[0]
    gate.ws.logins.revoke(newest.id)
    assert browser.get("/leads").status_code == 303
    browser.log_in("zo@example.com")
    gate.ws.logins.set_password("zo@example.com", PASSWORD)
    assert browser.get("/leads").status_code == 303
    browser.log_in("zo@example.com")
    browser.get("/leads")
    browser.post("/logout", {})
    assert browser.get("/leads").status_code == 303


def test_a_member_changes_their_own_password(gate: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "_patience", login._Patience())
    gate.ws.users.add("yo@example.com", role="viewer")
    gate.ws.logins.set_password("yo@example.com", PASSWORD)
    here, elsewhere = Browser(gate), Browser(gate)
    for browser in (here, elsewhere):
        browser.log_in("yo@example.com")
    assert "Your new password" in here.get("/settings").text
    refused = here.post("/password", {"before": "wrong", "after": "another long one"})
    assert (refused.status_code, "not the password" in refused.text) == (400, True)
    assert here.post("/password", {"before": PASSWORD, "after": "short"}).status_code == 400
    assert here.post("/password", {"before": PASSWORD, "after": "another long one"}).is_redirect
    assert here.get("/leads").status_code == 200
    assert elsewhere.get("/leads").status_code == 303
    assert Browser(gate).log_in("yo@example.com").status_code == 401
    assert Browser(gate).log_in("yo@example.com", "another long one").status_code == 303


def test_wrong_passwords_have_to_wait(gate: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "_patience", login._Patience())
    browser = Browser(gate)
    for _ in range(5):
        assert "do not belong together" in browser.log_in("owner", "wrong").text
    answer = browser.log_in("owner")
    assert answer.status_code == 401
    assert "wait" in answer.text


def test_addresses_of_one_network_wait_together(
    gate: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "_patience", login._Patience())
    monkeypatch.setattr(type(gate.ws.logins), "begin", lambda *_: None)  # a second each otherwise
    browser = Browser(gate)
    browser.get("/login")
    told = []
    for n in range(7):
        data = {"email": f"x{n}@example.com", "password": "wrong"}
        answer = browser.post("/login", data, **{"x-forwarded-for": f"2001:db8:1:2::{n}"})
        told.append("wait" in answer.text)
    assert told == [False] * 5 + [True] * 2


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_login_leads_nowhere_else(gate: Site, next: str) -> None:
    answer = Browser(gate).log_in("viewer", next=next)
    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith(("//", "/\\"))


def test_an_address_of_this_site_is_kept() -> None:
    assert own_path("http://127.0.0.1:8520/leads?q=a") == "/leads?q=a"
    assert own_path("/leads?q=a") == "/leads?q=a"


def test_the_site_does_not_answer_to_another_name(site: Site) -> None:
    answer = httpx2.get(f"{site.url}/leads", headers={"host": "evil.example"})
    assert answer.status_code == 403
    assert "evil.example" in answer.text


def test_every_answer_says_what_its_page_may_load(site: Site) -> None:
    for path in ("/leads", "/nothing", "/counts"):
        headers = httpx2.get(site.url + path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_a_form_too_large_is_refused(site: Site) -> None:
    answer = httpx2.post(f"{site.url}/undo", content=b"x" * 3_000_000)
    assert answer.status_code == 413
