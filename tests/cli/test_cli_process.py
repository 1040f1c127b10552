"""A real process: its pipes, its locale, how fast it is there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment with a database and a data folder of its own."""
    return {
        "PATH": os.environ["PATH"],
        "LEADLOOM_DB": str(tmp_path / "leads.db"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "HOME": str(tmp_path),
    }


def leadloom(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "leadloom", *arguments], env=env, capture_output=True, check=False
    )


def test_output_is_utf_8_whatever_the_locale(env):
    odd = env | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    odd["PYTHONIOENCODING"] = "latin-1"
    assert leadloom("add", "full_name=Chloé Δήμου", env=env).returncode == 0
    listed = leadloom("leads", env=odd)
    assert listed.returncode == 0
    assert "Chloé Δήμου" in listed.stdout.decode("utf-8")
    items = json.loads(leadloom("leads", "--json", env=odd).stdout.decode("utf-8"))["items"]
    assert items[0]["full_name"] == "Chloé Δήμου"


def test_a_reader_that_goes_away_ends_the_command_quietly(env, tmp_path):
    rows = "".join(f"Name{n} Person{n},n{n}@example{n}.com,{'x' * 300}\n" for n in range(900))
    (tmp_path / "many.csv").write_text(f"name,email,notes\n{rows}", encoding="utf-8")
    assert leadloom("import", str(tmp_path / "many.csv"), env=env).returncode == 0
    for form in ("--csv", "--json"):
        with subprocess.Popen(
            [sys.executable, "-m", "leadloom", "leads", "--limit", "900", form],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(10)
            process.stdout.close()
            complaint = process.stderr.read()
            assert process.wait() == 0
        assert b"Error" not in complaint
        assert b"Traceback" not in complaint
        assert b"Exception" not in complaint


def test_nothing_heavy_is_loaded_to_say_the_version(env):
    probe = (
        "import sys\n"
        "from leadloom.cli import main\n"
        "sys.argv = ['leadloom', 'version']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'sqlalchemy', 'alembic', 'phonenumbers', 'openpyxl', 'jinja2', 'rich.table'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", probe], env=env, capture_output=True, check=True)
    version, loaded = done.stdout.decode().splitlines()
    assert version.startswith("leadloom ")
    assert loaded == "[]"


def test_completion_offers_the_commands(env):
    asked = env | {
        "_LEADLOOM_COMPLETE": "complete_bash",
        "COMP_WORDS": "leadloom te",
        "COMP_CWORD": "1",
    }
    done = leadloom(env=asked)
    assert b"templates" in done.stdout
    assert b"leads" not in done.stdout
