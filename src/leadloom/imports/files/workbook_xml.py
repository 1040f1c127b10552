"""The XML parts of a workbook, parsed as a stream: no entities, no endless tags, flat memory."""

import io
from collections.abc import Callable, Iterator
from xml.parsers import expat

from leadloom.errors import InputError

BLOCK = 128 * 1024
LONGEST_TAG = 1_000_000

Started = Callable[[str, dict[str, str]], None]
Ended = Callable[[str], None]
Characters = Callable[[str], None]


class ForbiddenError(Exception):
    """The XML declares a document type, through which entities would come."""


def parse(
    name: str,
    stream: io.BufferedReader,
    started: Started,
    ended: Ended | None = None,
    characters: Characters | None = None,
) -> Iterator[None]:
    """Parse a part block by block, yielding after each; names come without their prefix.

    Raises InputError for broken XML, for a document type, and for a tag longer than a megabyte.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = started
    if ended:
        parser.EndElementHandler = ended
    if characters:
        parser.CharacterDataHandler = characters
    fed = 0
    try:
        while block := stream.read1(BLOCK):
            fed += len(block)
            parser.Parse(block, False)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise InputError(f"{name} holds a tag that is too long; save it again as xlsx")
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as error:
        raise InputError(f"{name} is damaged ({error}); open it and save it again") from error
    except ForbiddenError as error:
        raise InputError(
            f"{name} declares XML entities, as an attack does; open it and save it again as xlsx"
        ) from error
    finally:
        stream.close()


def parse_whole(name: str, stream: io.BufferedReader, started: Started) -> None:
    """Parse a small part to its end."""
    for _ in parse(name, stream, started):
        pass


def local(name: str) -> str:
    """An element's or attribute's name without its namespace prefix."""
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise ForbiddenError
