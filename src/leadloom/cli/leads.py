"""Commands that find leads and companies, and show what is known of one."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leadloom.cli import options
from leadloom.cli.lead_view import show_company, show_history, show_lead
from leadloom.cli.render import (
    Column,
    counted,
    is_terminal,
    note,
    say,
    show_csv,
    show_items,
    show_json,
    show_table,
)
from leadloom.cli.verb import verb
from leadloom.errors import NotFoundError

if TYPE_CHECKING:
    from leadloom.leads.query import Page
    from leadloom.workspace import Workspace

commands = typer.Typer()
_PANEL = "Find"

LEADS_SHOWN = ("full_name", "title", "company", "email", "phone", "country", "lead_score", "id")
LEADS_IN_BRIEF = ("full_name", "company", "email", "id")
COMPANIES_SHOWN = ("name", "domain", "city", "country", "industry", "employee_count", "id")
COMPANIES_IN_BRIEF = ("name", "domain", "id")
WIDE = 140  # characters of a terminal on which all columns can be read

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
        _csv(page, columns, _lead_fields())
    elif page.items:
        default = LEADS_SHOWN if _is_wide() else LEADS_IN_BRIEF
        _table(page, options.read_columns(columns, _lead_fields(), default), "lead")
    else:
        _say_no_leads(ws, is_narrowed=bool(text or where or after or deleted))


@verb(commands, "companies", panel=_PANEL)
def companies(
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
    page = ws.companies.find(
        " ".join(text or ()), where=where or (), sort=sort, limit=limit, after=after
    )
    if as_json:
        show_json({"items": page.items, "next": page.next})
    elif as_csv:
        _csv(page, columns, _company_fields())
    elif page.items:
        default = COMPANIES_SHOWN if _is_wide() else COMPANIES_IN_BRIEF
        fields = options.read_columns(columns, _company_fields(), default)
        _table(page, fields, "company", "companies")
    else:
        say("No companies found: `leadloom import FILE` brings some in.")


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
    found = ws.leads.find(words, limit=limit, after=after)
    firms = ws.companies.find(words, limit=limit).items if after is None else []
    if as_json:
        show_json({"items": found.items, "next": found.next, "companies": firms})
        return
    if found.items:
        _table(found, LEADS_SHOWN if _is_wide() else LEADS_IN_BRIEF, "lead")
    if firms:
        say()
        show_table(COMPANIES_IN_BRIEF, [_row(firm, COMPANIES_IN_BRIEF) for firm in firms])
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


def _company_fields() -> list[str]:
    from leadloom.leads.company import Company

    return [name for name in Company.__dataclass_fields__ if name != "key"]


def _csv(page: "Page[Any]", columns: str | None, fields: Iterable[str]) -> None:
    chosen = options.read_columns(columns, fields, fields)
    show_csv(chosen, [item.as_json() for item in page.items])
    if page.next:
        note(f"There are more: --after {page.next}, or all in one with `leadloom export FILE`.")


def _table(page: "Page[Any]", fields: Sequence[str], noun: str, plural: str | None = None) -> None:
    show_items([Column(field, _getter(field)) for field in fields], page.items)
    more = f"; the next page: --after {page.next}" if page.next else ""
    say(f"\n{counted(len(page.items), noun, plural)}{more}.", style="dim")


def _row(item: Any, fields: Sequence[str]) -> list[Any]:
    return [_getter(field)(item) for field in fields]


def _getter(field: str) -> Any:
    if field.startswith("custom."):
        return lambda item: item.custom.get(field.removeprefix("custom."))
    return lambda item: getattr(item, field)


def _is_wide() -> bool:
    return not is_terminal() or typer.get_terminal_size().columns >= WIDE
