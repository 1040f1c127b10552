"""Arguments no database could hold, and places that are not there."""

import pytest


@pytest.mark.parametrize(
    "typed",
    [
        ["leads", "\udcff"],
        ["leads", "--where", "full_name=\udcff"],
        ["add", "full_name=A\udcff", "email=q@w.com"],
        ["import", "\udcff.csv"],
    ],
)
def test_bytes_that_are_no_text_are_refused_in_a_sentence(run, typed):
    result = run(*typed)
    assert result.exit_code == 2
    assert "not UTF-8" in result.stderr
    assert "foresee" not in result.stderr


def test_an_export_makes_no_folders(run, people, tmp_path):
    run("import", str(people))
    result = run("export", str(tmp_path / "typo" / "leads.csv"))
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr
    assert not (tmp_path / "typo").exists()


def test_a_file_that_cannot_be_read_ends_with_1_and_is_named(run, people, tmp_path):
    hollow = tmp_path / "empty.csv"
    hollow.touch()
    good = tmp_path / "good.csv"
    good.write_text("Name,Email\nAda Lind,ada@acme.com\n")
    result = run("import", str(hollow), str(good))
    assert result.exit_code == 1
    assert "1 file could not be read" in result.stdout
    assert "empty.csv is empty" in result.stdout
    assert "1  created" in result.stdout
