"""A provider that answers each question after a while, as if somebody far away had looked it up.

It waits in this process: what is measured is what Leadloom does around a call, not an HTTP client.
"""

import asyncio
import os
import sys
from decimal import Decimal
from pathlib import Path

from leadloom.enrich.provider import Answer, Found, Line, OutsideProvider, Question

NAME = "bench"
DELAY = "LEADLOOM_BENCH_DELAY_S"
_TRADES = ("Steel", "Paper", "Glass", "Timber", "Cement", "Textiles", "Tools", "Toys")


async def ask(question: Question, line: Line | None = None) -> Found:
    """Answer by the address, always the same."""
    await asyncio.sleep(float(os.environ[DELAY]))
    about = question.values["email"][0]
    trade = _TRADES[sum(about.encode()) % len(_TRADES)]
    return Found((Answer("industry", trade, 0.9, f"https://bench.test/{about}"),))


PROVIDER = OutsideProvider(NAME, ("industry",), ("email",), ask, price_usd=Decimal("0.0001"))


def install(folder: Path) -> dict[str, str]:
    """Write a package with the provider's entry point; return the variables that make it found."""
    about = folder / "leadloom_bench_provider-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: leadloom-bench-provider\nVersion: 1.0\n"
    )
    (about / "entry_points.txt").write_text(
        f"[leadloom.providers]\n{NAME} = {Path(__file__).stem}:PROVIDER\n"
    )
    path = [str(folder), str(Path(__file__).parent), *filter(None, sys.path[1:])]
    return {"PYTHONPATH": os.pathsep.join(path)}
