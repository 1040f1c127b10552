"""Text as whole lines, in flat memory, whatever the line ends."""

import io
from collections.abc import Iterator

from leadloom.imports.files.source import BLOCK
from leadloom.imports.files.text import Text

OVERLONG = "\0overlong\0"  # cannot occur in a file: zero characters are removed on reading


class Lines:
    """Reads a text forward, some whole lines at a time, line ends kept.

    A line longer than `longest` characters arrives as OVERLONG and its first 100 characters, and
    sets `shortened`.
    """

    def __init__(self, text: Text, longest: int) -> None:
        self._text = text
        self._longest = longest
        self._held = ""
        self._skipping = False
        self._ended = False
        self.shortened = False

    def read(self, size: int = BLOCK) -> list[str]:
        """The next whole lines, about `size` bytes of them; none at the end of the text."""
        lines: list[str] = []
        while not lines and not self._ended:
            text = self._text.read(size)
            self._ended = not text
            lines = self._split(text)
        return lines

    def close(self) -> None:
        self._text.close()

    def __iter__(self) -> Iterator[str]:
        try:
            while lines := self.read():
                yield from lines
        finally:
            self.close()

    def _split(self, text: str) -> list[str]:
        """Whole lines of what is held plus `text`; an unfinished last one is held back."""
        text = self._held + text
        if self._skipping:
            text = self._after_overlong(text)
        cut = len(text) if self._ended else _last_line_end(text)
        self._held = text[cut:]
        lines = io.StringIO(text[:cut], newline="").readlines()
        if cut > self._longest:
            lines = [self._bounded(line) for line in lines]
        if len(self._held) > self._longest:
            lines.append(self._bounded(self._held))
            self._skipping, self._held = True, ""
        return lines

    def _after_overlong(self, text: str) -> str:
        ends = [end for end in (text.find("\n"), text.find("\r")) if end >= 0]
        if not ends:
            return ""
        self._skipping = False
        return text[min(ends) + 1 :]

    def _bounded(self, line: str) -> str:
        if len(line) <= self._longest:
            return line
        self.shortened = True
        return f"{OVERLONG}{line[:100]}\n"


def _last_line_end(text: str) -> int:
    """Just after the last line end; a final "\\r" waits, as "\\n" may follow it."""
    end = len(text) - 1 if text.endswith("\r") else len(text)
    return max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
