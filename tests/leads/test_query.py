"""Finding leads and companies: conditions, order, pages and references, alike on every database."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest

from leadloom.errors import NotFoundError, UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

HEAD = "Name,Email,Company,Title,City,Country,Phone,Tags,Lead Score,Booth,LinkedIn URL,Unsubscribed"
PAGE = "https://www.linkedin.com/in/"
ROWS = (
    f"Ada Lind,ada@acme.com,Acme GmbH,CEO,München,DE,+49 30 23125001,fair; vip,80,7,{PAGE}ada-l,",
    'Bo Stern,"bo@nord.de; bo@home.net",Nord AG,Buyer,Bonn,DE,,fair,40,12,,yes',
    f"Émile Zola,emile@voss.fr,Voss SA,Buyer,Paris,FR,,press,40,,{PAGE}zola,",
    "dan berg,dan@berg.it,Berg Srl,,Roma,IT,+39 06 6982 1234,,5,,,",
    "100% Sure_Thing,sure@thing.com,Thing Inc,CTO,,US,,,10,,,",
    "Øystein Öberg,oo@fjord.no,Fjord AS,cto,Ålesund,NO,,,10,,,",
)


@pytest.fixture
def ws(db: Database, tmp_path: Path) -> Workspace:
    ws = Workspace(session=Session(db))
    path = tmp_path / "fair.csv"
    path.write_text("\n".join([HEAD, *ROWS]) + "\n", encoding="utf-8")
    ws.import_files([path])
    return ws


def names(ws: Workspace, *where: str, text: str = "") -> list[str]:
    """Return the local part of every lead's address that meets the conditions, in order."""
    found = ws.leads.find(text, where=where, sort="email").items
    return [lead.email.partition("@")[0] for lead in found if lead.email]


CONDITIONS = {
    "country=DE": "ada bo",
    "country=de": "ada bo",
    " country = DE ": "ada bo",
    "country!=DE": "dan emile oo sure",
    "title=cto": "oo sure",
    "title!=cto": "ada bo dan emile",
    "title=": "dan",
    "title!=": "ada bo emile oo sure",
    "title~uy": "bo emile",
    "title~UY": "bo emile",
    "city=MÜNCHEN": "ada",
    "city~ünc": "ada",
    "city=ålesund": "oo",
    "city=": "sure",
    "full_name~%": "sure",
    "full_name~_": "sure",
    "full_name~\\": "",
    "email=BO@NORD.DE": "bo",
    "email>d": "dan emile oo sure",
    "email<=bo@nord.de": "ada bo",
    "lead_score>40": "ada",
    "lead_score=80": "ada",
    "lead_score!=80": "bo dan emile oo sure",
    "do_not_contact=yes": "bo",
    "do_not_contact=TRUE": "bo",
    "do_not_contact=0": "ada dan emile oo sure",
    "do_not_contact!=true": "ada dan emile oo sure",
    "tags=fair": "ada bo",
    "tags=FAIR": "ada bo",
    "tags!=fair": "dan emile oo sure",
    "tags=fa": "",
    "tags~res": "emile",
    "tags=": "dan oo sure",
    "tags!=": "ada bo emile",
    "emails=bo@home.net": "bo",
    "custom.booth=7": "ada",
    "custom.booth=": "dan emile oo sure",
    "custom.booth!=7": "bo dan emile oo sure",
    "custom.booth~1": "bo",
    "custom.unheard_of=7": "",
    "custom.unheard_of=": "ada bo dan emile oo sure",
    "source=fair.csv": "ada bo dan emile oo sure",
    "source!=fair.csv": "",
    "source~FAIR": "ada bo dan emile oo sure",
    "status=raw": "ada bo dan emile oo sure",
    "created_at>2020-01-01": "ada bo dan emile oo sure",
    "created_at>=2020-01-01T00:00:00+02:00": "ada bo dan emile oo sure",
    "created_at<2020-01-01": "",
    "updated_at!=2020-01-01": "ada bo dan emile oo sure",
    "full_name='; DROP TABLE leads; --": "",
    "full_name=a=b": "",
}


def test_a_condition_finds_the_same_on_every_database(ws: Workspace) -> None:
    found = {condition: " ".join(names(ws, condition)) for condition in CONDITIONS}
    assert found == CONDITIONS


def test_conditions_and_words_narrow_together(ws: Workspace) -> None:
    assert names(ws, "country=DE", "title=Buyer") == ["bo"]
    assert names(ws, "lead_score>=10", "lead_score<41", "country!=DE") == ["emile", "oo", "sure"]
    assert names(ws, "country=DE", text="acme") == ["ada"]
    assert [lead.email for lead in ws.leads.find(country="FR", title="buyer").items] == [
        "emile@voss.fr"
    ]


WORDS = {
    "emile": "emile",
    "ÉMILE zola": "emile",
    "zola emile": "emile",
    "munchen": "ada",
    "+49 30 23125001": "ada",
    "(069)": "",
    "06-6982-1234": "dan",
    "6982-1234": "dan",
    "press": "emile",
    "home.net": "bo",
    "100%": "sure",
    "ada nord": "",
    "": "ada bo dan emile oo sure",
}


def test_words_are_found_in_any_order_case_and_spelling(ws: Workspace) -> None:
    assert {text: " ".join(names(ws, text=text)) for text in WORDS} == WORDS


NONSENSE = {
    "country": "no condition",
    "": "no condition",
    "=DE": "no condition",
    "colour=red": "no field 'colour'",
    "search_text~x": "no field",
    "workspace_id=2": "no field",
    "lead_score=high": "not a value",
    "lead_score=5.5": "not a value",
    "lead_score>": "not a value",
    "do_not_contact=perhaps": "not a value",
    "created_at>yesterday": "not a value",
    "tags>3": "a list takes",
    "created_at~2026": "asks for text",
    "lead_score~5": "asks for text",
    "lead_score>99999999999999999999": "not a value",
    "full_name=a\0b": "no condition",
}


def test_a_condition_that_makes_no_sense_is_refused(ws: Workspace) -> None:
    for condition, why in NONSENSE.items():
        with pytest.raises(UsageError, match=why):
            ws.leads.find(where=[condition])


@pytest.mark.parametrize("sort", ["colour", "-search_text", "custom.booth"])
def test_an_order_that_makes_no_sense_is_refused(ws: Workspace, sort: str) -> None:
    with pytest.raises(UsageError):
        ws.leads.find(sort=sort)


@pytest.mark.parametrize("cursor", ["abc", "bnVsbA", "W10", "%%%"])
def test_a_cursor_that_is_none_is_refused(ws: Workspace, cursor: str) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        ws.leads.find(after=cursor)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_page_holds_at_least_one(ws: Workspace, limit: int) -> None:
    with pytest.raises(UsageError, match="limit"):
        ws.leads.find(limit=limit)


FIELDS = [
    "full_name",
    "first_name",
    "middle_name",
    "last_name",
    "name_prefix",
    "title",
    "department",
    "seniority",
    "email",
    "email_status",
    "email_confidence",
    "phone",
    "linkedin_url",
    "website",
    "company",
    "domain",
    "street",
    "city",
    "state",
    "postal_code",
    "country",
    "industry",
    "status",
    "stage",
    "enrichment_status",
    "lead_status",
    "lead_score",
    "source",
    "notes",
    "created_at",
    "updated_at",
    "id",
    "company_id",
]


@pytest.fixture
def crowd(db: Database, tmp_path: Path) -> Workspace:
    """Leads with ties and empties in every field, from two files and at several times."""
    ws = Workspace(session=Session(db))
    for part in range(2):
        rows = [
            f"P{n % 4} Q{n},p{n}@f{n % 3}.com,{('', 'Äcme', 'acme', 'Zeta')[n % 4]},"
            f"{('', 'CEO', 'ceo', 'Ärztin', 'a_b')[n % 5]},{('', 'Bonn', 'bonn')[n % 3]},"
            f"{('', 'DE', 'FR')[n % 3]},,,{('', '40', '40', '7')[n % 4]},,,{('', 'yes')[n % 2]}"
            for n in range(part, 24, 2)
        ]
        path = tmp_path / f"{part}.csv"
        path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        ws.import_files([path])
    ws.leads.set("p4@f1.com", {"notes": "Met", "street": "Am Markt 1"})
    return ws


def walk(ws: Workspace, sort: str | None, limit: int) -> list[Any]:
    seen, after = [], None
    for _ in range(100):
        page = ws.leads.find(sort=sort, limit=limit, after=after)
        seen += page.items
        if (after := page.next) is None:
            return seen
    raise AssertionError("the pages never end")


def test_pages_hold_every_lead_once_in_the_order_of_the_whole_list(crowd: Workspace) -> None:
    """In one test, since the crowd is the same for all fields and takes a moment to come in."""
    for sort in [None, *FIELDS, *(f"-{name}" for name in FIELDS)]:
        whole = [lead.id for lead in walk(crowd, sort, 500)]
        assert len(whole) == len(set(whole)) == 24, sort
        assert [lead.id for lead in walk(crowd, sort, 5)] == whole, sort


@pytest.mark.parametrize("field", ["title", "city", "lead_score", "created_at"])
def test_the_order_is_that_of_the_values_with_empties_last(crowd: Workspace, field: str) -> None:
    rising = [getattr(lead, field) for lead in walk(crowd, field, 7)]
    falling = [getattr(lead, field) for lead in walk(crowd, f"-{field}", 7)]
    known = [value for value in rising if value is not None]
    empties = [None] * (24 - len(known))
    assert rising[len(known) :] == falling[len(known) :] == empties
    assert falling[: len(known)] == known[::-1]
    if not isinstance(known[0], str):
        assert known == sorted(known)


def test_the_newest_come_first_unless_told_otherwise(ws: Workspace) -> None:
    ws.leads.add({"email": "new@late.com"})
    assert ws.leads.find(limit=1).items[0].email == "new@late.com"
    assert ws.leads.find(sort="created_at", limit=1).items[0].email != "new@late.com"


def test_a_page_goes_on_where_it_stopped_when_leads_come_and_go(crowd: Workspace) -> None:
    first = crowd.leads.find(sort="email", limit=10)
    crowd.leads.add({"email": "a@before.com"})
    crowd.leads.delete(str(first.items[9].id))
    rest = crowd.leads.find(sort="email", limit=50, after=first.next)
    assert len(first.items) + len(rest.items) == 24
    assert {lead.id for lead in first.items}.isdisjoint(lead.id for lead in rest.items)


def test_deleted_and_absorbed_leads_are_not_listed(ws: Workspace) -> None:
    ws.leads.delete("ada@acme.com")
    bo = ws.leads.merge("bo@nord.de", "dan@berg.it")
    found = ws.leads.find().items
    assert len(found) == 4
    assert [lead.id for lead in found if "dan@berg.it" in lead.emails] == [bo.id]
    assert [lead.email for lead in ws.leads.find(deleted=True).items] == ["ada@acme.com"]


@pytest.mark.parametrize(
    "ref",
    [
        "ada@acme.com",
        " ADA@Acme.com ",
        "https://www.linkedin.com/in/ada-l",
        "linkedin.com/in/ADA-L/?trk=x",
    ],
)
def test_a_lead_is_known_by_its_address_and_its_profile(ws: Workspace, ref: str) -> None:
    assert ws.leads.get(ref).full_name == "Ada Lind"


def test_a_lead_is_known_by_its_id_and_by_every_address_it_has(ws: Workspace) -> None:
    bo = ws.leads.get("bo@home.net")
    assert ws.leads.get(str(bo.id)) == ws.leads.get(bo.id) == ws.leads.get("bo@nord.de") == bo


def test_what_an_absorbed_lead_was_known_by_names_the_one_that_speaks_for_it(ws: Workspace) -> None:
    bo, ada = ws.leads.get("bo@nord.de"), ws.leads.get("ada@acme.com")
    ws.leads.merge("dan@berg.it", bo.id)
    ws.leads.merge(ada.id, "dan@berg.it")
    for ref in ("bo@nord.de", "bo@home.net", "dan@berg.it", str(bo.id), f"{PAGE}ada-l"):
        assert ws.leads.get(ref).id == ada.id


@pytest.mark.parametrize(
    "ref", ["nobody@acme.com", str(uuid.UUID(int=7)), "Ada Lind", "", "%", "linkedin.com/in/nobody"]
)
def test_who_is_not_there_is_not_found(ws: Workspace, ref: str) -> None:
    with pytest.raises(NotFoundError, match="No lead answers to"):
        ws.leads.get(ref)


def test_an_address_that_several_share_names_none_of_them(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("Name,Email\nUli Ahn,info@acme.com\nVera Bok,info@acme.com\n")
    ws.import_files([path])
    with pytest.raises(NotFoundError, match="More than one lead"):
        ws.leads.get("info@acme.com")


def test_companies_are_found_sorted_and_named_alike(ws: Workspace) -> None:
    found = ws.companies.find("nord").items
    assert [(one.name, one.domain) for one in found] == [("Nord AG", "nord.de")]
    assert ws.companies.get("NORD.de") == found[0] == ws.companies.get(found[0].id)
    whole = [one.id for one in ws.companies.find(sort="name", limit=50).items]
    seen, after = [], None
    while True:
        page = ws.companies.find(sort="name", limit=2, after=after)
        seen += [one.id for one in page.items]
        if (after := page.next) is None:
            break
    assert seen == whole
    assert len(whole) == 6
    assert [one.domain for one in ws.companies.find(where=["domain~acme"]).items] == ["acme.com"]
    with pytest.raises(NotFoundError, match="No company"):
        ws.companies.get("nowhere.org")
    with pytest.raises(UsageError, match="no field 'email'"):
        ws.companies.find(where=["email=x"])


def test_a_time_without_a_zone_is_utc(ws: Workspace) -> None:
    now = dt.datetime.now(dt.UTC)
    later = (now + dt.timedelta(minutes=5)).replace(tzinfo=None).isoformat()
    earlier = (now - dt.timedelta(minutes=5)).replace(tzinfo=None).isoformat()
    assert len(names(ws, f"created_at<{later}", f"created_at>{earlier}")) == 6
