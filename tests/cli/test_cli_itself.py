import json
import sqlite3

import pytest

import leadloom


def test_leadloom_alone_says_what_to_do_first_and_makes_nothing(run, tmp_path):
    result = run()
    assert result.exit_code == 0
    assert str(tmp_path / "leads.db") in result.stdout
    assert "leadloom import FILE" in result.stdout
    assert "leadloom process FILE" in result.stdout
    assert not (tmp_path / "leads.db").exists()


def test_leadloom_alone_says_what_is_there(filled):
    result = filled()
    assert "3 leads" in result.stdout
    assert "3 companies" in result.stdout


def test_the_version_is_told(run):
    told = f"leadloom {leadloom.__version__}\n"
    assert run("version").stdout == told
    assert run("--version").stdout == told
    assert json.loads(run("version", "--json").stdout)["version"] == leadloom.__version__


def test_settings_are_listed_read_and_changed(run, ask):
    assert "sender_name" in run("config", "list").stdout
    assert run("config", "set", "sender_name", "Jo Becker").exit_code == 0
    assert run("config", "get", "sender_name").stdout == "Jo Becker\n"
    assert ask("config", "get", "sender_name")["value"] == "Jo Becker"
    assert {one["key"] for one in ask("config", "list")["items"]} >= {"sender_name", "variants"}
    assert run("config", "set", "variants", "many").exit_code == 2
    assert run("config", "get", "shoe_size").exit_code == 2


def test_stats_count_what_is_there(filled, ask):
    assert ask("stats")["leads"] == 3
    assert "leads" in filled("stats").stdout


def test_doctor_finds_nothing_wrong(filled, ask):
    assert all(check["ok"] for check in ask("doctor")["items"])
    assert "PROBLEM" not in filled("doctor").stdout


def test_the_schema_goes_up_and_down(run, ask):
    assert ask("db", "current")["current"] is None
    went = ask("db", "upgrade")
    assert went["before"] is None
    assert went["current"] == ask("db", "current")["newest"]
    assert "already" in run("db", "upgrade").stdout
    assert run("db", "upgrade", "9999").exit_code == 2
    assert ask("db", "downgrade", "base")["current"] is None


def test_data_is_not_lost_without_being_allowed(filled, tmp_path):
    refused = filled("db", "downgrade", "base")
    assert refused.exit_code == 2
    assert "--allow-data-loss" in refused.stderr
    done = json.loads(filled("db", "downgrade", "base", "--allow-data-loss", "--json").stdout)
    assert done["backup"].startswith(str(tmp_path))


def test_a_backup_brings_back_what_was_there(filled, ask, tmp_path):
    backup = ask("db", "backup", "saved.db")["backup"]
    filled("delete", "bob@acme.example.org")
    assert filled("db", "restore", backup).exit_code == 3
    kept = ask("db", "restore", backup, "--force")["kept"]
    assert kept.startswith(str(tmp_path))
    assert len(ask("leads")["items"]) == 3


def test_verify_finds_nothing_in_a_sound_database(filled, ask):
    report = ask("db", "verify")
    assert (report["leads"], report["companies"], report["differences"]) == (3, 3, [])
    assert "All is well" in filled("db", "verify").stdout


def test_verify_ends_with_1_when_it_finds_something(filled, tmp_path):
    conn = sqlite3.connect(tmp_path / "leads.db")
    with conn:
        conn.execute("UPDATE leads SET title = 'Impostor' WHERE full_name = 'Bob Stone'")
    conn.close()
    result = filled("db", "verify")
    assert result.exit_code == 1
    assert "Impostor" in result.stdout
    assert "Engineer" in result.stdout


@pytest.mark.parametrize("words", [["--help"], ["db", "--help"], ["import", "-h"]])
def test_help_is_there(run, words):
    result = run(*words)
    assert result.exit_code == 0
    assert "Usage: leadloom" in result.stdout


@pytest.mark.parametrize(
    "group", ["groups", "templates", "campaigns", "drafts", "shows", "config", "users", "secrets"]
)
def test_a_group_of_commands_without_one_lists_what_there_is(filled, group):
    assert filled(group).stdout == filled(group, "list").stdout != ""
    assert filled(group, "--json").stdout == filled(group, "list", "--json").stdout
    assert "Usage: leadloom" in filled(group, "-h").stdout
