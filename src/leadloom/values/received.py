"""Values as files hold them (numbers, lists, objects) written out as a person would."""

import json
import math
from typing import Any


def as_text(raw: Any) -> str:
    """A value of a workbook or of JSON as text; "" for nothing, NaN and the unspeakable."""
    if raw is None or isinstance(raw, str):
        return raw or ""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, float):
        return _float(raw)
    if isinstance(raw, list | tuple):
        return ", ".join(filter(None, map(as_text, raw)))
    try:
        return json.dumps(raw, ensure_ascii=False) if isinstance(raw, dict) else str(raw)
    except (ValueError, TypeError, RecursionError):
        return ""  # an integer of thousands of digits, an object nested without end


def _float(raw: float) -> str:
    if not math.isfinite(raw):
        return ""
    # Workbooks hold every number as a float; whole ones up to 2**53 are exact.
    return str(int(raw)) if raw.is_integer() and abs(raw) <= 2**53 else repr(raw)
