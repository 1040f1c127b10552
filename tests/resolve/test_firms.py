"""Which company a record speaks of: by domain, then profile, then name."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from leadloom.resolve.firms import choose, firm_facts, fits
from leadloom.resolve.keys import company_keys
from leadloom.storage.database import Database
from leadloom.workspace import Workspace
from leadloom.workspace.session import Session

PAGE = "https://www.linkedin.com/company/acme"


@dataclass
class Firm:
    facts: dict[str, Any]
    keys: set[int] = field(init=False)
    has_domain: bool = field(init=False)
    age: int = 0

    def __post_init__(self) -> None:
        self.keys = set(company_keys(self.facts))
        self.has_domain = "domain" in self.facts


def firm(**facts: Any) -> Firm:
    return Firm(facts)


def test_the_domain_decides_before_the_name() -> None:
    namesake, owner = firm(name="Acme"), firm(name="Acme Holding", domain="acme.com")
    assert choose({"name": "Acme", "domain": "acme.com"}, [namesake, owner]) is owner


def test_the_profile_decides_before_the_name() -> None:
    namesake, owner = firm(name="Acme"), firm(name="Acme Holding", linkedin_url=PAGE)
    assert choose({"name": "Acme", "linkedin_url": PAGE}, [namesake, owner]) is owner


def test_a_namesake_with_another_domain_is_another_company() -> None:
    assert (
        choose({"name": "Acme", "domain": "acme.de"}, [firm(name="Acme", domain="acme.com")])
        is None
    )


def test_a_profile_does_not_outweigh_another_domain() -> None:
    other = firm(name="Acme", domain="acme.com", linkedin_url=PAGE)
    assert choose({"name": "Acme", "domain": "acme.de", "linkedin_url": PAGE}, [other]) is None


def test_a_namesake_in_another_city_is_another_company() -> None:
    there, somewhere = firm(name="Smith", city="Oxford"), firm(name="Smith")
    assert choose({"name": "Smith", "city": "Leeds"}, [there]) is None
    assert choose({"name": "Smith", "city": "Leeds"}, [there, somewhere]) is somewhere
    assert choose({"name": "Smith", "city": "OXFORD"}, [there, somewhere]) is there
    assert choose({"name": "Smith"}, [there]) is there
    assert choose({"name": "Smith", "city": "Leeds", "linkedin_url": PAGE}, [there]) is None


def test_of_namesakes_the_one_in_that_city_is_meant() -> None:
    here, there = (firm(name="Smith", domain=f"smith-{n}.com", city=n) for n in ("Leeds", "Oxford"))
    assert choose({"name": "Smith", "city": "Leeds"}, [there, here]) is here
    assert choose({"name": "Smith"}, [there, here]) is None


def test_a_domain_and_a_page_hold_wherever_a_company_is() -> None:
    known = firm(name="Smith", domain="smith.com", linkedin_url=PAGE, city="Oxford")
    assert choose({"name": "Smith", "domain": "smith.com", "city": "Leeds"}, [known]) is known
    assert choose({"name": "Smith", "linkedin_url": PAGE, "city": "Leeds"}, [known]) is known


def test_a_company_of_which_no_domain_was_known_learns_it() -> None:
    known = firm(name="Acme GmbH")
    assert choose({"name": "ACME", "domain": "acme.com"}, [known]) is known


def test_a_name_alone_joins_the_only_one_who_answers_to_it() -> None:
    only = firm(name="Acme GmbH", domain="acme.com")
    assert choose({"name": "Acme"}, [only, firm(name="Nord AG")]) is only


def test_a_name_that_several_answer_to_joins_none_with_a_domain() -> None:
    two = [firm(name="Acme", domain="acme.com"), firm(name="Acme", domain="acme.de")]
    assert choose({"name": "Acme"}, two) is None
    bare = firm(name="Acme")
    assert choose({"name": "Acme"}, [*two, bare]) is bare


def test_without_anything_of_its_own_a_record_joins_no_company() -> None:
    assert choose({"industry": "Steel"}, [firm(name="Acme")]) is None


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("Acme GmbH", "acme.com"),
        ("Acme Tools GmbH", "acme-tools.de"),
        ("Bayerische Motoren Werke AG", "bmw.de"),
        ("Müller Maschinenbau", "mueller-maschinenbau.de"),
        ("Northwind Traders Ltd", "northwind.co.uk"),
    ],
)
def test_a_domain_looks_like_the_companys_own(name: str, site: str) -> None:
    assert fits(name, site)


@pytest.mark.parametrize(
    ("name", "site"),
    [("Acme GmbH", "nordwind.de"), ("Quick Books Shop", "siemens.com"), ("Nord AG", "example.org")],
)
def test_a_domain_is_anothers(name: str, site: str) -> None:
    assert not fits(name, site)


def test_a_guessed_domain_that_fits_nothing_is_left_out_but_a_stated_one_stays() -> None:
    facts = {"company": "Nord AG", "domain": "acme.com"}
    guessed = {**facts, "~": {"domain": {"c": 0.5}}}
    assert "domain" not in firm_facts(guessed)
    assert firm_facts(facts)["domain"] == "acme.com"
    assert firm_facts({**guessed, "company": "Acme"})["domain"] == "acme.com"


@pytest.fixture
def ws(db: Database) -> Workspace:
    return Workspace(session=Session(db))


def take_in(ws: Workspace, folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ws.import_files([path])


def firms(ws: Workspace) -> set[tuple[str | None, str | None]]:
    return {(one.name, one.domain) for one in ws.companies.find().items}


def test_an_old_employers_address_does_not_move_anybody_to_the_old_employer(
    ws: Workspace, tmp_path: Path
) -> None:
    take_in(
        ws,
        tmp_path,
        "a.csv",
        "Name,Email,Company",
        "Ada Lind,ada@acme.com,Acme GmbH",
        "Ben Stern,ben@acme.com,Nordwind AG",
        "Cleo Voss,cleo@nordwind.de,Nordwind AG",
    )
    assert firms(ws) == {("Acme GmbH", "acme.com"), ("Nordwind AG", "nordwind.de")}
    ben = ws.leads.get("ben@acme.com")
    assert ben.company_id == ws.leads.get("cleo@nordwind.de").company_id
    assert ben.company_id != ws.leads.get("ada@acme.com").company_id


def test_a_free_address_says_nothing_of_a_company(ws: Workspace, tmp_path: Path) -> None:
    take_in(ws, tmp_path, "a.csv", "Name,Email", "Ada Lind,ada@gmail.com", "Bo Berg,bo@gmail.com")
    assert ws.leads.get("ada@gmail.com").company_id is None
    assert ws.companies.find().items == []


def test_people_of_one_domain_are_of_one_company_however_its_name_is_written(
    ws: Workspace, tmp_path: Path
) -> None:
    take_in(
        ws,
        tmp_path,
        "a.csv",
        "Name,Email,Company,Company Domain",
        "Ada Lind,ada@acme.com,Acme GmbH,",
        "Ben Stern,,ACME,acme.com",
        "Cleo Voss,,Acme Gesellschaft mbH,",
    )
    assert len({lead.company_id for lead in ws.leads.find().items}) == 1
    assert ws.companies.get("acme.com").name is not None
    assert ws.verify().differences == []
