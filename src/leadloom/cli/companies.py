"""Commands on companies: find them, look at one, change one by hand."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from leadloom.cli import options
from leadloom.cli.indexing import indexing
from leadloom.cli.lead_view import show_company, show_history
from leadloom.cli.listing import csv_of, is_wide, table_of
from leadloom.cli.render import say, show_json
from leadloom.cli.verb import verb

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

LIST = "list"


class _ListedUnlessNamed(TyperGroup):
    """A group that lists what answers to its words, when they name none of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        asked = args[0] if args else None
        if asked not in self.commands and asked not in ctx.help_option_names:
            args = [LIST, *args]
        return super().parse_args(ctx, args)


commands = typer.Typer(
    cls=_ListedUnlessNamed,
    help="Find companies, look at one, change one by hand; `companies TEXT` lists them.",
)

SHOWN = ("name", "domain", "city", "country", "industry", "employee_count", "id")
IN_BRIEF = ("name", "domain", "id")

_Ref = Annotated[str, typer.Argument(metavar="ID", help="A company's id, or its domain.")]


@verb(commands, LIST)
def list_(
    ws: "Workspace",
    text: options.Words = None,
    where: options.Where = None,
    sort: options.Sort = None,
    limit: options.Limit = 50,
    after: options.After = None,
    columns: options.Columns = None,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """List companies: all, those that hold some words, those that meet conditions."""
    options.check_one_form(as_json, as_csv)
    with indexing(ws):
        page = ws.companies.find(
            " ".join(text or ()), where=where or (), sort=sort, limit=limit, after=after
        )
    if as_json:
        show_json({"items": page.items, "next": page.next})
    elif as_csv:
        csv_of(page, columns, _fields())
    elif page.items:
        default = SHOWN if is_wide() else IN_BRIEF
        table_of(page, options.read_columns(columns, _fields(), default), "company", "companies")
    else:
        say("No companies found: `leadloom import FILE` brings some in.")


@verb(commands, "show")
def show(ws: "Workspace", ref: _Ref, as_json: options.Json = False) -> None:
    """Show one company: each field with the fact behind it, its people, and its history."""
    view = ws.companies.show(ref)
    if as_json:
        show_json(view)
    else:
        show_company(view)


@verb(commands, "set")
def set_(ws: "Workspace", ref: _Ref, values: options.Values, as_json: options.Json = False) -> None:
    """Set fields of a company by hand; FIELD= empties one. No import overrules it."""
    edited = ws.companies.set(ref, options.read_values(values, "city=Berlin"))
    if as_json:
        show_json(edited)
        return
    reason = f" ({edited.reason})" if edited.reason else ""
    firm = edited.company
    say(f"{edited.status.capitalize()} {firm.name or firm.domain or firm.id}{reason}.")
    say(f"Company {firm.id}; `leadloom run undo last:edit` takes it back.", style="dim")


@verb(commands, "history")
def history(ws: "Workspace", ref: _Ref, as_json: options.Json = False) -> None:
    """Show what happened to a company, newest first."""
    events = ws.companies.history(ref)
    if as_json:
        show_json({"items": events, "next": None})
    else:
        show_history(events)


def _fields() -> list[str]:
    from leadloom.leads.company import Company

    return [name for name in Company.__dataclass_fields__ if name != "key"]
