"""The settings of a workspace: what there is to set, its default, and what was changed."""

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from typing import Any, Final, Literal

import pycountry
import sqlalchemy as sa

from leadloom.errors import NotFoundError, UsageError
from leadloom.storage.database import Tx
from leadloom.storage.tables import settings

SettingType = Literal["text", "whole number", "decimal", "flag", "country", "time zone"]
Value = str | int | bool | Decimal

_LONGEST_TEXT: Final = 2_000
# Control characters and halves of characters: not every database keeps them.
_UNKEPT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_FLAGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set, and its value now. `least` and `most` bound a number."""

    key: str
    value: Value
    type: SettingType
    default: Value
    description: str
    least: int = 0
    most: int | None = None

    @property
    def is_changed(self) -> bool:
        """Whether somebody set it to something else than the default."""
        return self.value != self.default

    def as_json(self) -> dict[str, Any]:
        """Return the setting as JSON-able values."""
        shape = asdict(self)
        del shape["least"], shape["most"]
        return shape


def _setting(
    key: str, type: SettingType, default: Value, description: str, **bounds: int
) -> Setting:
    return Setting(key, default, type, default, description, **bounds)


SETTINGS: Final[Mapping[str, Setting]] = {
    setting.key: setting
    for setting in (
        _setting("llm_provider", "text", "openai", "who answers questions to a language model"),
        _setting("llm_model", "text", "gpt-4o-mini", "the language model that is asked"),
        _setting(
            "max_concurrent_enrichments",
            "whole number",
            3,
            "how many outside calls may be under way at once",
            least=1,
            most=100,
        ),
        _setting(
            "cache_ttl_days",
            "whole number",
            7,
            "days an outside answer is used again before it is asked for anew",
            most=3_650,
        ),
        _setting(
            "daily_spend_limit",
            "decimal",
            Decimal("100.0"),
            "most US dollars that outside calls may cost a day",
            most=1_000_000,
        ),
        _setting(
            "good_enough",
            "decimal",
            Decimal("0.5"),
            "how sure (0 to 1) an answer has to be for nobody else to be asked",
            most=1,
        ),
        _setting(
            "enrich_plan",
            "text",
            "",
            "whom to ask for a field, where the order matters: email: address pattern, NAME; …",
        ),
        _setting(
            "probe_mailboxes",
            "flag",
            False,
            "whether the mail check asks mail servers if they know an address (sends nothing)",
        ),
        _setting(
            "provider_prices",
            "text",
            "",
            "what a call costs by your own plan, in US dollars: hunter: 0.02; apollo: 0.01",
        ),
        _setting("enable_deep_search", "flag", True, "whether enrichment may read whole websites"),
        _setting(
            "default_country",
            "country",
            "",
            "two-letter code of the country of numbers and places that name none",
        ),
        _setting(
            "timezone",
            "time zone",
            "UTC",
            "where the clock hangs that schedules go by, such as Europe/Berlin",
        ),
        _setting(
            "keep_jobs_days",
            "whole number",
            30,
            "days that a job of the workers is remembered when it is over",
            most=3_650,
        ),
        _setting(
            "keep_events_months",
            "whole number",
            0,
            "months that what happened is remembered by its events; 0 is for ever",
            most=1_200,
        ),
        _setting("sender_name", "text", "", "who signs the drafts"),
        _setting("sender_company", "text", "", "the company of who signs the drafts"),
        _setting("sender_title", "text", "", "the job title of who signs the drafts"),
        _setting("sender_pitch", "text", "", "what the sender offers, as templates put it"),
        _setting("sender_proof", "text", "", "why to believe it, as templates put it"),
        _setting("signature", "text", "", "the end of a draft, in place of name, title, company"),
        _setting("default_template", "text", "intro", "the template of drafts that name none"),
        _setting(
            "variants",
            "whole number",
            1,
            "drafts a lead when nothing else is asked",
            least=1,
            most=15,
        ),
    )
}


def list_settings(tx: Tx) -> list[Setting]:
    """Return every setting with its value now, in the order of `SETTINGS`."""
    query = sa.select(settings.c.key, settings.c.value).where(
        settings.c.workspace_id == tx.workspace_id
    )
    changed = {row.key: row.value for row in tx.conn.execute(query)}
    return [_with_stored(one, changed.get(one.key)) for one in SETTINGS.values()]


def get_setting(tx: Tx, key: str) -> Setting:
    """Return one setting. Raises NotFoundError when there is none of this name."""
    known = _known(key)
    return _with_stored(known, tx.conn.scalar(sa.select(settings.c.value).where(*_at(tx, key))))


def change_setting(tx: Tx, key: str, text: str) -> Setting:
    """Set a setting to what `text` says; saying the default again forgets the change.

    Raises NotFoundError for an unknown key and UsageError for a value of the wrong type.
    """
    known = _known(key)
    value = _read(known, text)
    before = get_setting(tx, key)
    if value == before.value:
        return before
    if value == known.default:
        return reset_setting(tx, key)
    stored = str(value)  # as people write it: a bare JSON number does not come back from SQLite
    if before.is_changed:
        tx.conn.execute(settings.update().where(*_at(tx, key)).values(value=stored, **tx.touch()))
    else:
        row = {"workspace_id": tx.workspace_id, "key": key, "value": stored, **tx.stamp()}
        tx.conn.execute(settings.insert().values(row))
    return _with_value(known, value)


def reset_setting(tx: Tx, key: str) -> Setting:
    """Bring a setting back to its default. Raises NotFoundError for an unknown key."""
    known = _known(key)
    tx.conn.execute(settings.delete().where(*_at(tx, key)))
    return known


def _at(tx: Tx, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return settings.c.workspace_id == tx.workspace_id, settings.c.key == key


def _known(key: str) -> Setting:
    if key in SETTINGS:
        return SETTINGS[key]
    near = get_close_matches(key, SETTINGS, 1)
    hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(SETTINGS)}."
    raise NotFoundError(f"There is no setting {key!r}: {hint}")


def _with_stored(known: Setting, stored: str | None) -> Setting:
    if stored is None:
        return known
    return _with_value(known, _read(known, stored))


def _with_value(known: Setting, value: Value) -> Setting:
    return Setting(**{**asdict(known), "value": value})


def _read(known: Setting, text: str) -> Value:
    """The value `text` stands for. Raises UsageError when it is none of the setting's type."""
    text = text.strip()
    match known.type:
        case "flag":
            return _read_flag(known, text)
        case "whole number":
            if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
                raise _wrong(known, text, "a whole number")
            return int(_bounded(known, Decimal(text), text))
        case "decimal":
            return _bounded(known, _read_decimal(known, text), text)
        case "country":
            return _read_country(known, text)
        case "time zone":
            return _read_zone(known, text)
    return _read_text(known, text)


def _read_flag(known: Setting, text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise _wrong(known, text, "true or false")
    return _FLAGS[text.lower()]


def _read_decimal(known: Setting, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _wrong(known, text, "a number such as 12.50") from None
    if not number.is_finite() or len(text) > 30:
        raise _wrong(known, text, "a number such as 12.50")
    return number


def _bounded(known: Setting, number: Decimal, text: str) -> Decimal:
    if number < known.least:
        raise _wrong(known, text, f"{known.least} or more")
    if known.most is not None and number > known.most:
        raise _wrong(known, text, f"{known.most} or less")
    return number


def _read_country(known: Setting, text: str) -> str:
    code = text.upper()
    if code and (len(code) != 2 or pycountry.countries.get(alpha_2=code) is None):
        raise _wrong(known, text, "a two-letter country code such as DE")
    return code


def _read_zone(known: Setting, text: str) -> str:
    zone = _zones().get(text.lower())
    if zone is None:
        raise _wrong(known, text, "the name of a time zone such as Europe/Berlin")
    return zone


@cache
def _zones() -> dict[str, str]:
    """Every time zone, by its name in small letters; they are looked for in many folders."""
    return {name.lower(): name for name in zoneinfo.available_timezones()}


def _read_text(known: Setting, text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise _wrong(known, text, f"at most {_LONGEST_TEXT} characters")
    if _UNKEPT.search(text):
        raise _wrong(known, text, "text without control characters")
    return text


def _wrong(known: Setting, text: str, wanted: str) -> UsageError:
    return UsageError(f"The setting {known.key} takes {wanted}, not {text[:60]!r}.")
