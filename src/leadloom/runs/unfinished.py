"""What a run keeps in its options until it is complete, so that it can go on where it stopped."""

import base64
import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Final

KEYS: Final = "keys"
"""The option that holds who was chosen, see `packed`."""

HALTED: Final = "halted"
"""The option that says: it stopped since its process ended, and not since somebody wanted it to."""


def packed(keys: Sequence[int]) -> str:
    """Return rising keys as text: neighbours differ by little, which packs well."""
    steps = [after - before for before, after in pairwise([0, *keys])]
    return base64.b64encode(zlib.compress(struct.pack(f"<{len(steps)}q", *steps))).decode()


def unpacked(text: str) -> list[int]:
    """Return the keys of a text that `packed` made."""
    data = zlib.decompress(base64.b64decode(text))
    return list(accumulate(struct.unpack(f"<{len(data) // 8}q", data)))
