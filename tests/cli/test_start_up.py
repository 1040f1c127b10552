"""What takes long to load is loaded by the commands that need it."""

import subprocess
import sys


def test_what_reads_workbooks_and_suffixes_is_not_loaded_to_begin_with() -> None:
    code = (
        "import sys, leadloom.workspace, leadloom.cli.app\n"
        "print([name for name in ('openpyxl', 'tldextract', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
