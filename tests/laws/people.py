"""A small world of people for the laws: few values, so that they meet, clash and chain."""

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

HEADERS = ("First Name", "Last Name", "Email", "Phone", "Company", "Title", "LinkedIn URL", "Tags")

_PLACES = (*HEADERS, "Company Domain", "Company LinkedIn", "Company City", "Company Phone")

rows = st.fixed_dictionaries(
    {
        "First Name": st.sampled_from(["Anna", "Bob", "Robert", ""]),
        "Last Name": st.sampled_from(["Meyer", "Smith", ""]),
        "Email": st.sampled_from(
            ["", "anna@acme.com", "bob@acme.com", "info@acme.com", "b.smith@gmail.com"]
        ),
        "Phone": st.sampled_from(["", "+49 30 2312500", "+49 30 2312501"]),
        "Company": st.sampled_from(["", "Acme GmbH", "Acme", "Nordwind AG"]),
        "Title": st.sampled_from(["", "CEO", "Engineer"]),
        "LinkedIn URL": st.sampled_from(["", "", "linkedin.com/in/anna", "linkedin.com/in/bob"]),
        "Tags": st.sampled_from(["", "fair", "vip"]),
    }
)
files = st.lists(rows, min_size=1, max_size=6)


@dataclass
class World:
    """A workspace and a folder to write files to."""

    ws: Workspace
    folder: Path
    made: int = 0

    def take_in(self, content: list[dict[str, str]], name: str, **options: Any) -> Any:
        """Import rows as a CSV called `name`."""
        text = io.StringIO()
        writer = csv.DictWriter(text, sorted(content[0], key=_PLACES.index))
        writer.writeheader()
        writer.writerows(content)
        self.made += 1
        path = self.folder / f"{self.made}" / name
        path.parent.mkdir()
        path.write_text(text.getvalue())
        return self.ws.import_files([path], **options)

    def state(self) -> list[Any]:
        """Everything a person can see of leads and companies, but for ids and times."""
        return sorted([*self._leads(), *self._companies()], key=repr)

    def seen(self) -> list[str]:
        """That, and the doubts that wait for a person."""
        doubts = self.ws.leads.duplicates()
        told = [("doubt", d.a_name, d.b_name, d.score, d.reasons) for d in doubts]
        return sorted(map(repr, [*self.state(), *told]))

    def _leads(self) -> list[Any]:
        hidden = {"id", "company_id", "merged_into", "created_at", "updated_at", "source"}
        hidden |= {"deleted_at"}
        found = self.ws.leads.find(limit=500).items
        found += self.ws.leads.find(limit=500, deleted=True).items
        return [
            (
                *((k, _plain(v)) for k, v in lead.as_json().items() if k not in hidden),
                ("firm", self._firm(lead.company_id)),
                ("is_deleted", lead.deleted_at is not None),
            )
            for lead in found
        ]

    def _firm(self, company_id: Any) -> str | None:
        if company_id is None:
            return None
        firm = self.ws.companies.get(company_id)
        return f"{firm.name}/{firm.domain}"

    def _companies(self) -> list[Any]:
        hidden = {"id", "created_at", "updated_at"}
        return [
            tuple((k, _plain(v)) for k, v in firm.as_json().items() if k not in hidden)
            for firm in self.ws.companies.find(limit=500).items
        ]


def differences(one: list[str], other: list[str]) -> dict[str, int]:
    """What is seen more often on one side (+) than on the other (-)."""
    counted = Counter(one)
    counted.subtract(other)
    return {what: more for what, more in counted.items() if more}


def _plain(value: Any) -> Any:
    return repr(sorted(value, key=repr)) if isinstance(value, list) else repr(value)


def world(db: Database, folder: Path) -> World:
    """A world in an empty database, in a folder of its own."""
    return World(Workspace(session=Session(db)), Path(tempfile.mkdtemp(dir=folder)))


__all__ = ["HEADERS", "World", "differences", "files", "rows", "world"]
