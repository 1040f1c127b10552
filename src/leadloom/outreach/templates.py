"""Templates in the database: the texts of each, their versions, and which of them are in use.

A version is never changed once made; the row of a template says which one is active. What the
product itself wrote has no `created_by`, which is how an edited template is told from its original.
"""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.events.event import record
from leadloom.ids import new_uuid
from leadloom.outreach.builtin import BuiltIn, built_in_templates
from leadloom.outreach.names import checked_name, checked_text, not_found
from leadloom.outreach.parts import MESSAGE_TYPES, PART_TYPES, MessageType, Part, PartType
from leadloom.outreach.variables import variables_of
from leadloom.storage.database import Tx
from leadloom.storage.tables import template_versions, templates


@dataclass(frozen=True, slots=True)
class Template:
    """One text of a template: the subject, a body, … for one type of message or for all.

    `version`, `text` and `variables` are those of the active version; `success_rate` is replies by
    sent messages, from 0 to 1, or None while nothing was sent.
    """

    key: int
    id: uuid.UUID
    name: str
    type: PartType
    message_type: MessageType | None
    version: int
    is_active: bool
    usage_count: int
    success_rate: float | None
    text: str
    variables: list[str]
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def part(self) -> Part:
        """The text as drafting takes it."""
        return Part(self.name, self.type, self.message_type, self.text, self.version)

    def as_json(self) -> dict[str, Any]:
        """Return the template as JSON-able values, without the inner key."""
        shape = asdict(self)
        del shape["key"]
        return shape


@dataclass(frozen=True, slots=True)
class Version:
    """A text as it was written down at `created_at`; `is_own` when a person of yours did."""

    version: int
    text: str
    created_at: dt.datetime
    is_own: bool


def list_templates(tx: Tx) -> list[Template]:
    """Return every text of every template, by name, type and type of message."""
    ordered = _select(tx).order_by(templates.c.name, templates.c.id)
    return [_template(row) for row in tx.conn.execute(ordered)]


def get_texts(tx: Tx, name: str) -> list[Template]:
    """Return all texts of one template. Raises NotFoundError, with the nearest name."""
    query = _select(tx).where(templates.c.name == " ".join(name.split())).order_by(templates.c.id)
    found = [_template(row) for row in tx.conn.execute(query)]
    if not found:
        raise not_found("template", name, {one.name for one in list_templates(tx)})
    return found


def get_active(tx: Tx, name: str) -> list[Template]:
    """Return the texts of one template that are in use.

    Raises NotFoundError when there is no such template and UsageError when it is switched off.
    """
    active = [text for text in get_texts(tx, name) if text.is_active]
    if not active:
        raise UsageError(
            f"The template {name!r} is switched off: run `leadloom templates activate {name}`."
        )
    return active


def get_parts(tx: Tx, name: str) -> list[Part]:
    """Return the texts in use as drafting takes them; raises as `get_active` does."""
    return [text.part for text in get_active(tx, name)]


def list_versions(tx: Tx, name: str, type: str, message_type: str | None = None) -> list[Version]:
    """Return every version of one text, oldest first. Raises NotFoundError."""
    text = _get_text(tx, name, type, message_type)
    query = (
        sa.select(template_versions)
        .where(template_versions.c.template_id == text.key)
        .order_by(template_versions.c.version)
    )
    return [
        Version(row.version, row.text, row.created_at, row.created_by is not None)
        for row in tx.conn.execute(query)
    ]


def add_template(
    tx: Tx, name: str, type: str, text: str, message_type: str | None = None
) -> Template:
    """Add a text to a template, which is new when no other text has its name.

    `type` is one of `PART_TYPES`; without a `message_type` (one of `MESSAGE_TYPES`) it serves all.
    Raises UsageError when it is there already or cannot be read.
    """
    part = _checked(name, type, text, message_type)
    if _find_text(tx, part) is not None:
        raise UsageError(f"{part.label} is there already: use `leadloom templates edit`.")
    return _insert(tx, part, tx.stamp())


def edit_template(
    tx: Tx, name: str, type: str, text: str, message_type: str | None = None
) -> Template:
    """Give a text a new version, active from now on; the same text again changes nothing.

    Raises NotFoundError when there is no such text and UsageError when the new one cannot be read.
    """
    part = _checked(name, type, text, message_type)
    before = _get_text(tx, name, type, message_type)
    if before.text == part.text:
        return before
    version = _latest(tx, before.key) + 1
    _insert_version(tx, before.key, version, part, tx.stamp())
    _set(tx, before.key, version=version)
    record(tx, "template.edited", before.key, data={"name": before.name, "version": version})
    return _get_text(tx, name, type, message_type)


def activate_template(
    tx: Tx,
    name: str,
    type: str | None = None,
    message_type: str | None = None,
    *,
    version: int | None = None,
    active: bool = True,
) -> list[Template]:
    """Switch texts of a template on or off, or bring an earlier version of one back.

    Without `type` all its texts are meant. Raises NotFoundError for an unknown text or version and
    UsageError when a version is named without the text it is of.
    """
    if type is None:
        if message_type is not None or version is not None:
            raise UsageError("Name the text that is meant: --type subject, body, icebreaker, …")
        chosen = get_texts(tx, name)
    else:
        chosen = [_get_text(tx, name, type, message_type)]
    for text in chosen:
        wanted = text.version if version is None else _existing(tx, text, version)
        if (wanted, active) == (text.version, text.is_active):
            continue
        _set(tx, text.key, version=wanted, is_active=active)
        happened = "template.activated" if active else "template.deactivated"
        record(tx, happened, text.key, data={"name": text.name, "version": wanted})
    keys = {text.key for text in chosen}
    return [text for text in get_texts(tx, name) if text.key in keys]


def install_built_ins(tx: Tx) -> int:
    """Bring the templates of the product into the workspace; return how many texts that changed.

    Once they are there nothing happens. A newer text of the product becomes a new version, unless
    a person edited that text; a template of the same name that a person made is left alone.
    """
    built_in = built_in_templates()
    stored = defaultdict[str, dict[tuple[str, str], Any]](dict)
    query = sa.select(templates).where(
        templates.c.workspace_id == tx.workspace_id, templates.c.name.in_(built_in)
    )
    for row in tx.conn.execute(query):
        stored[row.name][row.type, row.message_type] = row
    return sum(_install(tx, one, stored[name]) for name, one in built_in.items())


def _install(tx: Tx, built_in: BuiltIn, stored: dict[tuple[str, str], Any]) -> int:
    if stored and all(row.created_by is not None for row in stored.values()):
        return 0
    by_product = {**tx.stamp(), "created_by": None, "updated_by": None}
    changed = 0
    for part in built_in.parts:
        row = stored.get((part.type, part.message_type or ""))
        if row is None:
            _insert(tx, part, by_product)
            changed += 1
        elif row.version < part.version:
            changed += _renew(tx, row, part, by_product)
    return changed


def _renew(tx: Tx, row: Any, part: Part, by_product: dict[str, Any]) -> int:
    """Add a newer text of the product to one that nobody edited; says how many changed."""
    versions = list_versions(tx, row.name, row.type, row.message_type or None)
    if any(one.is_own for one in versions) or versions[-1].text == part.text:
        return 0
    version = max(part.version, versions[-1].version + 1)
    _insert_version(tx, row.id, version, part, by_product)
    if row.version == versions[-1].version:
        _set(tx, row.id, version=version)
    record(tx, "template.renewed", row.id, data={"name": row.name, "version": version})
    return 1


def _checked(name: str, type: str, text: str, message_type: str | None) -> Part:
    if type not in PART_TYPES:
        raise UsageError(f"There is no type {type!r}: choose from {', '.join(PART_TYPES)}.")
    if message_type and message_type not in MESSAGE_TYPES:
        known = ", ".join(MESSAGE_TYPES)
        raise UsageError(f"There is no type of message {message_type!r}: choose from {known}.")
    part = Part(
        checked_name(name, "template"),
        type,
        message_type or None,
        checked_text(text.replace("\r\n", "\n"), "The text").strip(),
    )
    if not part.text:
        raise UsageError(f"{part.label} has no text.")
    variables_of(part.text, part.label)
    return part


def _insert(tx: Tx, part: Part, stamp: dict[str, Any]) -> Template:
    made = tx.conn.execute(
        templates.insert().values(
            uuid=new_uuid(),
            workspace_id=tx.workspace_id,
            name=part.name,
            type=part.type,
            message_type=part.message_type or "",
            version=part.version,
            is_active=True,
            usage_count=0,
            **stamp,
        )
    ).inserted_primary_key
    assert made is not None
    _insert_version(tx, made[0], part.version, part, stamp)
    data = {"name": part.name, "type": part.type, "message_type": part.message_type}
    record(tx, "template.created", made[0], data=data)
    return _get_text(tx, part.name, part.type, part.message_type)


def _insert_version(
    tx: Tx, template_key: int, version: int, part: Part, stamp: dict[str, Any]
) -> None:
    tx.conn.execute(
        template_versions.insert().values(
            workspace_id=tx.workspace_id,
            template_id=template_key,
            version=version,
            text=part.text,
            variables=sorted(variables_of(part.text, part.label)),
            **stamp,
        )
    )


def _set(tx: Tx, key: int, **values: Any) -> None:
    tx.conn.execute(templates.update().where(templates.c.id == key).values(**values, **tx.touch()))


def _latest(tx: Tx, template_key: int) -> int:
    newest = sa.select(sa.func.max(template_versions.c.version))
    return int(tx.conn.execute(newest.where(_of(template_key))).scalar_one())


def _existing(tx: Tx, text: Template, version: int) -> int:
    numbers = sa.select(template_versions.c.version).where(_of(text.key))
    if version not in (known := sorted(tx.conn.scalars(numbers))):
        raise NotFoundError(
            f"{text.part.label} has no version {version}: it has {', '.join(map(str, known))}."
        )
    return version


def _of(template_key: int) -> sa.ColumnElement[bool]:
    return template_versions.c.template_id == template_key


def _get_text(tx: Tx, name: str, type: str, message_type: str | None) -> Template:
    texts = get_texts(tx, name)
    wanted = (type, message_type or None)
    found = next((one for one in texts if (one.type, one.message_type) == wanted), None)
    if found is None:
        has = ", ".join(f"{o.type} {o.message_type}" if o.message_type else o.type for o in texts)
        missing = f"{type} for {message_type} messages" if message_type else type
        raise NotFoundError(f"The template {name!r} has no {missing} of its own: it has {has}.")
    return found


def _find_text(tx: Tx, part: Part) -> int | None:
    key: int | None = tx.conn.scalar(
        sa.select(templates.c.id).where(
            templates.c.workspace_id == tx.workspace_id,
            templates.c.name == part.name,
            templates.c.type == part.type,
            templates.c.message_type == (part.message_type or ""),
        )
    )
    return key


def _select(tx: Tx) -> sa.Select[Any]:
    return (
        sa.select(templates, template_versions.c.text, template_versions.c.variables)
        .join(template_versions, template_versions.c.template_id == templates.c.id)
        .where(
            templates.c.workspace_id == tx.workspace_id,
            template_versions.c.version == templates.c.version,
        )
    )


def _template(row: Any) -> Template:
    return Template(
        key=row.id,
        id=row.uuid,
        message_type=row.message_type or None,
        **{
            name: getattr(row, name)
            for name in Template.__dataclass_fields__
            if name not in ("key", "id", "message_type")
        },
    )
