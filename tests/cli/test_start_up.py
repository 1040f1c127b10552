"""What takes long to load is loaded by the commands that need it."""

import subprocess
import sys
from pathlib import Path

import leadloom
from leadloom.workspace import Workspace

# What reads files, compares people, writes mails and asks others stands on.
_HEAVY = (
    *("openpyxl", "tldextract", "requests", "numpy", "jinja2", "nameparser", "phonenumbers"),
    *("rapidfuzz", "httpx2", "leadloom.imports.importer", "leadloom.enrich.registry"),
)
_LOOK = (
    "import sys, leadloom\n"
    "with leadloom.open(sys.argv[1]) as ws:\n"
    "    print(len(ws.leads.find().items), len(ws.runs.list(edits=True).items))\n"
    f"print([name for name in {_HEAVY} if name in sys.modules])"
)


def test_who_only_looks_loads_little(tmp_path: Path) -> None:
    url = str(tmp_path / "leads.db")
    with leadloom.open(url) as ws:
        ws.leads.add({"email": "ann@acme.de", "phone": "+49 171 5550001", "title": "CTO"})
    command = [sys.executable, "-c", _LOOK, url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["1 1", "[]"]


def test_each_kind_of_verbs_is_what_it_is_said_to_be(tmp_path: Path) -> None:
    with leadloom.open(str(tmp_path / "leads.db")) as ws:
        for name, kind in Workspace.__annotations__.items():
            found = getattr(ws, name)
            assert type(found).__name__ == kind
            assert getattr(ws, name) is found
