"""Records stored small: what they say, less what all records say.

A row says the same few things as its neighbours, and its facts say what its original says. Packed
with words known beforehand it takes half of its room (see ADR 16).
"""

import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import zstandard
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from leadloom.errors import DatabaseError
from leadloom.storage.packing_words import WORDS_1

# The first byte of what is packed names the words; text, and JSON therefore, never begins so.
_MARK_1, _MARK_2 = b"\x01", b"\x02"
_LEVEL_1, _LEVEL_2 = 3, 5
# Shorter than this, packing gains nothing.
_SHORTEST = 40

DAMAGED = "A record is damaged: `leadloom db check --full` tells which, and what to do."


class _Packer(threading.local):
    """A compressor and its reverse, one pair a thread: they are not safe to share."""

    def __init__(self, words: bytes, kind: int, level: int) -> None:
        known = zstandard.ZstdCompressionDict(words, dict_type=kind)
        parameters = zstandard.ZstdCompressionParameters.from_level(
            level, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_dict_id=0
        )
        self.compress = zstandard.ZstdCompressor(
            dict_data=known, compression_params=parameters
        ).compress
        self.decompress = zstandard.ZstdDecompressor(
            dict_data=known, format=zstandard.FORMAT_ZSTD1_MAGICLESS
        ).decompress


_packer_1 = _Packer(WORDS_1.encode(), zstandard.DICT_TYPE_RAWCONTENT, _LEVEL_1)
_packer_2 = _Packer(
    Path(__file__).with_name("packing_words_2.zdict").read_bytes(),
    zstandard.DICT_TYPE_FULLDICT,
    _LEVEL_2,
)


def pack(text: str) -> bytes:
    """Return text as bytes that `unpack` turns back; shorter, where that can be had."""
    return _pack(text, _MARK_2, _packer_2)


def pack_as_before(text: str) -> bytes:
    """Return text as bytes that versions before revision 0015 read, too."""
    return _pack(text, _MARK_1, _packer_1)


def _pack(text: str, mark: bytes, packer: _Packer) -> bytes:
    plain = text.encode("utf-8")
    if len(plain) < _SHORTEST and plain[:1] not in (_MARK_1, _MARK_2):
        return plain
    return mark + packer.compress(plain)


def unpack(packed: bytes | str) -> str:
    """Return the text that was packed; text that never was comes back as it is.

    Raises DatabaseError for what nobody packed: it was damaged since.
    """
    if isinstance(packed, str):
        return packed
    try:
        if packed[:1] == _MARK_2:
            packed = _packer_2.decompress(packed[1:])
        elif packed[:1] == _MARK_1:
            packed = _packer_1.decompress(packed[1:])
        return packed.decode("utf-8")
    except (zstandard.ZstdError, UnicodeDecodeError) as error:
        raise DatabaseError(DAMAGED) from error


def is_packed(stored: bytes | str | None) -> bool:
    """Whether a stored value needs no packing: nothing, too short to gain, or packed."""
    if stored is None or len(stored) < _SHORTEST:
        return True
    return isinstance(stored, bytes) and stored[:1] in (_MARK_1, _MARK_2)


def is_packed_anew(stored: bytes | str | None) -> bool:
    """Whether versions before revision 0015 could not read a stored value."""
    return isinstance(stored, bytes) and stored[:1] == _MARK_2


class Packed(TypeDecorator[str]):
    """Text stored packed. It can be asked for, and for being NULL, but not searched inside."""

    impl = sa.LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.BYTEA())
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.Text())  # where a column takes bytes as they are
        return dialect.type_descriptor(mysql.LONGBLOB())

    def bind_processor(self, dialect: Dialect) -> Any:
        return _packed

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return unpack(bytes(value))


def _packed(value: str | bytes | None) -> bytes | None:
    return pack(value) if isinstance(value, str) else value
