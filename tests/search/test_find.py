"""What is found, and in which order, on every database."""

import contextlib

import pytest

from leadloom.errors import UsageError
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session


@pytest.fixture
def ws(db: Database) -> Workspace:
    session = Session(db)
    session.indexes.forget()
    return Workspace(session=session)


def add(ws: Workspace, **values: str) -> str:
    """Add a lead; return its id."""
    return str(ws.leads.add(values).lead.id)


def found(ws: Workspace, text: str, **options: object) -> list[str | None]:
    """Return the names of who is found, in order."""
    return [lead.full_name for lead in ws.leads.find(text, **options).items]


def test_a_name_comes_before_a_company_before_a_title_before_a_note(ws: Workspace) -> None:
    add(ws, full_name="Nadja Note", email="n@one.org", notes="met Falk at the fair")
    add(ws, full_name="Tim Title", email="t@two.org", title="Assistant of Falk")
    add(ws, full_name="Cora Company", email="c@three.org", company="Falk GmbH")
    add(ws, full_name="Nina Falk", email="nf@four.org")
    add(ws, full_name="Mail Person", email="falk@five.org")
    add(ws, full_name="Beginning Falkenstein", email="b@six.org")
    assert found(ws, "falk") == [
        "Mail Person",
        "Nina Falk",
        "Beginning Falkenstein",
        "Cora Company",
        "Tim Title",
        "Nadja Note",
    ]


def test_a_whole_name_comes_first(ws: Workspace) -> None:
    add(ws, full_name="Anna Weber", email="a@one.org")
    add(ws, full_name="Anna Maria Weber", email="b@two.org")
    add(ws, full_name="Anna Weber Stark", email="c@three.org")
    assert found(ws, "weber anna")[0] == "Anna Weber"


WANTED = {
    "muller": True,
    "MÜLLER": True,
    "mueller": True,
    "müll": True,
    "mu": True,
    "jurgen muller": True,
    "muelelr": True,
    "juergne mullr": True,
    "mueller acme": True,
    "jm@acme.example": True,
    "jm@ac": True,
    "0170 1234567": True,
    "+49 (0)170 / 12 34 567": True,
    "0049-170-1234567": True,
    "1234567": True,
    "+49 170 12": True,
    "0170 123": True,
    "einkauf": True,
    "vip": True,
    "12a": True,
    "cold call": True,
    "title:leiter": True,
    "country:germany": True,
    "country:de city:ulm": True,
    "tag:vip -tag:customer": True,
    '"leiter einkauf"': True,
    "custom.booth:12a": True,
    "name:muller company:acme": True,
    "phone:0170/1234567": True,
    "-stuttgart muller": True,
    "deutschland": False,
    "germany": True,
    '"einkauf leiter"': False,
    "title:muller": False,
    "-tag:vip": False,
    "muller -acme": False,
    "country:fr": False,
    "muller xyz": False,
    '"muelelr"': False,
    "tag:vp": False,
    "0171 1234568": False,
    "müller@acme.example": False,
}


def test_everything_about_a_lead_finds_it(ws: Workspace) -> None:
    add(
        ws,
        full_name="Jürgen Müller",
        email="jm@acme.example",
        phone="+49 170 1234567",
        company="Acme Werkzeuge GmbH",
        title="Leiter Einkauf",
        city="Ulm",
        country="DE",
        tags="vip; fair",
        notes="ask after the cold call",
        **{"custom.booth": "12A"},
    )
    assert {text: bool(found(ws, text)) for text in WANTED} == WANTED


SCRIPTS = {
    "王小明": ["王", "小明", "王小明"],
    "田中太郎": ["田中", "太郎", "田中太郎"],
    "김철수": ["김철수", "철수", "김"],
    "Юрий Гагарин": ["гагарин", "юр", "гагрин"],
    "محمد علي": ["محمد", "علي"],
    "अमित शाह": ["अमित", "शाह"],
    "สมชาย ใจดี": ["สมชาย", "ใจดี"],
    "Αλέξης Ζορμπάς": ["ζορμπας", "αλεξης"],
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_searched(ws: Workspace, name: str) -> None:
    add(ws, full_name=name, email="one@one.org")
    add(ws, full_name="Ada Lind", email="ada@two.org")
    assert {text: found(ws, text) for text in SCRIPTS[name]} == {
        text: [name] for text in SCRIPTS[name]
    }


def test_a_correct_word_comes_before_one_with_an_error(ws: Workspace) -> None:
    add(ws, full_name="Ada Meyer", email="a@one.org")
    add(ws, full_name="Bea Meier", email="b@two.org")
    assert found(ws, "meier") == ["Bea Meier", "Ada Meyer"]
    assert found(ws, "meyer") == ["Ada Meyer", "Bea Meier"]


def test_pages_hold_every_answer_once_in_one_order(ws: Workspace) -> None:
    for number in range(23):
        add(ws, full_name=f"Person Nr{number}", email=f"p{number}@one.org", company="Falk AG")
    add(ws, full_name="Falko Falk", email="x@one.org")
    add(ws, full_name="Faltk Error", email="y@two.org")
    whole = found(ws, "falk", limit=100)
    assert whole[0] == "Falko Falk"
    assert len(whole) == len(set(whole)) == 24
    for limit in (1, 2, 7):
        paged, after = [], None
        while True:
            page = ws.leads.find("falk", limit=limit, after=after)
            paged += [lead.full_name for lead in page.items]
            if (after := page.next) is None:
                break
        assert paged == whole


def test_pages_go_on_into_the_answers_with_errors(ws: Workspace) -> None:
    add(ws, full_name="Bea Meier", email="b@two.org")
    add(ws, full_name="Ada Meyer", email="a@one.org")
    first = ws.leads.find("meier", limit=1)
    assert [lead.full_name for lead in first.items] == ["Bea Meier"]
    assert found(ws, "meier", limit=1, after=first.next) == ["Ada Meyer"]


def test_words_conditions_and_an_order_work_together(ws: Workspace) -> None:
    for number in range(30):
        add(
            ws,
            full_name=f"Person{number:02} Falk",
            email=f"p{number}@one.org",
            city="Ulm" if number % 10 == 0 else "Bonn",
        )
    add(ws, full_name="Ada Lind", email="ada@two.org", city="Ulm")
    ulm = ["Person20 Falk", "Person10 Falk", "Person00 Falk"]
    assert found(ws, "falk", where=["city=Ulm"]) == ulm
    page = ws.leads.find("falk", where=["city=Ulm"], limit=2)
    assert [lead.full_name for lead in page.items] == ulm[:2]
    assert found(ws, "falk", where=["city=Ulm"], limit=2, after=page.next) == ulm[2:]
    assert found(ws, "falk", where=["city=Ulm"], sort="full_name") == ulm[::-1]
    first = ws.leads.find("falk", sort="full_name", limit=29)
    assert found(ws, "falk", sort="full_name", limit=29, after=first.next) == ["Person29 Falk"]


def test_rare_rows_among_many_answers_are_found(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadloom.search.find._PATIENCE", 10)
    monkeypatch.setattr("leadloom.search.find._ASKED", (4,))
    for number in range(40):
        city = "Ulm" if number in (0, 39) else "Bonn"
        add(ws, full_name=f"Person{number} Falk", email=f"p{number}@one.org", city=city)
    assert found(ws, "falk", where=["city=Ulm"]) == ["Person39 Falk", "Person0 Falk"]


def test_many_answers_and_few_come_in_the_same_order(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = ["name", "company", "title", "city", "notes", "email"]
    for number in range(36):
        one, other = places[number % 6], places[number // 6]
        values = {"full_name": f"P{number} Q", "email": f"p{number}@one.org"}
        for place, word in ((one, "falke"), (other, "sternfeld" if number % 2 else "stern")):
            if place == "email":
                values["email"] = f"{word}.p{number}@one.org"
            else:
                field = "full_name" if place == "name" else place
                values[field] = f"{values.get(field, '')} {word}".strip()
        add(ws, **values)
    texts = ["falke", "falke stern", "fal ste", "flake stern", "sternfled", "st"]
    few = {text: found(ws, text, limit=100) for text in texts}
    monkeypatch.setattr("leadloom.search.ranking._AT_ONCE", 2)
    assert {text: found(ws, text, limit=100) for text in texts} == few
    assert all(few.values())


def test_who_is_deleted_or_merged_is_not_found(ws: Workspace) -> None:
    one = add(ws, full_name="Ada Lind", email="ada@one.org")
    two = add(ws, full_name="Ada Lindqvist", email="ada@two.org")
    ws.leads.delete(one)
    assert found(ws, "ada") == ["Ada Lindqvist"]
    assert found(ws, "ada", deleted=True) == ["Ada Lind"]
    ws.leads.restore(one)
    ws.leads.merge(one, two)
    assert len(found(ws, "ada")) == 1
    assert found(ws, "ada@two.org") != []
    ws.leads.unmerge(two)
    assert sorted(map(str, found(ws, "ada"))) == ["Ada Lind", "Ada Lindqvist"]


def test_companies_are_found_too(ws: Workspace) -> None:
    add(ws, full_name="Ada Lind", email="ada@talwerk.example", company="Talwerk Sensorik AG")
    add(ws, full_name="Bo Stern", email="bo@nord.example", company="Nord Robotik GmbH")
    names = [firm.name for firm in ws.companies.find("talwrek").items]
    assert names == ["Talwerk Sensorik AG"]
    assert [firm.name for firm in ws.companies.find("nord.example").items] == ["Nord Robotik GmbH"]


def test_a_change_is_found_in_the_transaction_that_made_it_and_forgotten_with_it(
    ws: Workspace,
) -> None:
    add(ws, full_name="Ada Lind", email="ada@one.org")
    assert found(ws, "zacharias") == []

    with contextlib.suppress(InterruptedError), ws.transaction() as inside:
        add(inside, full_name="Zacharias Stern", email="z@two.org")
        assert found(inside, "zacharias") == ["Zacharias Stern"]
        raise InterruptedError
    assert found(ws, "zacharias") == []
    with ws.transaction() as inside:
        add(inside, full_name="Zacharias Stern", email="z@two.org")
    assert found(ws, "zacharias") == ["Zacharias Stern"]


def test_an_undone_import_is_not_found(ws: Workspace) -> None:
    made = ws.leads.add({"full_name": "Ada Lind", "email": "ada@one.org"})
    changed = ws.leads.set(str(made.lead.id), {"title": "Astronaut"})
    assert found(ws, "astronaut") == ["Ada Lind"]
    ws.runs.undo(str(changed.run))
    assert found(ws, "astronaut") == []
    ws.runs.undo(str(made.run))
    assert found(ws, "lind") == []


def test_a_cursor_of_another_list_is_refused(ws: Workspace) -> None:
    for number in range(3):
        add(ws, full_name=f"Ada Lind{number}", email=f"ada{number}@one.org")
    listed = ws.leads.find(limit=1).next
    with pytest.raises(UsageError, match="another list"):
        ws.leads.find("ada", after=listed)
    with pytest.raises(UsageError, match="no cursor"):
        ws.leads.find("ada", after="nonsense")
    with pytest.raises(UsageError, match="--limit"):
        ws.leads.find("ada", limit=0)


def test_who_works_elsewhere_sees_nothing(ws: Workspace) -> None:
    add(ws, full_name="Ada Lind", email="ada@one.org")
    assert found(ws, "ada") == ["Ada Lind"]
    ws.workspaces.create("other")
    other = Workspace(session=Session(ws.db, acting=_acting(ws, "other")))
    assert found(other, "ada") == []
    add(other, full_name="Ada Stern", email="ada@two.org")
    assert found(other, "ada") == ["Ada Stern"]
    assert found(ws, "ada") == ["Ada Lind"]


def _acting(ws: Workspace, name: str) -> object:
    from leadloom.accounts.acting import find_acting

    return find_acting(ws.db, name, None)
