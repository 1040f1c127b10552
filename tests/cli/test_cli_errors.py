import json
import re
from pathlib import Path

import pytest

import leadloom
from leadloom.errors import ConflictError


def one_sentence(text: str) -> str:
    lines = [line for line in text.splitlines() if line]
    assert len(lines) == 1, text
    assert lines[0].startswith("Error: ")
    return lines[0].removeprefix("Error: ")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["leeds"], "Did you mean 'leads'"),
        (["leads", "--colour"], "leadloom leads --help"),
        (["leads", "--limit", "many"], "--limit"),
        (["leads", "--limit", "0"], "--limit"),
        (["import"], "FILE"),
        (["db"], "upgrade, downgrade"),
        (["add", "email"], "email=anna@example.com"),
        (["add", "email=a@b.example.com", "email=c@d.example.com"], "twice"),
        (["add", "shoe_size=44"], "shoe_size"),
        (["leads", "--json", "--csv"], "--json and --csv"),
        (["leads", "--where", "nonsense"], "nonsense"),
        (["leads", "--columns", "full_name,shoe_size"], "shoe_size"),
        (["import", "x.csv", "--map", "Mail"], "COLUMN=FIELD"),
        (["import", "x.csv", "--policy", "maybe"], "prefer-new"),
        (["show", "nobody@nowhere.example.com"], "nobody@nowhere.example.com"),
        (["records", "nope", "--json"], "nope"),
        (["tag", "x@y.example.com"], "--remove"),
        (["export", "-", "--json"], "name a file"),
        (["export", "leads.docx"], ".xlsx"),
        (["--db", "oracle://host/x", "leads"], "postgresql://"),
    ],
)
def test_wrong_use_is_one_sentence_that_says_what_is_right(filled, arguments, hint):
    result = filled(*arguments)
    assert result.exit_code == 2
    assert hint in one_sentence(result.stderr)
    assert result.stdout == ""


@pytest.mark.parametrize("arguments", [["import", "nowhere.csv"], ["db", "restore", "no.db"]])
def test_what_cannot_be_done_ends_with_3(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 3
    assert arguments[-1] in one_sentence(result.stderr)


def test_an_unforeseen_error_shows_no_traceback_and_keeps_its_details(run, tmp_path, monkeypatch):
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("the moon fell down")

    monkeypatch.setattr(leadloom, "open", explode)
    result = run("leads", "--json")
    assert result.exit_code == 3
    assert result.stdout == ""
    sentence = one_sentence(result.stderr)
    named = re.search(r"the details are in (\S+),", sentence)
    assert named, sentence
    details = Path(named[1]).read_text(encoding="utf-8")
    assert named[1].startswith(str(tmp_path))
    assert "the moon fell down" in details
    assert "Traceback" in details


def test_an_unforeseen_error_is_told_even_where_its_details_cannot_be_kept(
    run, tmp_path, monkeypatch
):
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("the moon fell down")

    monkeypatch.setattr(leadloom, "open", explode)
    (tmp_path / "data").write_text("a file where a folder should be")
    result = run("leads")
    assert result.exit_code == 3
    assert "LEADLOOM_DEBUG=1" in one_sentence(result.stderr)


def test_debug_shows_the_traceback(run):
    result = run("show", "nobody@nowhere.example.com", LEADLOOM_DEBUG="1")
    assert result.exit_code == 2
    assert "Traceback" in result.stderr


def test_ctrl_c_in_an_import_says_how_to_go_on(run, people, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("leadloom.workspace.Workspace.import_files", stop)
    result = run("import", str(people))
    assert result.exit_code == 3
    assert "leadloom run resume last" in one_sentence(result.stderr)


def test_ctrl_c_elsewhere_is_one_sentence_too(run, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(leadloom, "open", stop)
    result = run("leads")
    assert result.exit_code == 3
    assert "Stopped" in one_sentence(result.stderr)


def test_a_conflict_ends_with_3(run, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise ConflictError("Somebody else is at it: wait.")

    monkeypatch.setattr(leadloom, "open", refuse)
    result = run("leads")
    assert result.exit_code == 3
    assert one_sentence(result.stderr) == "Somebody else is at it: wait."


def test_the_database_can_be_named_before_and_after_the_command(run, tmp_path):
    before, after = tmp_path / "before.db", tmp_path / "after.db"
    assert run("--db", str(before), "add", "full_name=Ada Before").exit_code == 0
    assert run("add", "full_name=Ada After", "--db", f"sqlite:///{after}").exit_code == 0
    assert "Ada Before" in run("leads", "--db", str(before)).stdout
    assert "Ada After" in run("--db", str(after), "leads").stdout
    assert json.loads(run("leads", "--json").stdout) == {"items": [], "next": None}


def test_the_database_named_after_the_command_wins(run, tmp_path):
    one, other = str(tmp_path / "one.db"), str(tmp_path / "other.db")
    assert run("--db", one, "add", "full_name=Ada Both", "--db", other).exit_code == 0
    assert "Ada Both" in run("leads", "--db", other).stdout
    assert "Ada Both" not in run("leads", "--db", one).stdout
