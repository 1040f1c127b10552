"""A source's text, decoded block by block."""

import codecs
from collections.abc import Callable

from leadloom.errors import InputError
from leadloom.imports.files.source import BLOCK, Source

STRAY = "leadloom.stray"


class Text:
    """Decodes a source forward and never stops at bytes that do not fit.

    Strays in UTF-8 are read as Windows-1252 (with `keep_strays`, kept as lone surrogates), those
    in other encodings as \ufffd; zero characters are removed. Each is told to `note` once.
    """

    def __init__(
        self, source: Source, encoding: str, note: Callable[[str], None], keep_strays: bool = False
    ) -> None:
        utf8 = encoding in ("utf-8", "utf-8-sig")
        errors = "replace" if not utf8 else "surrogateescape" if keep_strays else "strict"
        self._name = source.name
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._note = note
        self._noted: set[str] = set()
        self._stream = source.open()
        self._ended = False

    def read(self, size: int = BLOCK) -> str:
        """The text of about `size` more bytes; "" at the end. Raises InputError on damage."""
        text = ""
        while not text and not self._ended:
            block = self._stream.read1(size)
            self._ended = not block
            text = self._decode(block)
        return text

    def close(self) -> None:
        self._stream.close()

    def _decode(self, block: bytes) -> str:
        try:
            text = self._decoder.decode(block, self._ended)
        except UnicodeDecodeError:
            self._decoder.errors = STRAY
            self._tell("some bytes are not UTF-8 and were read as Windows-1252; check those rows")
            text = self._decoder.decode(block, self._ended)
        except UnicodeError as error:
            raise InputError(
                f"{self._name} cannot be read as {self._encoding}; name another encoding"
            ) from error
        if self._decoder.errors == "replace" and "\ufffd" in text:
            self._tell(f"some bytes are not {self._encoding} and were read as \ufffd")
        if "\0" in text:
            self._tell("zero characters were removed")
            text = text.replace("\0", "")
        return text

    def _tell(self, what: str) -> None:
        if what not in self._noted:
            self._noted.add(what)
            self._note(f"{self._name}: {what}")


def _stray_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes UTF-8 refuses as Windows-1252, else Latin-1, which knows all 256."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    strays = error.object[error.start : error.end]
    try:
        return strays.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return strays.decode("latin-1"), error.end


codecs.register_error(STRAY, _stray_bytes)
