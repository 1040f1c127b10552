"""JSON values one after another out of a text of any size."""

import json
import re
from typing import Any

from leadloom.errors import InputError
from leadloom.imports.files.table import Limits
from leadloom.imports.files.text import Text

HELD_ROWS = 3  # a value somewhat too long is still read, to be refused alone, without the rest
BETWEEN = re.compile(r"[\s,\ufeff]*")
UNSTORABLE = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)


class JsonText:
    """A cursor over JSON text, holding no more than one value of three times `limits.row_bytes`.

    The standard decoder is used rather than an event parser: it is faster on rows, takes any
    encoding, NaN and concatenated documents, and gives plain ints and floats.
    """

    def __init__(self, text: Text, name: str, limits: Limits) -> None:
        self._text = text
        self._name = name
        self._limits = limits
        self._held = ""
        self._at = 0
        self._ended = False

    def next_mark(self) -> str:
        """The next character that is no space or comma, without taking it; "" at the end."""
        while True:
            self._at = BETWEEN.match(self._held, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._held) or not self._read_on():
                return self._held[self._at : self._at + 1]

    def take(self, mark: str) -> bool:
        """Step over `mark` if it comes next."""
        if self.next_mark() != mark:
            return False
        self._at += 1
        return True

    def value(self, what: str) -> tuple[Any, int]:
        """The next value and its length in characters; `what` names it in errors.

        Raises InputError when it is not JSON, is cut off, too large or too deep.
        """
        self.next_mark()
        while True:
            try:
                value, end = _decode(self._held, self._at)
            except RecursionError as error:
                raise InputError(f"{self._name}: {what} is nested too deeply") from error
            except ValueError as error:
                if not self._grow(what):
                    raise self._invalid(what, error) from error
                continue
            if end == len(self._held) and not self._ended:  # a number may go on
                self._grow(what)
                continue
            length, start, self._at = end - self._at, self._at, end
            if UNSTORABLE.search(self._held, start, end):
                value = _storable(value)
            return value, length

    def rest_of_head(self, size: int) -> str:
        """What comes next, up to `size` characters, without taking it."""
        while len(self._held) - self._at < size and self._read_on():
            pass
        return self._held[self._at : self._at + size]

    def close(self) -> None:
        self._text.close()

    def _grow(self, what: str) -> bool:
        """Hold more of the text, twice as much each time; False at its end."""
        held = len(self._held) - self._at
        if held > HELD_ROWS * self._limits.row_bytes:
            raise InputError(
                f"{self._name}: {what} is not valid JSON, or longer than "
                f"{HELD_ROWS * self._limits.row_bytes:,} characters; mend or shorten it"
            )
        grown = self._read_on()
        while len(self._held) - self._at < 2 * held and self._read_on():
            pass
        return grown

    def _read_on(self) -> bool:
        more = "" if self._ended else self._text.read()
        self._ended = not more
        self._held = self._held[self._at :] + more
        self._at = 0
        return bool(more)

    def _invalid(self, what: str, error: ValueError) -> InputError:
        where = error.msg if isinstance(error, json.JSONDecodeError) else "unreadable number"
        begins = self._held[self._at : self._at + 40]
        return InputError(
            f"{self._name}: {what} is not valid JSON or cut off ({where}, {begins!r} …); "
            "export it again"
        )


def _whole(digits: str) -> int | str:
    """An int, or the digits as text where Python refuses them for their number."""
    try:
        return int(digits)
    except ValueError:
        return digits


STRICT = json.JSONDecoder(strict=False)
LENIENT = json.JSONDecoder(strict=False, parse_int=_whole)


def _decode(text: str, start: int) -> tuple[Any, int]:
    try:
        return STRICT.raw_decode(text, start)
    except json.JSONDecodeError:
        raise
    except ValueError:
        return LENIENT.raw_decode(text, start)


def decode_line(line: str) -> Any:
    """The one value a line of JSON Lines holds. Raises ValueError or RecursionError otherwise."""
    value, end = _decode(line, len(line) - len(line.lstrip()))
    if line[end:].strip(" \t\r\n,"):
        raise ValueError("more than one value")
    return _storable(value) if UNSTORABLE.search(line) else value


def _storable(value: Any) -> Any:
    """Without the characters no database takes: zeros and halves of surrogate pairs."""
    if isinstance(value, str):
        text = value.replace("\0", "")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
