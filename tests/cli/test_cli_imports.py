import csv
import json

KEYS = {
    "run",
    "files",
    "rows",
    "created",
    "updated",
    "unchanged",
    "skipped",
    "failed",
    "leads",
    "companies",
    "seconds",
    "problems",
}


def test_the_json_of_an_import_is_the_contracts_and_nothing_else(run, people):
    result = run("import", str(people), "--json")
    assert result.exit_code == 1  # a row failed
    report = json.loads(result.stdout)
    assert set(report) == KEYS
    assert report["rows"] == 4
    assert report["created"] == 3
    assert report["failed"] == 1
    outcomes = ("created", "updated", "unchanged", "skipped", "failed")
    assert report["rows"] == sum(report[name] for name in outcomes)
    with open(report["problems"], encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 1


def test_an_import_says_what_became_of_the_rows(run, people):
    result = run("import", str(people))
    assert "4 rows from 1 file" in result.stdout
    assert "3  created" in result.stdout
    assert "1  failed" in result.stdout
    assert "mend it" in result.stdout
    assert "Importing" in result.stderr


def test_an_import_without_failures_ends_with_0_and_the_second_changes_nothing(run, tmp_path):
    path = tmp_path / "one.csv"
    path.write_text("name,email\nAnna Müller,anna@initech.example.com\n", encoding="utf-8")
    assert run("import", str(path)).exit_code == 0
    again = json.loads(run("import", str(path), "--json").stdout)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 1)


def test_stdin_is_read(run):
    result = run("import", "-", "--json", stdin="name,email\nAda Low,ada@low.example.com\n")
    assert json.loads(result.stdout)["created"] == 1


def test_a_dry_run_shows_the_mapping_and_changes_nothing(run, people):
    result = run("import", str(people), "--dry-run", "--map", "Notes=custom.remark")
    assert "Job Title" in result.stdout
    assert "Head of Purchasing" in result.stdout
    assert "custom.remark" in result.stdout
    assert "Nothing was changed" in result.stdout
    assert json.loads(run("leads", "--json").stdout)["items"] == []


def test_a_dry_run_in_json_adds_the_tables_and_the_rows(run, people):
    report = json.loads(run("import", str(people), "--dry-run", "--json").stdout)
    assert {"tables", "preview"} <= set(report)
    fields = {column["column"]: column["field"] for column in report["tables"][0]["columns"]}
    assert fields["Job Title"] == "title"
    assert [row["status"] for row in report["preview"]].count("created") == 3


def test_a_column_whose_name_holds_an_equals_sign_can_be_mapped(run, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("Who,a=b\nAnna Müller,Initech GmbH\n", encoding="utf-8")
    assert run("import", str(path), "--map", "a=b=company", "--map", "Who=full_name").exit_code == 0
    assert json.loads(run("leads", "--json").stdout)["items"][0]["company"] == "Initech GmbH"


def test_records_say_what_became_of_each_row(filled):
    page = json.loads(filled("records", "last", "--json").stdout)
    assert page["next"] is None
    assert [one["status"] for one in page["items"]] == ["created"] * 3 + ["failed"]
    shape = {"position", "external_id", "status", "reason", "lead_id", "company_id"}
    assert all(shape <= set(one) for one in page["items"])
    assert page["items"][3]["reason"]


def test_records_can_be_narrowed_paged_and_printed_as_csv(filled):
    failed = json.loads(filled("records", "last", "--status", "failed", "--json").stdout)
    assert len(failed["items"]) == 1
    first = json.loads(filled("records", "last", "--limit", "3", "--json").stdout)
    rest = json.loads(filled("records", "last", "--after", first["next"], "--json").stdout)
    assert len(first["items"]) == 3
    assert len(rest["items"]) == 1
    assert rest["next"] is None
    rows = list(csv.DictReader(filled("records", "last", "--csv").stdout.splitlines()))
    assert [row["status"] for row in rows] == ["created"] * 3 + ["failed"]


def test_no_records_of_a_kind_are_an_empty_list(filled):
    result = filled("records", "last", "--status", "updated", "--json")
    assert json.loads(result.stdout) == {"items": [], "next": None}


def test_runs_are_listed_and_shown(filled):
    (import_run,) = json.loads(filled("runs", "--json").stdout)["items"]
    assert import_run["kind"] == "import"
    assert import_run["id"] in filled("runs").stdout
    shown = filled("run", "show", import_run["id"][-8:])
    assert "completed" in shown.stdout
    assert "3 created" in shown.stdout
    assert filled("run", "resume", "last").exit_code == 3
    assert filled("run", "cancel", "last").exit_code == 3


def test_undo_shows_the_plan_and_asks(filled):
    refused = filled("run", "undo", "last", stdin="n\n")
    assert refused.exit_code == 3
    assert "3 leads removed" in refused.stdout
    assert len(json.loads(filled("leads", "--json").stdout)["items"]) == 3
    agreed = filled("run", "undo", "last", stdin="y\n")
    assert agreed.exit_code == 0
    assert json.loads(filled("leads", "--json").stdout)["items"] == []
    assert "undone" in filled("runs").stdout


def test_undo_without_anybody_to_ask_names_the_option(filled):
    result = filled("run", "undo", "last", stdin="")
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert filled("run", "undo", "last", "--json").exit_code == 2


def test_undo_dry_run_changes_nothing_and_yes_does_not_ask(filled):
    plan = json.loads(filled("run", "undo", "last", "--dry-run", "--json").stdout)
    assert plan["leads_removed"] == 3
    assert len(json.loads(filled("leads", "--json").stdout)["items"]) == 3
    done = json.loads(filled("run", "undo", "last", "--yes", "--json").stdout)
    assert done["leads_removed"] == 3
    assert json.loads(filled("leads", "--json").stdout)["items"] == []


def test_sources_are_listed(filled):
    assert "people.csv" in filled("sources").stdout
    (source,) = json.loads(filled("sources", "--json").stdout)["items"]
    assert source == {"name": "people.csv", "kind": "file", "provider": None, "trust": 0.8}


def test_enrichment_says_what_it_found_and_cost(filled):
    report = json.loads(filled("enrich", "--dry-run", "--json").stdout)
    assert report["cost"] == 0
    assert "cost 0.00" in filled("enrich").stdout
