"""Everything the README and the docs show is run: what they say is true today.

A `sh` fence holds commands, a `console` fence commands after `$` with lines of what they print, in
which `…` stands for anything. A command ends with exit code 0 unless it says `# exits with 1`.
The `python` fences of a page are one program.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from servers import fresh
from typer.testing import CliRunner

from leadloom import errors
from leadloom.cli.app import app
from leadloom.config import SETTINGS
from leadloom.imports.layouts import LAYOUTS
from leadloom.imports.request import POLICIES
from leadloom.outreach.builtin import built_in_templates
from leadloom.outreach.filters import FILTERS
from leadloom.outreach.variables import EVENT, SENDER

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL_PAGES = [*PAGES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "adr").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)")
EXIT_CODE = re.compile(r"# exits with (\d)")
NOT_RUN = ("make ", "git clone ", "cd ")
SERVERS = {
    "postgresql://leadloom@localhost/leads": "postgres",
    "mariadb://leadloom@localhost/leads": "mariadb",
}
OF_THE_SHELL = re.compile(r"[|<>&;()*]+")
TIMEOUT_S = 60


@dataclass(slots=True)
class Command:
    """A command as shown, and the lines that are shown of what it prints."""

    line: str
    shown: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        found = EXIT_CODE.search(self.line)
        return int(found[1]) if found else 0


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def fences_of(page: Path, language: str) -> list[str]:
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def commands_of(page: Path) -> list[Command]:
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    shown = [one for kind, text in found for one in commands_in(kind, text)]
    return [one for one in shown if not f"{one.line} ".startswith(NOT_RUN)]


def commands_in(kind: str, text: str) -> Iterator[Command]:
    lines = text.replace("\\\n", "").splitlines()
    if kind == "sh":
        yield from (Command(line) for line in lines if line and not line.startswith("#"))
    elif kind == "console":
        command = None
        for line in lines:
            if line.startswith("$ "):
                if command:
                    yield command
                command = Command(line.removeprefix("$ "))
            elif command and line:
                command.shown.append(line)
        if command:
            yield command


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the sample files, a database to come, and `leadloom` on the path."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEADLOOM_DB", f"sqlite:///{tmp_path / 'leads.db'}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("LEADLOOM_DEBUG", raising=False)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", [p for p in PAGES if commands_of(p)], ids=name_of)
def test_the_commands_of_a_page_do_what_it_says(page: Path, request: pytest.FixtureRequest) -> None:
    addresses: dict[str, str] = {}
    for command in commands_of(page):
        line = command.line
        for shown, server in SERVERS.items():
            if shown in line:
                if shown not in addresses:
                    addresses[shown] = fresh(request.getfixturevalue(server), "docs")
                line = line.replace(shown, shlex.quote(addresses[shown]))
        code, printed = type_in(line)
        assert code == command.exit_code, f"{command.line}\n{printed}"
        assert "Traceback" not in printed, f"{command.line}\n{printed}"
        assert_shows(command, printed)


def type_in(line: str) -> tuple[int, str]:
    """Run a line as typed; what needs no shell is run in this process, ten times as quickly."""
    words = shlex.shlex(line, posix=True, punctuation_chars="|<>&;()*")
    words.whitespace_split = True
    program, *arguments = words
    if program == "leadloom" and not any(map(OF_THE_SHELL.fullmatch, arguments)):
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.output
    return run(["bash", "-c", line])


def run(words: list[str]) -> tuple[int, str]:
    done = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_S,
        check=False,
    )
    return done.returncode, done.stdout.decode("utf-8")


def assert_shows(command: Command, printed: str) -> None:
    """The lines shown are among those printed, in this order."""
    lines = iter(printed.splitlines())
    for shown in command.shown:
        pattern = re.compile(".*".join(map(re.escape, shown.rstrip().split("…"))))
        assert any(pattern.fullmatch(line.rstrip()) for line in lines), (
            f"{command.line}\nno longer prints {shown!r} where the page shows it, but:\n{printed}"
        )


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("page", [p for p in PAGES if fences_of(p, "python")], ids=name_of)
def test_the_python_of_a_page_runs(page: Path) -> None:
    program = "\n".join(fences_of(page, "python"))
    code, printed = run([sys.executable, "-W", "error", "-c", program])
    assert code == 0, printed


@pytest.mark.parametrize("page", ALL_PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [name_of(page) for page in PAGES[1:]]
    assert [page for page in pages if f"({page})" not in readme] == []


NAMES_TO_FIND = {
    "docs/importing.md": [*(layout.name for layout in LAYOUTS), *POLICIES],
    "docs/settings.md": [*SETTINGS],
    "docs/drafting.md": [*FILTERS, *EVENT, *SENDER, *built_in_templates()],
    "docs/python.md": [
        name for name, kind in vars(errors).items() if isinstance(kind, type) and "Error" in name
    ],
}


@pytest.mark.parametrize("page", NAMES_TO_FIND)
def test_a_page_leaves_nothing_out(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"[`*]([^`*\n]+)[`*]", text))
    assert [name for name in NAMES_TO_FIND[page] if name not in named] == []


def test_the_settings_page_gives_the_defaults() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*?)`? \|", text, re.MULTILINE))
    shown = {key: str(one.default).lower() or "empty" for key, one in SETTINGS.items()}
    assert {key: value.lower() for key, value in rows.items()} == shown
