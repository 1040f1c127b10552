"""Names spread over columns: what one column says completes what another leaves out."""

from collections.abc import Mapping

from leadloom.values.name_titles import ACADEMIC, DEGREES, GENERATION, NEVER_A_NAME, TITLES
from leadloom.values.person_name import NameParts, join, split

_PARTS = ("name_prefix", "first_name", "middle_name", "last_name", "name_suffix", "nickname")


def complete(given: Mapping[str, str]) -> dict[str, str]:
    """All name fields of a lead that follow from the clean ones given; absent ones are left out.

    A full name is taken apart and first and last are put together. A whole name in the first-name
    column, titles before a first and degrees behind a last name go where they belong.
    """
    if len(given) == 1 and (full := given.get("full_name")):
        parts = split(full)
        return _facts(parts, join(parts) or full)
    columns = {field: given.get(field, "") for field in ("full_name", *_PARTS)}
    _find_full_name(columns)
    full = columns["full_name"]
    if not full and _is_plain(columns):
        parts = NameParts(first=columns["first_name"], last=columns["last_name"])
        return _facts(parts, join(parts))
    from_full = split(full) if full else NameParts()
    parts = _merge(_own_parts(columns), from_full)
    return _facts(parts, (join(from_full) or full) if full else join(parts))


def _facts(parts: NameParts, full_name: str) -> dict[str, str]:
    values = (parts.prefix, parts.first, parts.middle, parts.last, parts.suffix, parts.nickname)
    facts = {field: value for field, value in zip(_PARTS, values, strict=True) if value}
    return {"full_name": full_name, **facts} if full_name else facts


def _find_full_name(columns: dict[str, str]) -> None:
    """Move a whole name out of the column of the first or last name."""
    full, first, last = columns["full_name"], columns["first_name"], columns["last_name"]
    if first and last and first.casefold() == last.casefold() and " " in first:
        last = columns["last_name"] = ""
    if full or (first and last):
        return
    if first and (" " in first or "," in first):
        columns["full_name"], columns["first_name"] = first, ""
    elif last and "," in last:
        columns["full_name"], columns["last_name"] = last, ""


def _is_plain(columns: Mapping[str, str]) -> bool:
    return (
        columns["first_name"].isalpha()
        and columns["last_name"].isalpha()
        and not any(columns[f] for f in ("name_prefix", "middle_name", "name_suffix", "nickname"))
        and columns["first_name"].lower() not in NEVER_A_NAME
    )


def _own_parts(columns: Mapping[str, str]) -> NameParts:
    prefix, first = _without_title(columns["first_name"])
    last, suffix = _without_degrees(columns["last_name"])
    if last and first.casefold().endswith(f" {last.casefold()}"):
        first = first[: -len(last) - 1]
    return NameParts(
        prefix=columns["name_prefix"] or prefix,
        first=first,
        middle=columns["middle_name"],
        last=last,
        suffix=columns["name_suffix"] or suffix,
        nickname=columns["nickname"],
    )


def _merge(own: NameParts, full: NameParts) -> NameParts:
    """The parts of the columns; what they lack comes from the full name, unless it is in them."""
    taken = f"{own.first} {own.last}".casefold().split()
    middle = own.middle or " ".join(w for w in full.middle.split() if w.casefold() not in taken)
    return NameParts(
        prefix=own.prefix or full.prefix,
        first=own.first or full.first,
        middle=middle,
        last=own.last or full.last,
        suffix=own.suffix or full.suffix,
        nickname=own.nickname or full.nickname,
    )


def _without_title(first: str) -> tuple[str, str]:
    if first.isalpha() and first.lower() not in NEVER_A_NAME:
        return "", first
    academic = ACADEMIC.match(f"{first} ")
    if academic and academic.end() <= len(first):
        return academic[1].strip(), first[academic.end() :]
    words = first.split()
    count = 0
    while count < len(words) and _is_title(words[count]):
        count += 1
    return " ".join(words[:count]), " ".join(words[count:])


def _is_title(word: str) -> bool:
    bare = word.lower().rstrip(".")
    return bare in NEVER_A_NAME or (bare in TITLES and word.endswith(".") and len(bare) > 1)


def _without_degrees(last: str) -> tuple[str, str]:
    if last.isalpha():
        return last, ""
    name, _, tail = last.partition(",")
    words = name.split()
    count = len(words)
    while count > 1 and _is_degree(words[count - 1]):
        count -= 1
    suffix = ", ".join(filter(None, (" ".join(words[count:]), tail.strip())))
    return " ".join(words[:count]), suffix


def _is_degree(word: str) -> bool:
    bare = word.lower().replace(".", "")
    return GENERATION.fullmatch(word) is not None or (bare in DEGREES and not word.istitle())
