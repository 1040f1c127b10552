"""Grouping everybody again, training, and asking why, on the command line."""

ANNA, BOB = "anna@initech.example.com", "bob@acme.example.org"


def test_resolve_tells_what_it_found_and_is_a_run(run, ask, people):
    run("import", str(people))
    assert "would be woven" in run("resolve", "--dry-run").stdout
    report = ask("resolve", "--all")
    assert (report["merged"], report["parted"], report["records"]) == (0, 0, 3)
    assert next(one["kind"] for one in ask("runs")["items"]) == "resolve"
    assert run("run", "undo", "last", "--yes").exit_code == 0


def test_a_model_is_learned_shown_and_taken_back(run, ask, people):
    run("import", str(people))
    run("judge", ANNA, BOB, "different")
    assert "Version 2 was learned from 3 records and 1 word of yours" in run(
        "resolve", "train"
    ).stdout.replace("\n", " ")
    shown = run("resolve", "model").stdout
    assert "Version 2, trained" in shown
    assert "surname" in shown
    run("run", "undo", "last", "--yes")
    assert ask("resolve", "model")["version"] == 1


def test_two_leads_are_explained_field_by_field(run, ask, people):
    run("import", str(people))
    found = ask("resolve", "explain", ANNA, BOB)
    assert found["verdict"] == "different"
    assert found["fields"][0].keys() == {"field", "level", "bits"}
    assert "different" in run("resolve", "explain", ANNA, BOB).stdout


def test_an_empty_database_has_a_model_already(ask):
    found = ask("resolve", "model")
    assert (found["origin"], found["records"]) == ("built-in", 0)
    assert ask("resolve")["records"] == 0
