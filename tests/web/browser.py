"""A Chromium for tests: `$CHROMIUM`, one of the system, or one from the npm registry.

The last is the tarball of `@sparticuz/chromium`, pinned by its hash, unpacked by the Node inside
the playwright wheel, and kept in the user's cache folder.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
import playwright

VERSION = "153.0.0"
SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
TARBALL = f"@sparticuz/chromium/-/chromium-{VERSION}.tgz"
OF_THE_SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
TIMEOUT_S = 300
UNPACK = """
const {createBrotliDecompress} = require("zlib"), {pipeline} = require("stream/promises");
const {createReadStream, createWriteStream} = require("fs");
const [from, to] = process.argv.slice(-2);
pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to));
"""


class NoBrowserError(Exception):
    """There is no Chromium, and none can be had."""


@dataclass(frozen=True, slots=True)
class Chromium:
    """Where it is, and the environment it starts in."""

    path: str
    environment: dict[str, str]


def find() -> Chromium:
    """Return a Chromium. Raises NoBrowserError."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Chromium(named, {})
    for name in OF_THE_SYSTEM:
        if found := shutil.which(name):
            return Chromium(found, {})
    folder = Path(platformdirs.user_cache_dir("leadloom", appauthor=False)) / f"chromium-{VERSION}"
    if not (folder / "done").exists():
        try:
            _fetch(folder)
        except (OSError, subprocess.SubprocessError, tarfile.TarError, ValueError) as error:
            raise NoBrowserError(f"no Chromium here, and none from npm: {error}") from error
    libraries = f"{folder / 'lib'}{os.pathsep}{folder}"
    return Chromium(str(folder / "chromium"), {"LD_LIBRARY_PATH": libraries})


def _fetch(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        made = Path(temporary) / "made"
        packed = Path(temporary) / "packed"
        archive = Path(temporary) / "chromium.tgz"
        _download(archive)
        with tarfile.open(archive) as tar:
            tar.extractall(packed, filter="data")
        made.mkdir()
        _unpack(packed / "package" / "bin", made)
        (made / "done").touch()
        if not folder.exists():  # another process may have been quicker
            made.rename(folder)


def _download(archive: Path) -> None:
    with urllib.request.urlopen(f"{_registry()}/{TARBALL}", timeout=TIMEOUT_S) as answer:
        data = answer.read()
    found = base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != SHA512:
        raise ValueError(f"{TARBALL} has another hash than it should: {found}")
    archive.write_bytes(data)


def _registry() -> str:
    """Return the npm registry this machine is set up for."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    npm = shutil.which("npm")
    if npm is None:
        raise ValueError("set npm_config_registry, CHROMIUM, or install a Chromium")
    asked = subprocess.run(
        [npm, "config", "get", "registry"], capture_output=True, text=True, check=True, timeout=60
    )
    return asked.stdout.strip().splitlines()[-1].rstrip("/")


def _unpack(packed: Path, made: Path) -> None:
    node = Path(playwright.__file__).parent / "driver" / "node"
    for name in ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"):
        words = [str(node), "-e", UNPACK, "--", str(packed / f"{name}.br"), str(made / name)]
        subprocess.run(words, check=True, timeout=TIMEOUT_S, capture_output=True)
        if name.endswith(".tar"):
            with tarfile.open(made / name) as tar:
                tar.extractall(made, filter="data")
            (made / name).unlink()
    (made / "chromium").chmod(0o755)


def find_aside() -> Chromium:
    """Find it in a process of its own: this one may not reach the internet. As `find`."""
    done = subprocess.run(
        [sys.executable, __file__], capture_output=True, text=True, check=False, timeout=TIMEOUT_S
    )
    if done.returncode:
        raise NoBrowserError(done.stderr.strip().splitlines()[-1])
    return Chromium(**json.loads(done.stdout))


if __name__ == "__main__":
    print(json.dumps(asdict(find())))
