"""A command line on a fresh SQLite file, and a file of people to bring in."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from leadloom.cli.app import app

PEOPLE = """\
First Name,Last Name,Email,Company,Job Title,Country,Notes
Anna,Müller,anna@initech.example.com,Initech GmbH,Head of Purchasing,Germany,met at the fair
Bob,Stone,bob@acme.example.org,Acme Inc.,Engineer,United States,"=HYPERLINK(""x"")"
Chloé,Dubois,chloe@bijou.example.net,Bijou SARL,Directrice,France,
,,,,,,nobody at all
"""

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on a database of its own; nothing leaves the test's folder."""
    monkeypatch.chdir(tmp_path)
    env = {
        "LEADLOOM_DB": f"sqlite:///{tmp_path / 'leads.db'}",
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "LEADLOOM_DEBUG": None,
    }

    def run_command(*arguments: str, stdin: str | None = None, **more: str) -> Result:
        return CliRunner().invoke(app, list(arguments), input=stdin, env=env | more)

    return run_command


@pytest.fixture
def ask(run: Run) -> Callable[..., Any]:
    """Run a command with --json that must succeed, and read what it printed."""

    def ask_command(*arguments: str) -> Any:
        result = run(*arguments, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return ask_command


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A file of three people, one of them with a formula, and a row that names nobody."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database into which the three people were brought once."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    path = folder / "leads.db"
    result = CliRunner().invoke(app, ["--db", str(path), "import", str(folder / "people.csv")])
    assert result.exit_code == 1, result.stderr
    return path


@pytest.fixture
def filled(run: Run, filled_database: Path, tmp_path: Path) -> Run:
    """The command line on a database with the three people in it."""
    shutil.copyfile(filled_database, tmp_path / "leads.db")
    return run
