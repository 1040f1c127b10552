"""Finding leads and companies: conditions, order, pages and references, alike on every database."""

import base64
import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from leadloom.errors import NotFoundError, UsageError
from leadloom.leads.conditions import read_condition, write_condition
from leadloom.leads.order import sortable_fields
from leadloom.storage.database import Database
from leadloom.storage.tables import leads
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
    "country=Germany": "ada bo",
    "country~deutschland": "ada bo",
    "country~D": "ada bo",
    "country=Atlantis": "",
    "country!=Germany": "dan emile oo sure",
    " country = DE ": "ada bo",
    "country!=DE": "dan emile oo sure",
    "country=DE|fr": "ada bo emile",
    "country=Germany | IT": "ada bo dan",
    "country!=DE|FR": "dan oo sure",
    "title=cto|": "dan oo sure",
    "title!=cto|": "ada bo emile",
    "title~uy|ct": "bo emile oo sure",
    "tags=vip|press": "ada emile",
    "tags!=vip|press": "bo dan oo sure",
    "custom.booth=7|12": "ada bo",
    "lead_score=80|5": "ada dan",
    "title=ceo||buyer": "",
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
    "emails=Ada@Acme.com": "ada",
    "emails!=ada@acme.com": "bo dan emile oo sure",
    "emails~.com": "ada sure",
    "emails=": "",
    "emails!=": "ada bo dan emile oo sure",
    "phones~3023": "ada",
    "phones=": "bo emile oo sure",
    "tags~,": "",
    'tags~"': "",
    "custom.booth=7": "ada",
    "custom.booth=": "dan emile oo sure",
    "custom.booth!=7": "bo dan emile oo sure",
    "custom.booth~1": "bo",
    "custom.unheard_of=7": "",
    "custom.unheard_of=": "ada bo dan emile oo sure",
    "source=fair.csv": "ada bo dan emile oo sure",
    "source!=fair.csv": "",
    "source~FAIR": "ada bo dan emile oo sure",
    "source=": "",
    'custom."booth"=7': "ada",
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


@pytest.mark.parametrize("values", [["DE"], ["DE", "AT"], ["CEO | Founder", ""], ["|a||b|", "c"]])
def test_a_condition_that_was_written_is_read_so(values: list[str]) -> None:
    assert read_condition(write_condition("title", "=", values)) == ("title", "=", values)


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
    "full_name=\udcff": "no condition",
    "do_not_contact>no": "takes = or !=",
    "do_not_contact<=yes": "takes = or !=",
    "company_id=5": "is not an id",
    "company_id>5": "takes = or !=",
    "custom.=5": "no field of your own",
    'custom.""=5': "no field of your own",
    "created_at>0001-01-01T00:00:00+14:00": "not a value",
}


def test_a_condition_that_makes_no_sense_is_refused(ws: Workspace) -> None:
    for condition, why in NONSENSE.items():
        with pytest.raises(UsageError, match=why):
            ws.leads.find(where=[condition])


@pytest.mark.parametrize(
    "sort", ["colour", "-search_text", "tags", "-emails", "--title", "-", "custom.", 'custom.a"b']
)
def test_an_order_that_makes_no_sense_is_refused(ws: Workspace, sort: str) -> None:
    with pytest.raises(UsageError):
        ws.leads.find(sort=sort)


def cursor_of(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        *("abc", "bnVsbA", "W10", "%%%", "ü", "a\0b"),
        cursor_of("leads:-id", None, 10**30),
        cursor_of("leads:-id", None, "7"),
        cursor_of("leads:-id", None, True),
        cursor_of(1, 2, 3),
    ],
)
def test_a_cursor_that_is_none_is_refused(ws: Workspace, cursor: str) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        ws.leads.find(after=cursor)


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        ("lead_score", "many"),
        ("lead_score", 10**30),
        ("email", 7),
        ("email", "a\0b"),
        ("updated_at", "yesterday"),
        ("updated_at", 5),
        ("do_not_contact", "no"),
    ],
)
def test_a_cursor_with_a_value_of_another_kind_is_refused(
    ws: Workspace, sort: str, value: Any
) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        ws.leads.find(sort=sort, after=cursor_of(f"leads:{sort}", value, 1))


def test_a_cursor_of_another_order_is_refused(ws: Workspace) -> None:
    cursor = ws.leads.find(sort="lead_score", limit=2).next
    for sort in (None, "-lead_score", "email", "created_at", "do_not_contact", "custom.booth"):
        with pytest.raises(UsageError, match="list in another order"):
            ws.leads.find(sort=sort, after=cursor)
    with pytest.raises(UsageError, match="list in another order"):
        ws.companies.find(after=ws.leads.find(limit=2).next)


def test_a_page_may_be_as_long_as_anybody_likes(ws: Workspace) -> None:
    assert len(ws.leads.find(limit=10**30).items) == 6


def test_a_list_of_odd_tags_is_searched_as_it_reads(ws: Workspace) -> None:
    ws.leads.tag("ada@acme.com", add=['6" disk', "C:\\new", "Größe"])
    for where in ('tags~6" d', 'tags=6" DISK', "tags~:\\n", "tags=c:\\new", "tags~GRÖSS".lower()):
        assert names(ws, where) == (["ada"] if "gröss" not in where else []), where
    assert names(ws, "tags~größe") == ["ada"]
    assert names(ws, "tags~\\\\") == names(ws, 'tags~["') == []


def test_a_custom_field_is_named_as_its_owner_named_it(ws: Workspace) -> None:
    ws.leads.set("ada@acme.com", {"custom.Booth Hall": "A", "custom.a>b": "1", "custom.5": "x"})
    ws.leads.set("bo@nord.de", {"custom.Booth Hall": "B", "custom.what!": "2"})
    assert names(ws, "custom.Booth Hall=A") == ["ada"]
    assert names(ws, "custom.Booth Hall != A", "custom.Booth Hall!=") == ["bo"]
    assert names(ws, 'custom."a>b"=1') == ["ada"]
    assert names(ws, "custom.what!=2") == names(ws)  # != is a sign wherever it stands
    assert names(ws, 'custom."what!"=2') == ["bo"]
    assert names(ws, "custom.5~X") == ["ada"]
    with pytest.raises(UsageError, match="no condition"):
        ws.leads.find(where=['custom.a"b=1'])


def test_the_people_of_a_company_are_found_by_its_id(ws: Workspace) -> None:
    acme = ws.companies.get("acme.com").id
    assert [lead.email for lead in ws.leads.find(company_id=acme).items] == ["ada@acme.com"]
    assert "ada" not in names(ws, f"company_id!={acme}")
    assert names(ws, f"company_id={uuid.UUID(int=7)}") == names(ws, "company_id=") == []
    ada = ws.leads.get("ada@acme.com")
    assert ws.leads.find(id=ada.id).items == [ada]


def test_words_that_nothing_stored_can_hold_find_what_is_around_them(ws: Workspace) -> None:
    assert names(ws, text="zola\0émile") == ["emile"]
    assert names(ws, text="\udcffacme") == ["ada"]


def test_an_unknown_field_names_those_there_are(ws: Workspace) -> None:
    with pytest.raises(UsageError, match=r"\bsource\b.*custom\.NAME"):
        ws.leads.find(where=["colour=red"])


@pytest.mark.parametrize("limit", [0, -1])
def test_a_page_holds_at_least_one(ws: Workspace, limit: int) -> None:
    with pytest.raises(UsageError, match="limit"):
        ws.leads.find(limit=limit)


FIELDS = [*sortable_fields(leads), "custom.booth"]


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
