"""The parts of an XLSX package: its sheets, its styles and its shared texts."""

import io
import mmap
import posixpath
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from leadloom.errors import InputError
from leadloom.imports.files.cell_format import CellFormat, builtin_code, cell_format
from leadloom.imports.files.table import Limits
from leadloom.imports.files.workbook_xml import local, parse, parse_whole
from leadloom.imports.files.zip_file import open_member, open_zip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name, where its rows are, and whether a person sees it."""

    name: str
    path: str
    is_hidden: bool


class Package:
    """An XLSX file, opened for reading part by part within limits."""

    def __init__(self, name: str, stream: IO[bytes], limits: Limits) -> None:
        self.name = name
        self._limits = limits
        self._zip = open_zip(name, stream, limits)
        self.uses_1904_dates = False
        self.sheets = self._sheets()
        self.formats = self._formats()

    def close(self) -> None:
        self._zip.close()

    def part(self, path: str) -> io.BufferedReader:
        """A part's bytes, inflated within limits. Raises InputError when it is missing."""
        return open_member(self.name, self._zip, path, self._limits)

    def shared_texts(self) -> "SharedTexts":
        """The texts that cells refer to by number; kept on disk, as there may be millions."""
        path = self._related("sharedStrings") or "xl/sharedStrings.xml"
        stream = self.part(path) if path in self._zip.NameToInfo else None
        return SharedTexts(self.name, stream, self._limits)

    def _sheets(self) -> list[Sheet]:
        targets = self._relations()
        sheets: list[Sheet] = []

        def started(name: str, attributes: dict[str, str]) -> None:
            plain = {local(key): value for key, value in attributes.items()}
            if local(name) == "workbookPr":
                self.uses_1904_dates = plain.get("date1904") in ("1", "true")
            elif local(name) == "sheet":
                path = targets.get(plain.get("id", ""), ("", ""))[1]
                if path in self._zip.NameToInfo and "worksheet" in targets[plain["id"]][0]:
                    hidden = plain.get("state", "visible") != "visible"
                    sheets.append(Sheet(plain.get("name", path), path, hidden))

        parse_whole(self.name, self.part(self._workbook_path()), started)
        return sheets

    def _workbook_path(self) -> str:
        names = self._zip.NameToInfo
        found = [name for name in names if posixpath.basename(name).lower() == "workbook.xml"]
        if not found:
            raise InputError(f"{self.name} is a damaged workbook; open it and save it again")
        return min(found, key=len)

    def _relations(self) -> dict[str, tuple[str, str]]:
        """What the workbook refers to: identifier to kind and path."""
        workbook = self._workbook_path()
        folder = posixpath.dirname(workbook)
        path = posixpath.join(folder, "_rels", posixpath.basename(workbook) + ".rels")
        found: dict[str, tuple[str, str]] = {}

        def started(name: str, attributes: dict[str, str]) -> None:
            if local(name) == "Relationship":
                target = attributes.get("Target", "")
                joined = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", ""), joined)

        if path in self._zip.NameToInfo:
            parse_whole(self.name, self.part(path), started)
        return found

    def _related(self, kind: str) -> str | None:
        found = (path for type_, path in self._relations().values() if type_.endswith(f"/{kind}"))
        return next(found, None)

    def _formats(self) -> list[CellFormat]:
        """How each cell style shows its number, by the style's position."""
        path = self._related("styles") or "xl/styles.xml"
        codes: dict[str, str] = {}
        styles: list[str] = []
        within: list[str] = []

        def started(name: str, attributes: dict[str, str]) -> None:
            name = local(name)
            if name == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                within[:] = [name]
            elif name == "xf" and within == ["cellXfs"]:
                styles.append(attributes.get("numFmtId", "0"))

        if path in self._zip.NameToInfo:
            parse_whole(self.name, self.part(path), started)
        kinds = {style: cell_format(codes.get(style) or builtin_code(style)) for style in {*styles}}
        return [kinds[style] for style in styles]


class SharedTexts:
    """The workbook's table of texts, on disk: eight bytes of memory a text."""

    def __init__(self, name: str, stream: io.BufferedReader | None, limits: Limits) -> None:
        self._limit = limits.cell_bytes
        self._pieces: list[str] = []
        self._size = 0
        self._is_text = self._is_phonetic = False
        self._ends = array("Q", [0])
        self._unsaved = bytearray()
        self._file = tempfile.TemporaryFile(prefix="leadloom-")  # noqa: SIM115
        self._map: mmap.mmap | None = None
        try:
            if stream:
                self._save(parse(name, stream, self._started, self._ended, self._characters))
        except BaseException:
            self.close()
            raise

    def __getitem__(self, place: int) -> str:
        return (self._map or b"")[self._ends[place] : self._ends[place + 1]].decode()

    def size(self, place: int) -> int:
        """How many bytes a text takes; 0 when there is none."""
        if not 0 <= place < len(self._ends) - 1:
            return 0
        return self._ends[place + 1] - self._ends[place]

    def close(self) -> None:
        if self._map:
            self._map.close()
        self._file.close()

    def _save(self, parsing: Iterator[None]) -> None:
        for _ in parsing:
            self._file.write(self._unsaved)
            self._unsaved.clear()
        self._file.flush()
        if size := self._ends[-1]:
            self._map = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ)

    def _started(self, name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name == "si":
            self._pieces, self._size = [], 0
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "t":
            self._is_text = not self._is_phonetic

    def _characters(self, text: str) -> None:
        if self._is_text and self._size <= self._limit:
            self._size += len(text)
            self._pieces.append(text)

    def _ended(self, name: str) -> None:
        name = local(name)
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "si":
            data = "".join(self._pieces).encode("utf-8", "replace")
            self._unsaved += data
            self._ends.append(self._ends[-1] + len(data))
