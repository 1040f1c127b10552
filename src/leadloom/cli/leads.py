"""Commands that find leads and companies, and show what is known of one."""

from typing import TYPE_CHECKING, Annotated

import typer

from leadloom.cli import options
from leadloom.cli.companies import IN_BRIEF as COMPANIES_IN_BRIEF
from leadloom.cli.indexing import indexing
from leadloom.cli.lead_view import show_company, show_history, show_lead
from leadloom.cli.listing import csv_of, is_wide, plain_table, table_of
from leadloom.cli.render import counted, say, show_json
from leadloom.cli.verb import verb
from leadloom.errors import NotFoundError

if TYPE_CHECKING:
    from leadloom.workspace import Workspace

commands = typer.Typer()
_PANEL = "Find"

LEADS_SHOWN = ("full_name", "title", "company", "email", "phone", "country", "lead_score", "id")
LEADS_IN_BRIEF = ("full_name", "company", "email", "id")

Deleted = Annotated[bool, typer.Option("--deleted", help="Those that were deleted instead.")]


@verb(commands, "leads", panel=_PANEL)
def leads(
    ws: "Workspace",
    text: options.Words = None,
    where: options.Where = None,
    sort: options.Sort = None,
    limit: options.Limit = 50,
    after: options.After = None,
    columns: options.Columns = None,
    deleted: Deleted = False,
    as_json: options.Json = False,
    as_csv: options.Csv = False,
) -> None:
    """List leads: all, those that hold some words, those that meet conditions."""
    options.check_one_form(as_json, as_csv)
    with indexing(ws):
        page = ws.leads.find(
            " ".join(text or ()),
            where=where or (),
            sort=sort,
            limit=limit,
            after=after,
            deleted=deleted,
        )
    if as_json:
        show_json({"items": page.items, "next": page.next})
    elif as_csv:
        csv_of(page, columns, _lead_fields())
    elif page.items:
        default = LEADS_SHOWN if is_wide() else LEADS_IN_BRIEF
        table_of(page, options.read_columns(columns, _lead_fields(), default), "lead")
    else:
        _say_no_leads(ws, is_narrowed=bool(text or where or after or deleted))


@verb(commands, "search", panel=_PANEL)
def search(
    ws: "Workspace",
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="Words to look for.")],
    limit: options.Limit = 50,
    after: options.After = None,
    as_json: options.Json = False,
) -> None:
    """Find the leads and the companies that hold all the words."""
    words = " ".join(text)
    with indexing(ws):
        found = ws.leads.find(words, limit=limit, after=after)
        firms = ws.companies.find(words, limit=limit).items if after is None else []
    if as_json:
        show_json({"items": found.items, "next": found.next, "companies": firms})
        return
    if found.items:
        table_of(found, LEADS_SHOWN if is_wide() else LEADS_IN_BRIEF, "lead")
    if firms:
        say()
        plain_table(firms, COMPANIES_IN_BRIEF)
        say(f"\n{counted(len(firms), 'company', 'companies')}.", style="dim")
    if not found.items and not firms:
        say(f"Nothing holds {words!r}.")


@verb(commands, "show", panel=_PANEL)
def show(
    ws: "Workspace",
    ref: Annotated[
        str, typer.Argument(metavar="ID", help="A lead's id or e-mail, a company's id or domain.")
    ],
    as_json: options.Json = False,
) -> None:
    """Show one lead: each field with the fact behind it, the other facts, and its history."""
    try:
        view = ws.leads.show(ref)
    except NotFoundError as error:
        _show_company(ws, ref, as_json, error)
        return
    if as_json:
        show_json(view)
    else:
        show_lead(view)


@verb(commands, "history", panel=_PANEL)
def history(ws: "Workspace", ref: options.LeadRef, as_json: options.Json = False) -> None:
    """Show what happened to a lead, newest first."""
    events = ws.leads.history(ref)
    if as_json:
        show_json({"items": events, "next": None})
    else:
        show_history(events)


def _show_company(ws: "Workspace", ref: str, as_json: bool, error: NotFoundError) -> None:
    try:
        view = ws.companies.show(ref)
    except NotFoundError:
        raise error from None
    if as_json:
        show_json(view)
    else:
        show_company(view)


def _say_no_leads(ws: "Workspace", *, is_narrowed: bool) -> None:
    if is_narrowed and ws.leads.find(limit=1).items:
        say("No leads found: ask for less, or see `leadloom leads` for all of them.")
        return
    say(
        "There are no leads yet. Bring some in:\n"
        "  leadloom import FILE      any CSV, Excel, JSON or vCard file\n"
        "  leadloom process FILE     the same, and drafts a message to each of them"
    )


def _lead_fields() -> list[str]:
    from leadloom.leads.lead import Lead

    return [name for name in Lead.__dataclass_fields__ if name != "key"]
