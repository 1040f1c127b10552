"""Make the words that records are packed with: a dictionary of zstd's, for `storage/packing.py`.

    python benchmarks/packing_words.py OUT.zdict        (wants `pip install backports.zstd`)

The words are those of `packing_words.py`, written by hand. What is learned here, from made-up
people in the layouts of several programs, is how often each letter, length and distance comes: no
words. What is in use is frozen; a new dictionary is a new file with a new first byte.
"""

import csv
import importlib
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import generate
import sqlalchemy as sa

import leadloom
from leadloom.storage.packing_words import WORDS_2
from leadloom.storage.tables import companies, records

ROWS = 1_000
EXAMPLES = Path(__file__).parent.parent / "examples"
# What other programs call the columns, in the order of generate.HEADER.
LAYOUTS: Sequence[Sequence[str]] = (
    generate.HEADER,
    ("first_name", "last_name", "email", "phone", "company_name", "job_title", "city", "state",
     "country", "website", "linkedin", "industry", "employees", "notes", "owner", "source"),
    ("Vorname", "Nachname", "E-Mail", "Telefon", "Firma", "Position", "Ort", "Bundesland", "Land",
     "Webseite", "LinkedIn", "Branche", "Mitarbeiter", "Notizen", "Betreuer", "Messe"),
    ("Given Name", "Family Name", "E-mail 1 - Value", "Phone 1 - Value", "Organization Name",
     "Organization Title", "Mailing City", "Mailing State/Province", "Mailing Country", "Website",
     "Person Linkedin Url", "Industry", "# Employees", "Comments", "Contact Owner", "Lead Source"),
)  # fmt: skip


def main() -> None:
    (out,) = sys.argv[1:]
    zstd: Any = importlib.import_module("backports.zstd")
    with tempfile.TemporaryDirectory() as folder:
        samples = [text.encode() for text in texts(Path(folder))]
    words = WORDS_2.encode()
    made = zstd.finalize_dict(zstd.ZstdDict(words, is_raw=True), samples, len(words) + 1_024, 3)
    Path(out).write_bytes(made.dict_content)
    print(f"{len(samples):,} texts, {len(made.dict_content):,} bytes")


def texts(folder: Path) -> list[str]:
    """Return what records hold of made-up people, as received and as facts."""
    people = generate.People(7, 200)
    for at, header in enumerate(LAYOUTS):
        rows = [people.row(at * ROWS + number) for number in range(ROWS)]
        _write(folder / f"{at}.csv", header, rows)
    with leadloom.open(str(folder / "leads.db")) as ws:
        ws.import_files(sorted(folder.glob("*.csv")))
        ws.import_files([path for path in EXAMPLES.iterdir() if path.suffix != ".md"])
        with ws.db.read() as conn:
            found = conn.execute(sa.select(records.c.original, records.c.facts)).all()
            winners = conn.scalars(sa.select(companies.c.winners)).all()
    return [text for row in [*found, winners] for text in row if text]


def _write(path: Path, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(row.values() for row in rows)


if __name__ == "__main__":
    main()
