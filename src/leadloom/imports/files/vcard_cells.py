"""The properties of a card as the cells of a row."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from leadloom.imports.files.vcard_property import Property, split_unescaped, unescaped

NAME_PARTS = ("N.family", "N.given", "N.additional", "N.prefix", "N.suffix")
ADDRESS_PARTS = ("pobox", "extended", "street", "city", "region", "code", "country")
ABOUT_THE_FILE = frozenset(("VERSION", "PRODID", "AGENT", "X-ABLABEL", "X-ABADR", "BEGIN", "END"))
OWN_CUSTOM = "X-LEADLOOM-CUSTOM"  # a custom field of our own exports: its name and its value
SOCIAL = frozenset(("X-SOCIALPROFILE", "SOCIALPROFILE"))
SCHEMES = {"TEL": "tel:", "FAX": "tel:", "EMAIL": "mailto:"}


def card_cells(properties: list[Property]) -> dict[str, Any]:
    """A card's cells: "FN", "N.given", "EMAIL", "EMAIL 2", "ADR.city", "CATEGORIES" (a list) ….

    Preferred values come first among their kind; empty ones are left out.
    """
    cells: dict[str, Any] = {}
    categories: list[str] = []
    kinds: Counter[str] = Counter()
    for each in sorted(properties, key=lambda each: "PREF" not in each.types):
        if each.name == "CATEGORIES":
            categories += [unescaped(part).strip() for part in split_unescaped(each.value, ",")]
        elif each.name == OWN_CUSTOM:
            name, *value = each.parts()
            cells[f"custom.{name}"] = ";".join(value)
        elif each.name not in ABOUT_THE_FILE:
            _add(cells, dict(_named(each)), kinds)
    if found := [category for category in categories if category]:
        cells["CATEGORIES"] = found
    return _of_company(cells) if _is_company(cells) else cells


def _is_company(cells: dict[str, Any]) -> bool:
    """Whether a card is an organisation's: it says so, or bears its name and no person's."""
    if any(name in cells for name in ("N.family", "N.given", "N.additional")):
        return False
    said = str(cells.get("X-ABSHOWAS") or cells.get("KIND") or "").strip().lower()
    name, firm = (str(cells.get(column) or "").casefold() for column in ("FN", "ORG"))
    return said in ("company", "org") or (bool(firm) and name == firm)


def _of_company(cells: dict[str, Any]) -> dict[str, Any]:
    """The cells of an organisation's card: its name, phones, site and address are its own."""
    name = cells.pop("FN", None)
    own = {_owned(column): value for column, value in cells.items() if column != "X-ABSHOWAS"}
    return own if "ORG" in own or not name else {"ORG": name, **own}


def _owned(column: str) -> str:
    kind = column.partition(".")[0].partition(" ")[0]
    return f"ORG.{column}" if kind in ("TEL", "URL", "ADR", "NOTE") else column


def _named(each: Property) -> Iterator[tuple[str, str]]:
    """The cells of one property, by the names they have when the card has no other such."""
    if each.name == "N":
        yield from zip(NAME_PARTS, _name_parts(each), strict=False)
    elif each.name == "ORG":
        organisation, *units = each.parts()
        yield "ORG", organisation
        yield "ORG.unit", ", ".join(filter(None, units))
    elif each.name == "ADR":
        yield from _address(each)
    else:
        name = _column(each)
        text = each.text()
        scheme = SCHEMES.get(name, "")
        yield name, text[len(scheme) :] if text.lower().startswith(scheme) else text


def _column(each: Property) -> str:
    if each.name == "TEL" and "FAX" in each.types:
        return "FAX"
    return "SOCIAL" if each.name in SOCIAL else each.name


def _name_parts(each: Property) -> list[str]:
    """Family and given name as they are; several further names, prefixes, suffixes spaced."""
    family_given, rest = each.parts()[:2], split_unescaped(each.value, ";")[2:]
    spaced = (map(str.strip, map(unescaped, split_unescaped(part, ","))) for part in rest)
    return family_given + [" ".join(filter(None, names)) for names in spaced]


def _address(each: Property) -> Iterator[tuple[str, str]]:
    parts = dict(zip(ADDRESS_PARTS, each.parts(), strict=False))
    lines = [parts.pop(name, "") for name in ("street", "extended", "pobox")]
    yield "ADR.street", ", ".join(filter(None, lines))
    for name, value in parts.items():
        yield f"ADR.{name}", value


def _add(cells: dict[str, Any], found: dict[str, str], kinds: Counter[str]) -> None:
    """Add a property's cells, numbered from the second of its kind: "EMAIL 2", "ADR 2.city"."""
    filled = {name: value for name, value in found.items() if value}
    if filled:
        kind = next(iter(filled)).partition(".")[0]
        kinds[kind] += 1
        cells.update((_numbered(name, kinds[kind]), value) for name, value in filled.items())


def _numbered(name: str, number: int) -> str:
    kind, dot, part = name.partition(".")
    return name if number == 1 else f"{kind} {number}{dot}{part}"
