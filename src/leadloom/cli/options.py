"""Options and arguments that several commands share, and how FIELD=VALUE is read."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from leadloom.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="Print JSON, and only that, on stdout.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV on stdout.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        "-w",
        metavar="CONDITION",
        help="FIELD=VALUE, FIELD!=VALUE, FIELD~TEXT, FIELD>N …; give it again to narrow further.",
    ),
]
Sort = Annotated[
    str | None, typer.Option("--sort", metavar="FIELD", help="A field; -FIELD for descending.")
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")]
After = Annotated[
    str | None, typer.Option("--after", metavar="CURSOR", help="Go on where a page ended.")
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", metavar="FIELD,FIELD,…", help="Fields of the table or CSV."),
]
Words = Annotated[list[str] | None, typer.Argument(metavar="[TEXT]", help="Words to look for.")]
LeadRef = Annotated[str, typer.Argument(metavar="ID", help="A lead's id, or its e-mail address.")]
LeadRefs = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Ids or e-mail addresses of leads.")
]
RunRef = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help='A run\'s id, the end of one, "last", or "last:KIND" (last:edit, last:import, …).',
    ),
]
Values = Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="Fields to set.")]
Context = Annotated[
    list[str] | None,
    typer.Option("--context", metavar="NAME=VALUE", help="A value for the templates to use."),
]

Template = Annotated[
    str | None,
    typer.Option(
        "--template", "-t", metavar="NAME", help="What to write (setting default_template)."
    ),
]
Variants = Annotated[
    int | None,
    typer.Option(
        "--variants", metavar="N", min=1, help="Messages for each lead (setting variants)."
    ),
]


def read_values(
    texts: Iterable[str] | None, example: str = "email=anna@example.com"
) -> dict[str, str]:
    """Read FIELD=VALUE texts; a value may hold "=" too.

    Raises UsageError when one has no "=", or a field is given twice.
    """
    values: dict[str, str] = {}
    for text in texts or ():
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or not name:
            raise UsageError(f"{text!r} is not a name, = and a value: write it like {example}.")
        if name in values:
            raise UsageError(f"{name!r} is given twice: give each name one value.")
        values[name] = value
    return values


def read_mapping(texts: Iterable[str] | None) -> dict[str, str]:
    """Read COLUMN=FIELD texts; a column's name may hold "=" too. Raises UsageError."""
    mapping: dict[str, str] = {}
    for text in texts or ():
        column, sign, field = text.rpartition("=")
        if not sign or not column or not field.strip():
            raise UsageError(
                f"--map {text!r} is not of the form COLUMN=FIELD: write it like 'Mail 1=email'."
            )
        if column in mapping:
            raise UsageError(f"--map names the column {column!r} twice: give it one field.")
        mapping[column] = field.strip()
    return mapping


def read_columns(text: str | None, known: Iterable[str], default: Iterable[str]) -> list[str]:
    """Read a list of fields; `custom.NAME` is always one. Raises UsageError for an unknown one."""
    if text is None:
        return list(default)
    names = [name.strip() for name in text.split(",") if name.strip()]
    known = list(known)
    for name in names:
        if name not in known and not name.startswith("custom."):
            raise UsageError(
                f"There is no field {name!r}: choose from {', '.join(known)}, custom.NAME."
            )
    if not names:
        raise UsageError("--columns is empty: name fields, or leave it out.")
    return names


def check_one_form(as_json: bool, as_csv: bool) -> None:
    """Raise UsageError when both forms of output were asked for."""
    if as_json and as_csv:
        raise UsageError("--json and --csv cannot both be printed: choose one.")


def read_text(text: str | None, file: Path | None, what: str) -> str:
    """Return a text given by --text, or held by the file of --file ("-" is standard input).

    Raises UsageError when neither or both are given, InputError when the file cannot be read.
    """
    import sys

    from leadloom.errors import InputError

    if (text is None) == (file is None):
        raise UsageError(f"Give {what} with --text, or the file that holds it with --file.")
    if file is None:
        return text or ""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(f"{file} cannot be read ({reason}): name a text file.") from error
