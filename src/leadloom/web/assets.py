"""Files that never change under their address: scripts, styles, the typeface.

All lie in one folder named after a hash of all their bytes, so that they can import each other by
plain names and be kept by browsers for ever. They are packed once, at the start.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from leadloom.web.typeface import manrope

FOREVER: Final = "public, max-age=31536000, immutable"
_FOLDER: Final = Path(__file__).parent / "static"
_FONT: Final = "manrope.ttf"
_TYPES: Final = {".js": "text/javascript", ".ttf": "font/ttf", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file: its bytes, the same packed, and its media type."""

    plain: bytes
    packed: bytes
    type: str


class Assets:
    """Every file of the site, in memory."""

    def __init__(self) -> None:
        found = {path.name: path.read_bytes() for path in sorted(_FOLDER.iterdir())}
        found[_FONT] = manrope()
        whole = hashlib.sha256(b"".join(name.encode() + found[name] for name in sorted(found)))
        self.version = whole.hexdigest()[:12]
        self._files = {name: _asset(name, data) for name, data in found.items()}

    def url(self, name: str) -> str:
        """Return the address of a file. Raises KeyError when there is none of that name."""
        self._files[name]
        return f"/static/{self.version}/{name}"

    def sizes(self, suffix: str) -> dict[str, int]:
        """Return how many bytes the files of a kind (".js") have."""
        return {n: len(one.plain) for n, one in self._files.items() if n.endswith(suffix)}

    async def serve(self, request: Request) -> Response:
        """Answer with a file; one of an older version is gone."""
        asset = self._files.get(request.path_params["name"])
        if asset is None or request.path_params["version"] != self.version:
            return Response(
                "There is no such file: load the page again.", 404, media_type="text/plain"
            )
        headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(asset.packed, headers=headers, media_type=asset.type)
        return Response(asset.plain, headers=headers, media_type=asset.type)


def _asset(name: str, data: bytes) -> Asset:
    type = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0]
    return Asset(data, gzip.compress(data, 9, mtime=0), type or "application/octet-stream")
