"""The one module that knows the search engine: its schema, its documents, its queries.

An index holds one workspace's leads or companies. What is found depends on the documents alone,
not on how often words occur, so the same rows give the same answer on every machine.
"""

import contextlib
import json
import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy
from tantivy import Occur, Query

from leadloom.search.documents import KEYED, MORE, WORDED, Document

if TYPE_CHECKING:
    from tantivy import Searcher

# Raised when documents are made otherwise than before: every index is made again.
VERSION = 2

_ID, _ABOUT = "id", "about"
_META = "meta=about"
_SMALL_HEAP, _BIG_HEAP = 15_000_000, 100_000_000  # bytes; the first is the least the engine takes


# At the end of each file of a segment: the length of a note, and this number. The note is JSON and
# holds the CRC-32 of all before it.
_FOOTER, _FOOTER_MARK = struct.Struct("<II"), 1337
_PIECE = 1 << 20


class DamagedError(Exception):
    """The files of an index make no sense."""


class BusyError(Exception):
    """Another process is writing to the index."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_ID, indexed=True, fast=True)
    for name in WORDED:
        order = "basic" if name == MORE else "position"
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=order)
    builder.add_text_field(KEYED, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_ABOUT, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = _schema()


class Engine:
    """An index in a folder, or in memory when `folder` is None.

    Raises DamagedError when the folder holds anything else.
    """

    def __init__(self, folder: Path | None = None) -> None:
        with _telling():
            self._index = tantivy.Index(SCHEMA, path=str(folder) if folder else None)
            self._index.config_reader("manual")

    def snapshot(self) -> "Searcher":
        """Return what is in the index now, whoever wrote it. Raises DamagedError."""
        with _telling():
            self._index.reload()
            return self._index.searcher()

    @contextlib.contextmanager
    def writing(self, *, is_much: bool = False) -> Iterator["Writer"]:
        """Give the only writer there is. Raises BusyError at once when another has it."""
        with _telling():
            writer = self._index.writer(_BIG_HEAP if is_much else _SMALL_HEAP, 1)
        try:
            yield Writer(writer)
        finally:
            with _telling():
                writer.wait_merging_threads()


class Writer:
    """Puts documents in and takes them out; nothing of it is there before `commit`."""

    def __init__(self, writer: tantivy.IndexWriter) -> None:
        self._writer = writer

    def clear(self) -> None:
        """Take everything out."""
        with _telling():
            self._writer.delete_all_documents()

    def remove(self, ids: Iterable[int]) -> None:
        """Take documents out; by a query: as a mere term a number is taken for a signed one."""
        keys = list(ids)
        if keys:
            with _telling():
                self._writer.delete_documents_by_query(Query.term_set_query(SCHEMA, _ID, keys))

    def add(self, key: int, document: Document) -> None:
        """Put a document in."""
        made = tantivy.Document()
        made.add_unsigned(_ID, key)
        for name, text in document.texts:
            made.add_text(name, text)
        for text in document.keys:
            made.add_text(KEYED, text)
        self._writer.add_document(made)

    def commit(self, about: str) -> None:
        """Let all of it be found, and `about` be read, from now on. Raises DamagedError."""
        made = tantivy.Document()
        made.add_text(KEYED, _META)
        made.add_text(_ABOUT, about)
        with _telling():
            self._writer.delete_documents_by_term(KEYED, _META)
            self._writer.add_document(made)
            self._writer.commit()


def damage(folder: Path) -> str | None:
    """Read all files of an index from end to end; return which is not as it was written, or None.

    The engine itself looks at sums only where it must, and may answer wrongly from such a file.
    """
    try:
        meta = json.loads((folder / "meta.json").read_bytes())
        segments = {one["segment_id"].replace("-", "") for one in meta["segments"]}
    except (OSError, ValueError, KeyError, TypeError):
        return "meta.json"
    for path in sorted(folder.iterdir()):
        if path.name.partition(".")[0] in segments and not _is_whole(path):
            return path.name
    return None


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size - _FOOTER.size
            file.seek(max(0, size))
            length, mark = _FOOTER.unpack(file.read(_FOOTER.size))
            file.seek(max(0, size - length))
            told = json.loads(file.read(length))["crc"] if mark == _FOOTER_MARK else None
            file.seek(0)
            left, found = size - length, 0
            while left > 0 and (piece := file.read(min(left, _PIECE))):
                found, left = zlib.crc32(piece, found), left - len(piece)
    except FileNotFoundError:  # merged away meanwhile
        return True
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
    return told == found


def about(searcher: "Searcher") -> str | None:
    """Return what was said at the last commit."""
    with _telling():
        hits = searcher.search(term(KEYED, _META), 1, count=False).hits
        return str(searcher.doc(hits[0][1])[_ABOUT][0]) if hits else None


def newest(searcher: "Searcher", query: Query, limit: int, below: int | None = None) -> list[int]:
    """Return the ids of documents that answer, the highest first, from under `below` on."""
    if below is not None:
        if below <= 0:
            return []
        lower = Query.range_query(
            SCHEMA, _ID, tantivy.FieldType.Unsigned, upper_bound=below, include_upper=False
        )
        query = every(query, lower)
    with _telling():
        hits = searcher.search(query, limit, count=False, order_by_field=_ID).hits
    return [key for key, _ in hits]


def scored(searcher: "Searcher", query: Query, limit: int) -> list[tuple[int, int]] | None:
    """Return (score, id) of all documents that answer, or None when there are over `limit`."""
    with _telling():
        hits = searcher.search(query, limit + 1, count=False).hits
        if len(hits) > limit:
            return None
        ids = searcher.fast_field_values(_ID, [address for _, address in hits])
    return [(int(score), int(key or 0)) for (score, _), key in zip(hits, ids, strict=True)]


def term(field: str, word: str) -> Query:
    """Documents with this very word in a field."""
    return Query.term_query(SCHEMA, field, word, "basic")


def starting(field: str, start: str) -> Query:
    """Documents with a word that begins so."""
    return Query.fuzzy_term_query(SCHEMA, field, start, 0, True, True)


def like(field: str, word: str, errors: int, *, is_begun: bool) -> Query:
    """Documents with this word, or one that begins so, but for wrong, missing, swapped letters."""
    return Query.fuzzy_term_query(SCHEMA, field, word, errors, True, is_begun)


def matching(field: str, pattern: str) -> Query:
    """Documents with a word of this form."""
    return Query.regex_query(SCHEMA, field, pattern)


def phrase(field: str, words: Sequence[str]) -> Query:
    """Documents with these words in a row; anywhere in a field that keeps no order."""
    if len(words) == 1:
        return term(field, words[0])
    if field in (MORE, KEYED):
        return every(*[term(field, word) for word in words])
    return Query.phrase_query(SCHEMA, field, list(words))


def every(*queries: Query) -> Query:
    """Documents that answer all of these."""
    return queries[0] if len(queries) == 1 else _all([(Occur.Must, one) for one in queries])


def some(*queries: Query) -> Query:
    """Documents that answer one of these at least."""
    return queries[0] if len(queries) == 1 else _all([(Occur.Should, one) for one in queries])


def without(query: Query, *others: Query) -> Query:
    """Documents that answer the first of these and none of the others."""
    return _all([(Occur.Must, query), *((Occur.MustNot, one) for one in others)])


def everything() -> Query:
    """All documents."""
    return without(Query.all_query(), term(KEYED, _META))


def best(scores: Iterable[tuple[Query, int]]) -> Query:
    """Documents that answer one of these, scored as the best they answer."""
    return Query.disjunction_max_query([Query.const_score_query(q, float(n)) for q, n in scores])


def _all(clauses: list[tuple[Occur, Query]]) -> Query:
    return Query.boolean_query(clauses)


def quoted(text: str) -> str:
    """Return the pattern of this very text."""
    return re.escape(text)


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """Turn what the engine raises, its panics too, into our two reasons."""
    try:
        yield
    except (BusyError, DamagedError):
        raise
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise BusyError(str(error)) from error
        raise DamagedError(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedError(str(error)) from error
