import csv
import io
import json

import pytest

CONTRACT = """
id full_name first_name last_name title email emails email_status phone phones company company_id
domain linkedin_url website city state country industry tags status stage lead_status lead_score
source notes custom created_at updated_at
""".split()  # noqa: SIM905 - a list of words reads better


def test_an_empty_database_says_what_to_do_next(run):
    result = run("leads")
    assert result.exit_code == 0
    assert "leadloom import FILE" in result.stdout


def test_a_search_without_hits_does_not_pretend_the_database_is_empty(filled):
    result = filled("leads", "zebra")
    assert result.exit_code == 0
    assert "No leads found" in result.stdout


def test_a_lead_in_json_has_the_fields_of_the_contract(filled):
    page = json.loads(filled("leads", "anna", "--json").stdout)
    assert page["next"] is None
    (lead,) = page["items"]
    assert set(CONTRACT) <= set(lead)
    assert lead["full_name"] == "Anna Müller"
    assert lead["emails"] == ["anna@initech.example.com"]
    assert lead["country"] == "DE"


def test_pages_join_up_to_the_whole(filled):
    seen, after = [], []
    while True:
        page = json.loads(filled("leads", "--limit", "1", "--json", *after).stdout)
        seen += [lead["full_name"] for lead in page["items"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    assert sorted(seen) == ["Anna Müller", "Bob Stone", "Chloé Dubois"]


def test_conditions_and_order_are_passed_on(filled):
    result = filled("leads", "-w", "country!=US", "--sort", "full_name", "--json")
    names = [lead["full_name"] for lead in json.loads(result.stdout)["items"]]
    assert names == ["Anna Müller", "Chloé Dubois"]


def test_a_descending_order_is_no_option(filled):
    result = filled("leads", "--sort", "-full_name", "--json")
    assert result.exit_code == 0
    names = [lead["full_name"] for lead in json.loads(result.stdout)["items"]]
    assert names == ["Chloé Dubois", "Bob Stone", "Anna Müller"]


def test_a_piped_table_is_whole_and_plain(filled):
    result = filled("leads", "--columns", "full_name,email,notes")
    assert "anna@initech.example.com" in result.stdout
    assert "3 leads." in result.stdout
    assert "\x1b" not in result.stdout
    assert "…" not in result.stdout


def test_csv_holds_no_formulas(filled):
    result = filled("leads", "--csv", "--columns", "full_name,notes")
    rows = {row["full_name"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert rows["Bob Stone"]["notes"] == """'=HYPERLINK("x")"""
    assert len(rows) == 3


def test_a_page_of_csv_says_on_stderr_that_there_is_more(filled):
    result = filled("leads", "--csv", "--limit", "2", "--columns", "id")
    assert len(result.stdout.splitlines()) == 3
    assert "--after" in result.stderr


def test_what_could_steer_a_terminal_is_not_printed(run):
    assert run("add", "full_name=Eve Stone", "notes=\x1b[2Jgone\x07").exit_code == 0
    result = run("leads", "--columns", "full_name,notes")
    assert "gone" in result.stdout
    assert not set("\x1b\x07") & set(result.stdout)


def test_companies_are_listed_like_leads(filled):
    page = json.loads(filled("companies", "--json").stdout)
    assert {one["name"] for one in page["items"]} == {"Initech GmbH", "Acme Inc.", "Bijou SARL"}
    assert "Initech GmbH" in filled("companies", "initech").stdout


def test_search_finds_people_and_companies(filled):
    found = json.loads(filled("search", "initech", "--json").stdout)
    assert [lead["full_name"] for lead in found["items"]] == ["Anna Müller"]
    assert [firm["name"] for firm in found["companies"]] == ["Initech GmbH"]
    assert "Nothing holds" in filled("search", "zebra").stdout


def test_show_names_the_source_of_every_value_and_the_other_facts(filled):
    assert filled("set", "anna@initech.example.com", "title=Head of Everything").exit_code == 0
    result = filled("show", "anna@initech.example.com")
    assert "Head of Everything" in result.stdout
    assert "Head of Purchasing" in result.stdout
    assert "people.csv, row 2" in result.stdout
    assert "Score" in result.stdout
    view = json.loads(filled("show", "anna@initech.example.com", "--json").stdout)
    title = next(field for field in view["fields"] if field["field"] == "title")
    assert title["value"] == "Head of Everything"
    assert [other["value"] for other in title["others"]] == ["Head of Purchasing"]


def test_show_shows_a_company_with_its_people(filled):
    page = json.loads(filled("companies", "initech", "--json").stdout)
    result = filled("show", page["items"][0]["id"])
    assert result.stdout.startswith("Initech GmbH")
    assert "Anna Müller" in result.stdout


def test_a_value_may_hold_an_equals_sign(filled):
    assert filled("set", "bob@acme.example.org", "notes=a=b=c").exit_code == 0
    view = json.loads(filled("leads", "bob", "--json").stdout)
    assert "a=b=c" in view["items"][0]["notes"]


def test_tags_are_put_on_and_taken_away(filled):
    assert filled("tag", "bob@acme.example.org", "vip", "cold").exit_code == 0
    edited = json.loads(filled("tag", "bob@acme.example.org", "-r", "cold", "--json").stdout)
    assert edited["lead"]["tags"] == ["vip"]


def test_a_deleted_lead_is_gone_until_it_is_restored(filled):
    gone = json.loads(filled("delete", "bob@acme.example.org", "--json").stdout)
    assert "Bob Stone" not in filled("leads").stdout
    assert "Bob Stone" in filled("leads", "--deleted").stdout
    assert filled("restore", gone["id"]).exit_code == 0
    assert "Bob Stone" in filled("leads").stdout


def test_history_tells_what_changed(filled):
    filled("set", "bob@acme.example.org", "title=Chief Engineer")
    result = filled("history", "bob@acme.example.org")
    assert "changed title" in result.stdout
    events = json.loads(filled("history", "bob@acme.example.org", "--json").stdout)["items"]
    assert [event["type"] for event in events] == ["lead.updated", "lead.created"]


def test_a_deleted_lead_is_not_edited_behind_ones_back(filled):
    lead = json.loads(filled("leads", "--limit", "1", "--json").stdout)["items"][0]
    filled("delete", lead["id"])
    refused = filled("set", lead["id"], "title=Boss")
    assert refused.exit_code == 3
    assert "restore it first" in refused.stderr
    filled("restore", lead["id"])
    after = json.loads(filled("leads", "--json").stdout)["items"]
    assert lead["title"] in [one["title"] for one in after if one["id"] == lead["id"]]


def test_undoing_deletions_walks_back_one_at_a_time(filled):
    gone = [
        json.loads(filled("delete", ref, "--json").stdout)["id"]
        for ref in ("bob@acme.example.org", "anna@initech.example.com")
    ]
    for ref in reversed(gone):
        assert "1 changed back" in filled("run", "undo", "last:edit", "--yes").stdout
        assert json.loads(filled("show", ref, "--json").stdout)["lead"]["deleted_at"] is None
    edits = json.loads(filled("runs", "--kind", "edit", "--json").stdout)["items"]
    assert [run["status"] for run in edits] == ["undone", "undone"]
    nothing = filled("run", "undo", "last:edit", "--yes")
    assert nothing.exit_code == 2
    assert "that was not undone" in nothing.stderr


def test_companies_lists_unless_it_is_told_what_else_to_do(filled):
    listed = filled("companies").stdout
    assert "Initech" in listed
    assert filled("companies", "list").stdout == listed
    assert "Acme" not in filled("companies", "initech").stdout
    assert filled("companies", "--where", "name~acme", "--csv").stdout.count("\n") == 2
    assert "history" in filled("companies", "--help").stdout


@pytest.fixture
def initech(filled):
    """The id of a company."""
    [firm] = json.loads(filled("companies", "initech", "--json").stdout)["items"]
    return firm["id"]


def test_a_company_is_set_by_hand_and_the_edit_taken_back(filled, initech):
    edited = json.loads(filled("companies", "set", initech, "city=Ulm", "--json").stdout)
    assert (edited["company"]["city"], edited["status"]) == ("Ulm", "updated")
    shown = filled("companies", "show", initech).stdout
    assert "Ulm" in shown
    assert "Anna Müller" in shown
    assert "company.updated" in shown
    assert filled("show", initech).stdout == shown
    told = json.loads(filled("companies", "history", initech, "--json").stdout)
    assert [event["type"] for event in told["items"]] == ["company.updated", "company.created"]
    assert "changed company city" in filled("companies", "set", initech, "city=").stdout
    for _ in range(2):
        assert filled("run", "undo", "last:edit", "--yes").exit_code == 0
    view = json.loads(filled("companies", "show", initech, "--json").stdout)
    assert view["company"]["city"] is None
    assert {field["field"] for field in view["fields"]} == {"name"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("citty=Ulm", "did you mean 'city'?"),
        ("country=Narnia", "not a country"),
        ("linkedin_url=linkedin.com/in/anna", "linkedin_url"),
        ("custom.=7", "custom."),
        ("city", "write it like city=Berlin"),
    ],
)
def test_what_a_company_cannot_be_set_to_is_told_in_a_sentence(filled, initech, typed, told):
    result = filled("companies", "set", initech, typed)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_merge_weaves_two_leads_and_unmerge_takes_it_back(filled):
    items = json.loads(filled("leads", "--sort", "full_name", "--json").stdout)["items"]
    anna, bob, _ = (lead["id"] for lead in items)
    assert filled("merge", anna, bob).exit_code == 0
    assert "2 leads" in filled("leads").stdout
    assert "1 duplicate" in filled("show", anna).stdout
    assert filled("unmerge", bob).exit_code == 0
    assert "3 leads" in filled("leads").stdout


def test_a_verdict_is_kept(filled):
    pair = ("anna@initech.example.com", "bob@acme.example.org")
    assert filled("judge", *pair, "different").exit_code == 0
    assert filled("judge", *pair, "maybe").exit_code == 2
    assert filled("duplicates", "--json").stdout.strip() == '{"items":[],"next":null}'


def test_merge_weaves_two_companies_and_unmerge_takes_it_back(filled):
    items = json.loads(filled("companies", "--sort", "name", "--json").stdout)["items"]
    acme, initech = (
        next(one["id"] for one in items if one["name"].startswith(name))
        for name in ("Acme", "Initech")
    )
    merged = json.loads(filled("merge", acme, initech, "--json").stdout)
    assert merged["id"] == acme
    assert json.loads(filled("companies", "show", initech, "--json").stdout)["company"] == merged
    shown = filled("companies", "show", acme).stdout
    assert "Woven in: 1 duplicate" in shown
    assert "Anna Müller" in shown
    told = filled("unmerge", initech).stdout
    assert "is a company of its own again." in told
    assert json.loads(filled("companies", "--sort", "name", "--json").stdout)["items"] == items
    assert filled("judge", acme, initech, "different").exit_code == 0
    undone = filled("run", "undo", "last:edit", "--yes")
    assert undone.exit_code == 0


def test_a_lead_and_a_company_are_not_made_one(filled, initech):
    refused = filled("merge", "bob@acme.example.org", initech)
    assert refused.exit_code == 2
    assert "is a lead and" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    nobody = filled("merge", initech, "nobody@example.org")
    assert "No lead and no company answers to 'nobody@example.org'" in nobody.stderr
