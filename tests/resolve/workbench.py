"""A workspace to bring rows to, and people in it who may or may not be one."""

from pathlib import Path
from typing import Any

from leadloom.workspace import Workspace

HEAD = "Name,Email,Company,Title,Phone"
ADA, BO, CLEO, DAN = "ada@acme.com", "bo@nord.de", "cleo@voss.fr", "dan@berg.it"
ROWS = (
    f"Ada Lind,{ADA},Acme GmbH,CEO,",
    f"Bo Stern,{BO},Nord AG,Buyer,+49 30 23125001",
    f"Cleo Voss,{CLEO},Voss SA,,",
    f"Dan Berg,{DAN},Berg Srl,CTO,",
)


class Desk:
    """A workspace, and files to bring to it."""

    def __init__(self, ws: Workspace, folder: Path) -> None:
        self.ws = ws
        self.folder = folder
        self.files = 0

    def take_in(self, *lines: str, head: str = HEAD, **options: Any) -> Any:
        """Import lines as one file."""
        self.files += 1
        path = self.folder / f"{self.files}.csv"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        return self.ws.import_files([path], **options)

    def people(self) -> dict[str, Any]:
        """All that is seen of every lead but when it was changed, by its id."""
        found = [*self.ws.leads.find(limit=500).items]
        found += self.ws.leads.find(limit=500, deleted=True).items
        return {str(lead.id): lasting(lead.as_json()) for lead in found}

    def contents(self) -> list[Any]:
        """All that is seen of every lead but ids and times, in a fixed order."""
        moving = ("id", "company_id", "created_at")
        return sorted(
            repr({k: v for k, v in one.items() if k not in moving})
            for one in self.people().values()
        )

    def assert_sound(self) -> None:
        """Folding everything afresh finds no difference."""
        assert self.ws.verify().differences == []


def lasting(shape: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in shape.items() if name != "updated_at"}


def doubtful(desk: Desk) -> tuple[str, str]:
    """Two who may be one person: the same name and firm, and two mailboxes there."""
    desk.take_in("Eva Roth,eva@roth.ch,Roth AG,,")
    desk.take_in("Eva Roth,roth@roth.ch,Roth AG,,")
    assert [one.a_name for one in desk.ws.leads.duplicates()] == ["Eva Roth"]
    return "eva@roth.ch", "roth@roth.ch"


def apart(desk: Desk) -> tuple[Any, Any]:
    """Two of one name with addresses at two places; a row with both addresses would join them."""
    desk.take_in("Eva Roth,eva@roth.ch,,,", "Eva Roth,eva.roth@gmail.com,,,")
    return desk.ws.leads.get("eva@roth.ch").id, desk.ws.leads.get("eva.roth@gmail.com").id


BRIDGE = 'Eva Roth,"eva@roth.ch; eva.roth@gmail.com",,,'
