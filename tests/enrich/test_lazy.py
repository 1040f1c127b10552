"""What only some providers need is loaded by those, when they are asked."""

import subprocess
import sys

HEAVY = (
    *("resiliparse", "selectolax", "protego", "dns", "disposable_email_domains", "ddgs", "primp"),
    *("pydantic_ai", "openai", "anthropic", "genai_prices", "google.genai", "dbos"),
)


def test_nothing_heavy_is_loaded_to_begin_with() -> None:
    code = (
        "import sys, leadloom.workspace, leadloom.cli.app\n"
        "from leadloom.enrich.registry import registry\n"
        "registry()\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
