"""How columns map themselves to fields: by the known export, the header, then the values."""

import difflib
from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadloom.errors import UsageError
from leadloom.imports import sniff
from leadloom.imports.columns import (
    IGNORE,
    MANY,
    OF_THE_RECORD,
    READINGS,
    ColumnTarget,
    Mapping,
    custom_name,
    custom_names,
)
from leadloom.imports.headers import OF_COMPANY, field_of, key
from leadloom.imports.headers.judge import Evidence, choice, contradicted, judge
from leadloom.imports.layouts import detect
from leadloom.imports.layouts.layout import Layout
from leadloom.imports.mended import problem_columns
from leadloom.imports.name_order import is_surname_first, turn
from leadloom.imports.same_field import without_weaker
from leadloom.imports.scale import scaled
from leadloom.imports.several_people import about_others
from leadloom.imports.words import word_list
from leadloom.leads.fields import CUSTOM, FIELDS
from leadloom.values import firm_in_name

__all__ = ["ColumnTarget", "Mapping", "infer"]

BY_HAND = "given by --map"
BY_FIELD_NAME = "named like the field"
UNKNOWN = "unknown column"
NO_OVERRIDES: Map[str, str] = {}

_NAMES_A_PERSON = word_list(
    """
    full_name first_name middle_name last_name name_prefix nickname title linkedin_url
    """
)
_MOST_OF_A_LIST = 0.5
_TELLS_APART = 0.8  # of e-mails or phones; a column that repeats them is about somebody else
_ABOUT_OTHERS = word_list(
    """
    owner manager assigned assignee rep agent sales by referrer assistant fax telefax pager
    telex vat iva cnpj cpf nip regon инн кпп kvk cvr ico dic ust iban bic siret siren nif cif tax
    id nr date created modified timestamp
    betreuer verantwortlich zustandig bearbeiter besitzer responsable proprietaire vendeur
    comercial vendedor source url photo partita piva steuer steuernummer faks sender from
    account invoice order serial ip
    """
)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is held of a column so far: a field (one ending in '?' is open), or None, and why."""

    field: str | None
    why: str
    firm: bool = (
        False  # given by hand or by a known export: neighbours and values do not overrule it
    )


def infer(
    headers: Sequence[str],
    sample: Sequence[Map[str, Any]],
    *,
    kind: str,
    overrides: Map[str, str] = NO_OVERRIDES,
) -> Mapping:
    """Map the columns of a file; every header gets exactly one target.

    `sample` is the cells of the first rows, `kind` the kind of file ('delimited', 'workbook',
    'json', 'vcard'), `overrides` what a person said: column → field, 'custom.<name>', or 'ignore'.
    Raises UsageError when an override names an unknown column or field.
    """
    problems = problem_columns(headers)
    rest = [header for header in headers if header not in problems]
    given = _given(headers, overrides)
    layout = detect(rest, kind)
    values = {header: sniff.texts(row.get(header) for row in sample) for header in rest}
    claims = {header: given.get(header) or _claim(header, layout) for header in rest}
    claims = {
        header: _Claim(None, "values are yes and no")
        if _is_text(claim) and sniff.are_flags(row.get(header) for row in sample)
        else claim
        for header, claim in claims.items()
    }
    claims = _of_the_first(claims)
    claims = _of_the_surest(claims, values)
    claims = _settled(claims, values, len(sample))
    claims = _sniffed(claims, values)
    claims = _about_companies(claims)
    claims |= {header: given.get(header) or _Claim(IGNORE, "what was wrong") for header in problems}
    return Mapping(
        layout=layout.name if layout else None,
        provider=layout.provider if layout else None,
        columns=_targets({header: claims[header] for header in headers}, layout, sample),
        known=layout,
        tells_problems=bool(problems),
    )


def _given(headers: Sequence[str], overrides: Map[str, str]) -> dict[str, _Claim]:
    """The claims a person made, by column."""
    return {
        _column(headers, column): _Claim(_field(field), BY_HAND, firm=True)
        for column, field in overrides.items()
    }


def _column(headers: Sequence[str], name: str) -> str:
    """The header a person meant: exactly, or but for case, spaces and punctuation."""
    if name in headers:
        return name
    alike = [header for header in headers if key(header) == key(name)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise UsageError(
            f"--map {name!r} fits several columns, write one exactly: {_listed(alike)}"
        )
    raise UsageError(
        f"the file has no column {name!r} for --map: its columns are {_listed(headers)}"
    )


def _field(name: str) -> str:
    """The field a person named, with '-' for 'ignore' and our own export's plural names."""
    words = name.strip().lower().replace(" ", "_")
    if words.startswith(CUSTOM) and len(words) > len(CUSTOM):
        return name.strip()
    alias = {"-": IGNORE, "emails": "email", "phones": "phone"}.get(words, words)
    known = [*FIELDS, *READINGS, *OF_THE_RECORD, IGNORE]
    if alias in known:
        return alias
    near = difflib.get_close_matches(alias, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}" if near else "use a field's name"
    raise UsageError(f"there is no field {name!r} for --map: {hint}, or custom.<name>, or ignore")


def _listed(names: Sequence[str], most: int = 30) -> str:
    text = ", ".join(repr(name[:60]) for name in names[:most])
    return text + (f" and {len(names) - most} more" if len(names) > most else "")


def _claim(header: str, layout: Layout | None) -> _Claim:
    """What a column is by the known export, by one of our field names, or by its header."""
    found = layout.field(key(header)) if layout else None
    if layout and found:
        field = custom_name(header) if found == "custom" else found
        return _Claim(field, f"{layout.name} layout", firm=True)
    exact = header.strip().lower()
    if exact.startswith(CUSTOM):
        return _Claim(custom_name(header), "named like the custom field", firm=True)
    if (exact in FIELDS or exact in READINGS or exact in OF_THE_RECORD) and exact != "party":
        doubtful = {"title": "title?", "state": "state?"}.get(exact, exact)
        return _Claim(doubtful, BY_FIELD_NAME, firm=exact in OF_THE_RECORD)
    by_header = field_of(header)
    return _Claim(by_header, "header" if by_header else UNKNOWN)


def _settled(
    claims: Map[str, _Claim], values: Map[str, Sequence[str]], rows: int
) -> dict[str, _Claim]:
    """Open claims judged one by one, each seeing those before it; wrong headers put right."""
    settled = {header: _put_right(claim, values[header]) for header, claim in claims.items()}
    for header in _surest_first(settled):
        field = settled[header].field
        if field is None or not _is_open(settled[header]):
            continue
        certain = {
            claim.field: values[other]
            for other, claim in settled.items()
            if other != header and claim.field and not _is_open(claim)
        }
        evidence = Evidence(header, values[header], rows, certain)
        verdict = judge(field, evidence) if field.endswith("?") else choice(field, evidence)
        judged = verdict or (None, "header is unclear, values do not tell")
        settled[header] = _put_right(_Claim(*judged), values[header])
    return settled


def _surest_first(claims: Map[str, _Claim]) -> list[str]:
    """Titles and customers before names, so that a name is judged last by what is left."""
    return sorted(claims, key=lambda header: claims[header].field == "name?")


def _is_text(claim: _Claim) -> bool:
    """Whether a column, by its header, says something that "yes" and "no" cannot say."""
    field = (claim.field or "").removesuffix("?")
    known = FIELDS.get(field)
    return field in ("name", "party") or (known is not None and known.type in _SAID_IN_WORDS)


_SAID_IN_WORDS = word_list("name text company city email phone url linkedin domain country")


def _is_open(claim: _Claim) -> bool:
    known = FIELDS.get(claim.field or "")
    chosen = known is not None and known.type == "choice" and claim.why == BY_FIELD_NAME
    return chosen or (claim.field or "").endswith("?")


def _put_right(claim: _Claim, values: Sequence[str]) -> _Claim:
    """The claim, unless the values say that the header is wrong."""
    if claim.firm or claim.field is None:
        return claim
    other = contradicted(claim.field, values)
    return _Claim(*other) if other else claim


def _sniffed(claims: Map[str, _Claim], values: Map[str, Sequence[str]]) -> dict[str, _Claim]:
    """Unknown columns named by their values, when these tell and no surer column is there."""
    named = dict(claims)
    for header, claim in claims.items():
        if claim.field is None and claim.why == UNKNOWN:
            taken = {other.field for other in named.values()}
            found = _by_values(header, values[header], taken)
            if found is None and len(claims) == 1:
                found = _of_a_list(values[header])
            named[header] = _Claim(*found) if found else claim
    return named


def _of_a_list(values: Sequence[str]) -> tuple[str, str] | None:
    """What a file of one column lists, some lines of other things among it."""
    some = values[: sniff.ENOUGH]
    for field in ("email", "linkedin_url", "phone"):
        if sniff.share(some, sniff.KINDS[field]) >= _MOST_OF_A_LIST:
            return field, f"most values look like {_PLURAL[field]}"
    return None


def _by_values(
    header: str, values: Sequence[str], taken: set[str | None]
) -> tuple[str, str] | None:
    words = key(header).split()
    nameless = not words or words[0] in ("column", "unnamed", "field", "spalte", "f")
    if not values or (not nameless and not _ABOUT_OTHERS.isdisjoint(words)):
        return None
    found = sniff.kind_of(values)
    distinct = len(set(values)) / len(values) >= _TELLS_APART
    if found == "email" and found in taken and not _EMAIL_WORDS.isdisjoint(words):
        return None  # beside a plain "E-mail" a "Buyer E-mail" is somebody else's
    if found == "phone" and "number" in words and all(map(str.isdecimal, values)):
        return None  # "Company Number": a register's
    if found in ("email", "linkedin_url", "phone"):
        return (found, f"values look like {_PLURAL[found]}") if distinct else None
    if found == "company.linkedin_url":
        return found, f"values look like {_PLURAL[found]}"
    if found in ("website", "country", "company"):
        free = nameless and found not in taken
        return (found, f"values look like {_PLURAL[found]}") if free else None
    enough = nameless or len(values) >= 3
    nobody = taken.isdisjoint(("full_name", "first_name", "last_name"))
    if enough and nobody and distinct and sniff.mostly(values, sniff.is_person):
        return "full_name", "values look like people's names"
    return None


_EMAIL_WORDS = word_list("email mail emails correo courriel")
_PLURAL = {
    "email": "e-mail addresses",
    "linkedin_url": "LinkedIn profiles",
    "phone": "phone numbers",
    "company.linkedin_url": "LinkedIn pages",
    "website": "web addresses",
    "country": "countries",
    "company": "companies",
}


def _of_the_first(claims: Map[str, _Claim]) -> dict[str, _Claim]:
    """Where a row lists several people, what is said of all but the first becomes custom."""
    others = about_others({header: claim.field for header, claim in claims.items()})
    return {
        header: _Claim(None, "about another person of the row")
        if header in others and claim.why != BY_HAND
        else claim
        for header, claim in claims.items()
    }


def _of_the_surest(claims: Map[str, _Claim], values: Map[str, Sequence[str]]) -> dict[str, _Claim]:
    """Of columns that claim one field, those whose values say they are something else: custom."""
    weaker = without_weaker({header: claim.field for header, claim in claims.items()}, values)
    return {
        header: _Claim(None, weaker[header]) if header in weaker and not claim.firm else claim
        for header, claim in claims.items()
    }


def _about_companies(claims: Map[str, _Claim]) -> dict[str, _Claim]:
    """Where nothing names a person, plain places, sites and phones are the company's own."""
    fields = {claim.field for claim in claims.values() if claim.field}
    if "company" not in fields or not _NAMES_A_PERSON.isdisjoint(fields):
        return dict(claims)
    spared = {"company", "email", "domain", "tags", "notes"}
    if "email" in fields:  # somebody answers that phone; who it is the file does not say
        spared.add("phone")
    moved = dict(claims)
    for header, claim in claims.items():
        field = claim.field or ""
        if field in OF_COMPANY and field not in spared and not claim.firm:
            moved[header] = _Claim(OF_COMPANY[field], f"{claim.why}; no person in the row")
    return moved


def _targets(
    claims: Map[str, _Claim], layout: Layout | None, sample: Sequence[Map[str, Any]]
) -> dict[str, ColumnTarget]:
    """The final target of each column: a field of one value given to several gets a spare."""
    spares = custom_names(list(claims))
    count = Counter(claim.field for claim in claims.values())
    by_hand = {claim.field for claim in claims.values() if claim.why == BY_HAND}
    single: dict[str, str] = {}
    targets = {}
    for header in sorted(claims, key=lambda one: _rank(one, claims[one])):
        claim, spare = claims[header], spares[header]
        field, why = claim.field, claim.why
        if field and field in OF_THE_RECORD and single.setdefault(field, header) != header:
            why, field = f"{single[field]!r} is the {field} already", None
        elif field in by_hand and field not in MANY and why != BY_HAND and field != IGNORE:
            why, field = f"another column was given for {field} by --map", None
        shared = field is not None and count[field] > 1 and field in _HOLD_ONE
        reader = layout.reader(key(header)) if layout and field else None
        needs_spare = shared or (reader is not None and field in _HOLD_ONE)
        if field in ("full_name", "party") and not reader and is_surname_first(sample, header):
            reader, why = turn, f"{why}; last names come first"
        if field == "full_name" and not claim.firm and _has_firms(sample, header):
            field, why = "party", f"{why}; companies among them"
        if field is None or field.startswith(CUSTOM):
            field = field if field and why == BY_HAND else spare
        targets[header] = ColumnTarget(
            header,
            field,
            why,
            spare if needs_spare else None,
            reader or scaled(header, field),
            _tells_refusals(header, field),
        )
    return {header: targets[header] for header in claims}


def _has_firms(sample: Sequence[Map[str, Any]], header: str) -> bool:
    """Whether a column of names holds a company's that cannot be a person's."""
    return any(map(firm_in_name.is_firm, sniff.texts(row.get(header) for row in sample)))


def _tells_refusals(header: str, field: str) -> bool:
    """Whether a column is of the kind in which people note that somebody opted out: a status."""
    if field in _ARE_STATUSES:
        return True
    return field.startswith(CUSTOM) and not _STATUS_WORDS.isdisjoint(key(header).split())


_ARE_STATUSES = word_list("status stage lead_status email_status email_verified")
_STATUS_WORDS = word_list(
    """
    status stage phase lifecycle subscription subscriber consent newsletter marketing permission
    statut etat etape estado etapa fase stato stav durum etap статус этап 状态 ステータス 상태
    الحالة disposition outcome preference preferences
    """
)
_HOLD_ONE = frozenset([*FIELDS, *READINGS]) - MANY


def _rank(header: str, claim: _Claim) -> int:
    """Who is the record's id when several columns could be: by hand, by name, by layout, judged."""
    if claim.why == BY_HAND:
        return 0
    if header.strip().lower() in OF_THE_RECORD:
        return 1
    return 2 if claim.firm else 3
