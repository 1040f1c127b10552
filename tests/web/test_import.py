"""Bringing files in through the browser: dropped, looked at, mended, taken in, taken back."""

import io
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from serving import Site

from leadloom.web import imports_uploads
from leadloom.web.imports_uploads import UPLOADS, safe_name

FAIR = (
    "Name,E-Mail,Firma,Stand\nAda Lind,ada@acme.example,Acme,A1\nBo Kast,bo@acme.example,Acme,B2\n"
)
MORE = "Full name,Mail,Remark\nAda Lind,ada@acme.example,met twice\n,,only a remark\n"
TOKEN = re.compile(r'name="_token" value="([^"]+)"')


@pytest.fixture
def client(own_site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=own_site.url, follow_redirects=False, timeout=30) as opened:
        yield opened


def send(client: httpx2.Client, *files: tuple[str, bytes], **headers: str) -> httpx2.Response:
    token = TOKEN.search(client.get("/import").text)
    assert token
    parts = [("file", (name, data)) for name, data in files]
    return client.post("/import/upload", data={"_token": token[1]}, files=parts, headers=headers)


def drop(page: Page, *files: tuple[str, str]) -> None:
    """Drop files somewhere on the page."""
    page.evaluate(
        """files => {
            const dataTransfer = new DataTransfer();
            for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
            for (const type of ["dragenter", "dragover", "drop"]) {
                const about = { dataTransfer, bubbles: true, cancelable: true };
                document.querySelector(".drop").dispatchEvent(new DragEvent(type, about));
            }
        }""",
        files,
    )


def test_the_import_can_be_read_by_everybody(look: Callable[..., None]) -> None:
    def review(page: Page) -> None:
        folder = Path(__file__).parents[2] / "examples"
        page.locator("#file").set_input_files(
            [folder / "hannover-fair-2026.xlsx", folder / "Connections.csv"]
        )
        expect(page.get_by_role("button", name="Import")).to_be_visible()

    look("/import", "import", review)


def test_files_are_looked_at_mended_taken_in_and_taken_back(own_site: Site, desk: Page) -> None:
    ws = own_site.ws
    desk.goto(f"{own_site.url}/import")
    expect(desk.locator("main")).to_contain_text("What can be imported")
    drop(desk, ("fair.csv", FAIR), ("more.csv", MORE))
    expect(desk.locator(".outcome.created summary")).to_contain_text("2")
    expect(desk.locator(".outcome.updated summary")).to_contain_text("1")
    desk.locator(".outcome.failed summary").click()
    expect(desk.locator(".outcome.failed tbody")).to_contain_text("identifies")
    stand = desk.locator(".mapping tr", has_text="Stand")
    expect(stand).to_contain_text("A1 · B2")
    desk.get_by_label("Change what Stand becomes").click()
    desk.get_by_label("It becomes").select_option(label="Department")
    desk.get_by_role("button", name="Try it out").last.click()
    expect(stand).to_contain_text("as you said")
    assert ws.leads.count() == 0, "so far it was a rehearsal"
    desk.reload()  # what was said is kept
    expect(stand).to_contain_text("Department")
    desk.get_by_role("button", name="Import").click()
    expect(desk.locator("#run")).to_contain_text("Completed")
    assert "/runs/" in desk.url
    found = ws.leads.find("Bo Kast").items[0]
    assert (found.department, ws.leads.count()) == ("B2", 2)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Problems as CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "more.csv" in text
    assert "only a remark" in text
    desk.get_by_role("link", name="Undo").click()
    expect(desk.locator("#dialog")).to_contain_text("Leads removed")
    desk.get_by_role("button", name="Take it back").click()
    expect(desk.locator("#run")).to_contain_text("Undone")
    assert ws.leads.count() == 0


def test_files_are_kept_apart_and_deleted_when_they_are_in(
    own_site: Site, client: httpx2.Client
) -> None:
    answer = send(client, ("../../etc/fair.csv", FAIR.encode()), ("fair.csv", MORE.encode()))
    path = answer.headers["location"]
    token = path.rpartition("/")[2]
    upload = UPLOADS._kept[token]
    assert upload.names == ["fair.csv", "fair.csv"]
    assert all(one.is_relative_to(upload.folder) for one in upload.paths)
    assert upload.folder.stat().st_mode & 0o077 == 0
    assert "They speak of 2 people" in client.get(f"{path}/plan").text
    csrf = TOKEN.search(client.get("/import").text)
    assert csrf
    run = client.post(f"{path}/run", data={"_token": csrf[1]}).headers["location"]
    until = time.monotonic() + 60
    while upload.folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert "Completed" in client.get(f"{run}/head").text
    assert own_site.ws.leads.count() == 2
    assert client.get(path).status_code == 404


def test_what_is_no_list_is_refused_with_what_to_do(client: httpx2.Client) -> None:
    pdf = ("brochure.pdf", b"%PDF-1.7 nothing to see")
    answer = send(client, pdf, **{"x-leadloom": "1"})
    assert answer.status_code == 400
    assert "export the list as xlsx or csv" in answer.json()["error"]
    assert "/tmp" not in answer.text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("fair.csv", FAIR)
    answer = send(client, pdf, ("fair.zip", packed.getvalue()))
    plan = client.get(f"{answer.headers['location']}/plan").text
    assert "brochure.pdf" in plan
    assert "fair.csv" in plan
    assert send(client, ("empty.csv", b""), **{"x-leadloom": "1"}).status_code == 400


def test_what_a_killed_process_left_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    names = (f"leadloom-uploads-{dead.pid}-a", f"leadloom-uploads-{os.getpid()}-b", "else-1-c")
    for name in names:
        (tmp_path / name).mkdir()
    imports_uploads._sweep()
    assert {path.name for path in tmp_path.iterdir()} == set(names[1:])


def test_files_of_one_are_not_anothers(client: httpx2.Client) -> None:
    answer = send(client, ("fair.csv", FAIR.encode()))
    token = answer.headers["location"].rpartition("/")[2]
    UPLOADS._kept[token].owner = (4711, 4711)
    assert client.get(f"/import/{token}").status_code == 404
    assert client.get(f"/import/{token}/plan").status_code == 404


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\jo\\fair.csv", "fair.csv"),
        ("../../.bashrc", "bashrc"),
        ("a\x00b\x1b[31m.csv", "ab[31m.csv"),
        ("..", "file"),
        ("x" * 400 + ".csv", "x" * 108 + ".csv"),
        ("Messe Köln 2026.xlsx", "Messe Köln 2026.xlsx"),
    ],
)
def test_names_of_files_are_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept
