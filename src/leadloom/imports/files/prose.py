"""Texts for people to read, such as the readme.txt that lies beside tables in an archive."""

import re
from pathlib import PurePosixPath

from leadloom.imports.files.dialect import USUAL, tell_dialect
from leadloom.imports.files.header import EMAIL
from leadloom.imports.files.kind import HEAD_BYTES
from leadloom.imports.files.source import Source

PROSE_NAMES = re.compile(
    r"(?:read[-_ ]?me|licen[cs]e|copying|notice|change[-_ ]?log|liesmich|terms)\b.*", re.IGNORECASE
)
PROSE_SUFFIXES = (".txt", ".md", ".rst", ".log", ".nfo", "")
LINES_JUDGED = 50


def is_prose(source: Source) -> bool:
    """Whether a text without a table's name holds no table: no delimiter splits most of its lines
    alike, and none is an address."""
    path = PurePosixPath(source.name.rpartition("!")[2])
    named = PROSE_NAMES.fullmatch(path.name) is not None
    if not named and path.suffix.lower() not in PROSE_SUFFIXES:
        return False
    text = source.head(HEAD_BYTES).decode("utf-8", "replace")
    lines = [line for line in text.splitlines() if line.strip()][:LINES_JUDGED]
    if any(EMAIL.fullmatch(line.strip()) for line in lines):
        return False
    delimiter = tell_dialect([f"{line}\n" for line in lines]).delimiter
    split = sum(delimiter in USUAL and delimiter in line for line in lines)
    return split * 2 <= len(lines) or len(lines) < 2
