"""Headers that mean different things in different files: the neighbours and the values decide.

'Name' is a person, a company, or what is left of a name beside 'Vorname'; 'Title' a form of
address or a job; 'Status' ours only when its values are. Each judge returns the field and why, or
None to keep the column as a custom field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from leadloom.imports import sniff
from leadloom.imports.headers import key
from leadloom.imports.words import word_list
from leadloom.leads.fields import FIELDS
from leadloom.values import consent, domain, social, url
from leadloom.values.firm_in_name import begins_given, part

Verdict = tuple[str, str] | None

FIRM_SHARE = 0.3  # of names with a legal form; nobody's own name carries one, many firms' neither
SALUTATION_SHARE = 0.5
FEW = 3  # values needed before a header is called wrong: fewer may simply be bad values

_STATUS_WORDS = word_list(
    """
    new open closed contacted qualified converted lead customer active inactive unqualified
    won lost raw scraped enriched engaged processing completed failed pending neu offen
    aktiv inaktiv kunde nouveau actif inactif nuevo contactado cliente activo inactivo novo
    ativo nuovo attivo
    """
)
_JOBS = word_list(
    """
    head manager director chief officer ceo cto cfo coo cmo pdg vp president owner founder partner
    engineer consultant assistant buyer analyst developer specialist executive lead leiter leiterin
    geschaftsfuhrer geschaftsfuhrerin inhaber inhaberin einkaufer vertriebsleiter directeur
    directrice responsable gerant gerente director directora diretor diretora jefe responsabile
    direttore titolare
    """
)
_OF_A_FIRM = ("company.", "industry", "domain")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a judge may look at: the column, its sample, and what the other columns are.

    `claims` has the fields of all columns that are certain and their samples; `rows` is how many
    rows the sample has, blank cells included.
    """

    column: str
    values: Sequence[str]
    rows: int
    claims: Mapping[str, Sequence[str]]

    def has(self, *fields: str) -> bool:
        """Whether another column is one of these fields."""
        return any(field in self.claims for field in fields)


def judge(doubtful: str, evidence: Evidence) -> Verdict:
    """Settle a field that ends in '?', as `field_of` and the layouts give it."""
    return _JUDGES[doubtful](evidence)


def choice(field: str, evidence: Evidence) -> Verdict:
    """A field with fixed choices, when the values are among them."""
    values = {value.casefold().strip() for value in evidence.values}
    if values and values <= set(FIELDS[field].choices) and not evidence.has(field):
        return field, "header and values"
    return ("email_verified", "header") if field == "email_status" else None


def contradicted(field: str, values: Sequence[str]) -> tuple[str | None, str] | None:
    """What a column is when its values say its header is wrong; (None, why) for a custom field."""
    if field == "email":
        return _not_email(values)
    if field in _HOLD_NO_EMAIL and sniff.mostly(values, sniff.is_email):
        return "email", "values are e-mail addresses"
    if field in _OPT and values and not sniff.mostly(values, _is_answer):
        return None, "values are no answers"
    if field == "website" and _is_one_place(values):
        return "external_url", "values are pages of one site, another for each row"
    if field in _NAMES and sniff.mostly(values, sniff.is_date):
        return None, "values are dates"
    if field in ("full_name", "name?") and sniff.mostly(values, sniff.is_phone):
        return "phone", "values are phone numbers"
    if field in _NAMES and sniff.mostly(values, sniff.is_code):
        return None, "values are numbers"
    if field in ("website", "linkedin_url", "company.website", "social_url"):
        for link in ("linkedin_url", "company.linkedin_url"):
            if field != link and sniff.mostly(values, sniff.KINDS[link]):
                return link, "values are LinkedIn addresses"
    if field == "linkedin_url" and sniff.mostly(values, _is_elsewhere):
        return None, "values are addresses elsewhere"
    if field == "state" and sniff.mostly(values, sniff.is_country):
        return "country", "values are countries"
    return None


def _is_one_place(values: Sequence[str]) -> bool:
    """Whether addresses are those of records in the program they come from."""
    hosts = {domain.of_host(url.host_of(value)) for value in values}
    if len(hosts) != 1 or social.is_network(next(iter(hosts)) or ""):
        return False
    return all("/api/" in one for one in values) or len(set(values)) == len(values) >= FEW


def _is_elsewhere(value: str) -> bool:
    """Whether an address leads neither to LinkedIn nor to any other network."""
    if "linkedin" in value.lower() or not sniff.is_url(value):
        return False
    return not social.is_network(domain.of_host(url.host_of(value)) or "")


def _not_email(values: Sequence[str]) -> tuple[str | None, str] | None:
    if not values or any("@" in value or "(at)" in value.lower() for value in values):
        return None
    if sniff.mostly(values, sniff.is_phone) and len(values) >= FEW:
        return "phone", "values are phone numbers"
    flags = {"yes", "no", "true", "false", "ja", "nein", "oui", "non", "0", "1", "x", "sent"}
    if len(values) >= FEW or {value.casefold() for value in values} <= flags:
        return None, "values are not e-mail addresses"
    return None


def _name(evidence: Evidence) -> Verdict:
    values = evidence.values
    if evidence.has("first_name", "last_name") and key(evidence.column) in _SHOWN:
        return None  # what somebody calls himself on a site, or the two put together
    for known, missing in (("first_name", "last_name"), ("last_name", "first_name")):
        if evidence.has(known):
            if _holds(values, evidence.claims[known]):
                return "full_name", "header and values"
            if not evidence.has(missing):
                return missing, f"beside the {known.replace('_', ' ')}"
    if evidence.has("first_name", "last_name"):
        return None if evidence.has("company") else ("company", "beside first and last name")
    if evidence.has("company"):
        return None if evidence.has("full_name") else ("full_name", "header")
    parts = [part(value) for value in values]  # of "Ann Lee - Acme Ltd" the person is named
    named = [one.person or one.firm or "" for one in parts]
    if sniff.share(named, sniff.is_company) >= FIRM_SHARE:
        if _are_people([name for name in named if not sniff.is_company(name)]):
            return "party", "values look like people and companies"
        return "company", "values look like companies"
    firm = any(field.startswith(_OF_A_FIRM) for field in evidence.claims)
    if evidence.has("full_name") or (firm and not evidence.has("title", "linkedin_url", "email")):
        return "company", "the other columns are about companies"
    return "full_name", "header"


def _are_people(rest: Sequence[str]) -> bool:
    """Whether most of the names without a legal form have a given name, as companies' do not."""
    return sniff.share(rest, lambda name: sniff.is_person(name) and begins_given(name)) > 0.5


def _holds(values: Sequence[str], parts: Sequence[str]) -> bool:
    """Whether most values contain one of the parts as a word ('Ann Lee' holds 'Lee')."""
    known = {part.casefold() for part in parts}
    return sniff.share(values, lambda value: _contains(value.casefold(), known)) >= 0.5


def _contains(name: str, parts: set[str]) -> bool:
    words = name.replace(",", " ").split()
    return len(words) > 1 and (
        not parts.isdisjoint(words) or any(" " in part and part in name for part in parts)
    )


def _title(evidence: Evidence) -> Verdict:
    address = sniff.share(evidence.values, sniff.is_salutation) >= SALUTATION_SHARE
    if address or (evidence.has("title") and not evidence.values):
        return "name_prefix", "values are forms of address"
    return "title", "header"


def _function(evidence: Evidence) -> Verdict:
    """A job function is a department, unless the values are what people are called there."""
    if not evidence.has("title") and sniff.share(evidence.values, _is_job) >= 0.5:
        return "title", "values are job titles"
    return "department", "header"


def _role(evidence: Evidence) -> Verdict:
    """What somebody is in a company, unless it is what he may do in a program."""
    if evidence.values and all(value.casefold() in _ROLES for value in evidence.values):
        return None
    return None if evidence.has("title") else ("title", "header")


def _is_job(value: str) -> bool:
    return not _JOBS.isdisjoint(key(value).split())


def _state(evidence: Evidence) -> Verdict:
    if sniff.share(evidence.values, lambda v: v.casefold() in _STATUS_WORDS) >= 0.5:
        return _status(evidence)
    return "state", "header"


def _status(evidence: Evidence) -> Verdict:
    words = key(evidence.column).split()
    fields = ["status", "lead_status", "stage"]
    if "lead" in words:
        fields = ["lead_status"]
    elif "stage" in words:
        fields = ["stage", "lead_status"]
    verdicts = (choice(field, evidence) for field in fields)
    return next((verdict for verdict in verdicts if verdict), None)


def _party(evidence: Evidence) -> Verdict:
    people = sniff.mostly(evidence.values, sniff.is_person)
    if people and not evidence.has("full_name", "first_name", "last_name"):
        return "full_name", "values look like people"
    return None if evidence.has("company") else ("company", "header")


def _external_id(evidence: Evidence) -> Verdict:
    values = evidence.values
    unique = bool(values) and len(values) == len(set(values)) == evidence.rows
    return ("external_id", "header, each value once") if unique else None


def _nickname(evidence: Evidence) -> Verdict:
    return ("nickname" if evidence.has("last_name") else "last_name"), "header"


def _description(evidence: Evidence) -> Verdict:
    person = evidence.has("full_name", "first_name", "last_name", "email")
    return ("notes" if person else "company.description"), "header"


def _employees(evidence: Evidence) -> Verdict:
    if sniff.share(evidence.values, sniff.is_range) >= 0.3:
        return "company.employee_range", "values are ranges"
    return "company.employee_count", "header"


def _email_confidence(evidence: Evidence) -> Verdict:
    return choice("email_confidence", evidence)


def _is_answer(value: str) -> bool:
    return consent.clean(value, asked=True).problem is None


_SHOWN = ("display name", "contact display name")
# What somebody may do in a program, and no work: WordPress, Shopify, Zendesk.
_ROLES = word_list(
    """
    admin administrator agent author contributor customer editor end-user guest member owner
    shop_manager subscriber user viewer
    """
)
_OPT = word_list("opt_in opt_out")
_NAMES = word_list(
    """
    full_name name? first_name middle_name last_name nickname nickname? party? company title
    title?
    """
)
_HOLD_NO_EMAIL = word_list(
    """
    full_name name? first_name last_name phone company website linkedin_url title city notes
    domain company.phone company.website social_url
    """
)

_JUDGES: Mapping[str, Callable[[Evidence], Verdict]] = {
    "name?": _name,
    "title?": _title,
    "function?": _function,
    "role?": _role,
    "state?": _state,
    "status?": _status,
    "party?": _party,
    "external_id?": _external_id,
    "nickname?": _nickname,
    "description?": _description,
    "company.employee_count?": _employees,
    "email_confidence?": _email_confidence,
}
