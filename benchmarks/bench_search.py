"""How fast, how right and how big search is, beside SQLite's own full-text search (FTS5).

    python benchmarks/bench_search.py 100000 1000000 [--queries 200] [--folder run/bench-search]

Leads are those of generate.py, written straight into a new database. Each kind of query is asked
through `ws.leads.find(text, limit=50)`, rows and all; FTS5 is asked for 50 ids, best (bm25) first.
Timings are the lesser of two rounds. Recall: of leads whose name is asked for with a typing error,
and with the company's first word where more than ten bear the name, the share among the first ten.
"""

import argparse
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from countries import COUNTRIES
from generate import Cells, People

import leadloom
from leadloom.events.event import record_many
from leadloom.ids import new_uuid
from leadloom.leads.lead import columns_of
from leadloom.search.documents import LEADS
from leadloom.storage.dialect import insert_rows
from leadloom.storage.tables import leads
from leadloom.values import email, phone
from leadloom.values.text import fold

BATCH = 10_000
SEED = 1
_CODES = {spelling: country for country in COUNTRIES for spelling in country.spellings}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main() -> None:
    """Measure for each number of leads on the command line."""
    parser = argparse.ArgumentParser(description="Measure search.")
    parser.add_argument("leads", type=int, nargs="+")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    for count in given.leads:
        folder = given.folder or Path(tempfile.mkdtemp(prefix="bench-search-"))
        folder.mkdir(parents=True, exist_ok=True)
        try:
            measure(count, given.queries, folder / f"{count}.db")
        finally:
            if given.folder is None:
                shutil.rmtree(folder)


def measure(count: int, queries: int, path: Path) -> None:
    """Fill a database, index it, and print what was measured."""
    print(f"\n{count:,} leads")
    with leadloom.open(f"sqlite:///{path}") as ws:
        if not path.with_name(path.name + "-search").exists():
            fill(ws, count)
            seconds = timed(lambda: ws.leads.find("anna", limit=1))
            print(f"  index made in {seconds:.1f} s, {count / seconds:,.0f} leads a second")
        size = sum(one.stat().st_size for one in Path(f"{path}-search").rglob("*") if one.is_file())
        print(f"  index {size / 1e6:.1f} MB")
        peer = Peer(path.with_suffix(".fts"), ws)
        asked = questions(count, queries)
        print(f"  {'':28}{'leadloom':>18}{'FTS5':>20}   ms, p50 and p95")
        for kind, texts in asked.items():
            ours = spread(lambda text: ws.leads.find(text, limit=50), texts)
            theirs = spread(peer.find, texts) if "error" not in kind else "      –      –"
            print(f"  {kind:28}{ours:>18}{theirs:>20}")
        print(f"  recall@10 of misspelled names {recall(ws, count, queries):.3f}")
        print(f"  search after a write          {after_write(ws):.1f} ms")
        peer.close()


def fill(ws: Any, count: int) -> None:
    """Write leads and the events of their making."""
    people = People(SEED)
    for start in range(0, count, BATCH):
        with ws._session.write() as tx:
            rows = [
                {
                    "id": number + 1,
                    "uuid": new_uuid(),
                    "workspace_id": tx.workspace_id,
                    **columns_of(values_of(people.row(number))),
                    **tx.stamp(),
                }
                for number in range(start, min(start + BATCH, count))
            ]
            insert_rows(tx.conn, leads, rows)
            record_many(tx, [("lead.created", row["id"], None) for row in rows])


def values_of(cells: Cells) -> dict[str, Any]:
    """Return a row of the generator as the folded values of a lead."""
    country = _CODES.get(cells["Country"].strip())
    code = country.tld.upper().replace("UK", "GB").rpartition(".")[2] if country else None
    number = phone.clean(cells["Phone"], code if code and len(code) == 2 else None)
    address = email.clean(cells["Email"])
    first, last = cells["First Name"].strip(), cells["Last Name"].strip()
    values = {
        "full_name": f"{first} {last}",
        "first_name": first,
        "last_name": last,
        "email": [address.value] if address.value and not address.problem else [],
        "phone": [number.value] if number.value and not number.problem else [],
        "company": cells["Company"],
        "domain": cells["Website"].removeprefix("https://www.") or None,
        "title": cells["Title"],
        "city": cells["City"].strip(),
        "state": cells["State"] or None,
        "country": code if code and len(code) == 2 else None,
        "industry": cells["Industry"],
        "notes": [cells["Notes"]] if cells["Notes"] else [],
        "tags": [cells["Event"]] if cells["Event"] else [],
        "custom.lead_owner": cells["Lead Owner"],
    }
    return {name: value for name, value in values.items() if value}


class Peer:
    """The same words in an FTS5 table, a column for each rank, with an index of short prefixes."""

    _COLUMNS = ("name", "email", "company", "title", "more", "notes")
    _WEIGHTS = "10, 10, 5, 4, 2, 1"

    def __init__(self, path: Path, ws: Any) -> None:
        is_new = not path.exists()
        self._conn = sqlite3.connect(path)
        if is_new:
            seconds = timed(lambda: self._fill(ws))
            print(f"  FTS5 made in {seconds:.1f} s, {path.stat().st_size / 1e6:.1f} MB")

    def _fill(self, ws: Any) -> None:
        columns = ", ".join(self._COLUMNS)
        self._conn.execute(
            f"CREATE VIRTUAL TABLE found USING fts5({columns}, content='', prefix='2 3')"
        )
        marks = ", ".join("?" * (len(self._COLUMNS) + 1))
        self._conn.executemany(f"INSERT INTO found (rowid, {columns}) VALUES ({marks})", _texts(ws))
        self._conn.execute("INSERT INTO found (found) VALUES ('optimize')")
        self._conn.commit()

    def find(self, text: str) -> list[Any]:
        """Return the 50 best."""
        words = " ".join(f'"{word}"*' for word in fold(text).split())
        query = (
            f"SELECT rowid FROM found WHERE found MATCH ? "
            f"ORDER BY bm25(found, {self._WEIGHTS}) LIMIT 50"
        )
        return self._conn.execute(query, (words,)).fetchall()

    def close(self) -> None:
        """Close the table."""
        self._conn.close()


def _texts(ws: Any) -> Iterator[list[Any]]:
    with ws._session.read() as tx:
        for row in tx.conn.execution_options(yield_per=BATCH).execute(LEADS.select()):
            texts: dict[str, list[str]] = {}
            for name, text in LEADS.document(row._mapping).texts:
                texts.setdefault(name, []).append(text)
            yield [row.id, *(" ".join(texts.get(name, ())) for name in Peer._COLUMNS)]


def questions(count: int, queries: int) -> dict[str, list[str]]:
    """Return what is asked, by kind; always the same."""
    chance = Random(SEED)
    people = People(SEED)
    asked: dict[str, list[str]] = {
        "a word": [],
        "two words": [],
        "two letters": [],
        "one typing error": [],
    }
    for _ in range(queries):
        cells = people.row(chance.randrange(count))
        word = chance.choice(("First Name", "Last Name", "Company", "Title", "City"))
        asked["a word"].append(_word(cells[word], chance))
        one, other = chance.sample(("First Name", "Last Name", "Company", "Title", "City"), 2)
        asked["two words"].append(f"{_word(cells[one], chance)} {_word(cells[other], chance)}")
        asked["two letters"].append(_word(cells["Last Name"], chance)[:2])
        asked["one typing error"].append(misspell(_word(cells["Last Name"], chance), chance))
    return asked


def _word(text: str, chance: Random) -> str:
    words = [word for word in fold(text).split() if len(word) > 2 and word.isalpha()]
    return chance.choice(words) if words else "anna"


def misspell(word: str, chance: Random) -> str:
    """Return a word with one letter left out, put in, taken for another, or swapped."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + chance.choice(_LETTERS) + word[at:]
    if kind == 2:
        return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def recall(ws: Any, count: int, queries: int) -> float:
    """Return how often the intended lead is among the first ten."""
    chance = Random(SEED + 1)
    people = People(SEED)
    numbers = [chance.randrange(count) for _ in range(queries)]
    wanted = {number: people.row(number) for number in numbers}
    names = {number: _name(cells) for number, cells in wanted.items()}
    bearers: Counter[str] = Counter()
    sought = set(names.values())
    for number in range(count):
        if (name := _name(people.row(number))) in sought:
            bearers[name] += 1
    hits = 0
    for number, cells in wanted.items():
        words = names[number].split()
        at = chance.choice([n for n, word in enumerate(words) if len(word) > 3] or [0])
        words[at] = misspell(words[at], chance)
        if bearers[names[number]] > 10:
            words += [fold(cells["Company"]).split()[0]]
        found = ws.leads.find(" ".join(words), limit=10).items
        hits += number + 1 in {lead.key for lead in found}
    return hits / len(wanted)


def _name(cells: Cells) -> str:
    return fold(f"{cells['First Name'].strip()} {cells['Last Name'].strip()}")


def after_write(ws: Any) -> float:
    """Return the milliseconds of finding somebody who was just added."""
    seconds = []
    for number in range(5):
        ws.leads.add({"full_name": f"Zacharias Quellbrunn{number}"})
        seconds.append(timed(lambda: ws.leads.find("zacharias", limit=10)))
    return statistics.median(seconds) * 1_000


def spread(ask: Callable[[str], Any], texts: list[str]) -> str:
    """Return p50 and p95 of asking each of `texts`, in milliseconds."""
    ask(texts[0])
    taken = sorted(min(timed(lambda: ask(text)), timed(lambda: ask(text))) for text in texts)  # noqa: B023
    return f"{taken[len(taken) // 2] * 1_000:8.1f}{taken[int(len(taken) * 0.95)] * 1_000:8.1f}"


def timed(work: Callable[[], Any]) -> float:
    """Return how many seconds some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
