"""The typeface, without the names of its letters: nobody types these, and they are sent to all."""

import struct
from importlib.resources import files
from typing import Final

_NAMES: Final = b"post"
_NO_NAMES: Final = 0x00030000  # the version of that table which has none
_KEPT_BYTES: Final = 32
_HEAD: Final = ">4sHHHH"
_ENTRY: Final = ">4sIII"


def manrope() -> bytes:
    """Return Manrope as a TrueType file of every weight."""
    folder = files("font_manrope") / "files"
    return without_names((folder / "Manrope-VariableFont_wght.ttf").read_bytes())


def without_names(font: bytes) -> bytes:
    """Return a TrueType file without glyph names; all else stays as it is."""
    kind, count, *search = struct.unpack_from(_HEAD, font)
    entries = [struct.unpack_from(_ENTRY, font, 12 + 16 * number) for number in range(count)]
    directory = struct.pack(_HEAD, kind, count, *search)
    tables, start = b"", 12 + 16 * count
    for tag, check, offset, length in entries:
        data = font[offset : offset + length]
        if tag == _NAMES:
            data = struct.pack(">I", _NO_NAMES) + data[4:_KEPT_BYTES]
            check = sum(struct.unpack(f">{len(data) // 4}I", data)) % 2**32
        directory += struct.pack(_ENTRY, tag, check, start + len(tables), len(data))
        tables += data + bytes(-len(data) % 4)
    return directory + tables
