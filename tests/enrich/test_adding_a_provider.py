"""docs/adding-a-provider.md, followed word by word."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-provider.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def follow(folder: Path) -> list[str]:
    """Write the files of the page into a folder; return its commands, in order."""
    commands = []
    for kind, text in FENCE.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "shell":
            commands += text.splitlines()
        else:
            name = text.splitlines()[0].removeprefix("# ")
            (folder / name).write_text(text, encoding="utf-8")
    return commands


def run(line: str, folder: Path) -> str:
    """Run a command of the page; what it installs goes into a folder of its own."""
    installed = folder / "installed"
    if line.startswith("pip install"):
        # What it builds with is here, and the users' environment is left as it is.
        line = f"{sys.executable} -m pip install -q --no-deps --no-build-isolation -t {installed} ."
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(installed),
        "LEADLOOM_DB": str(folder / "leads.db"),
        "POSTCODES_URL": "http://127.0.0.1:9",  # nobody is there
    }
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True
    )
    # One of the trials finds nobody there.
    wanted = (0, 1) if "providers test" in line else (0,)
    assert done.returncode in wanted, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_whoever_follows_the_page_has_a_provider(tmp_path: Path) -> None:
    """It builds a package and starts six programs: that takes a few seconds."""
    commands = follow(tmp_path)
    printed = {line: run(line, tmp_path) for line in commands}
    assert [line.split()[0] for line in commands] == ["pip", *["leadloom"] * 4, "pytest"]
    listed = printed["leadloom providers"]
    assert re.search(
        r"postcodes +city +postal_code, country +0 +ready +the city of a post code", listed
    ), listed
    tried = printed["leadloom providers test postcodes postal_code=80331 country=DE"]
    assert "Asked postcodes: postal_code=80331, country=DE" in tried
    assert "It failed: it cannot be reached." in tried
    assert "Traceback" not in "".join(printed.values())
    assert "2 passed" in printed["pytest test_postcodes.py"], printed["pytest test_postcodes.py"]


def test_the_page_names_every_part_of_the_contract() -> None:
    from leadloom.connect import failure
    from leadloom.enrich.provider import OutsideProvider

    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`|^ {4}(\w+)=", text, re.MULTILINE))
    flat = {one for pair in named for one in pair}
    assert set(OutsideProvider.__dataclass_fields__) <= flat
    errors = {name for name in vars(failure) if name.endswith("Error")}
    assert errors - {"OutsideError"} <= flat
