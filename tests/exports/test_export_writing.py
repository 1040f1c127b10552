import errno
import json
import os
import tracemalloc

import pytest

from leadloom.errors import LeadloomError, UsageError
from leadloom.exports import replacing, write

ROWS = [{"id": "1", "email": "a@x.com"}, {"id": "2", "email": "b@x.com"}]
KINDS = ("csv", "xlsx", "json", "jsonl", "vcf")


@pytest.mark.parametrize("name", ["leads", "leads.txt", "leads.csv.bak", "csv"])
def test_an_unknown_extension_names_the_known_ones(tmp_path, name):
    with pytest.raises(UsageError, match=r"\.csv, \.xlsx, \.json, \.jsonl, \.vcf"):
        write(tmp_path / name, ROWS)
    assert list(tmp_path.iterdir()) == []


def test_no_columns_at_all_is_wrong_use(tmp_path):
    with pytest.raises(UsageError, match="at least one column"):
        write(tmp_path / "a.csv", ROWS, [])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_leave_the_file_alone_and_others_replace_it(tmp_path, kind):
    path = tmp_path / f"Leads.{kind.upper()}"
    assert (write(path, ROWS).changed, write(path, ROWS).rows) == (True, 2)
    before = path.stat()
    assert not write(path, iter(ROWS)).changed
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert write(path, ROWS[:1]).changed
    assert write(path, [{"id": "3", "email": "a@x.com"}]).changed
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_midway_leaves_the_old_file_and_no_litter(tmp_path, kind):
    path = tmp_path / f"leads.{kind}"
    write(path, ROWS)
    before = path.read_bytes()

    def failing():
        yield ROWS[1]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        write(path, failing())
    with pytest.raises(RuntimeError, match="went away"):
        write(path, failing(), ["id"])
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == [path.name]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(LeadloomError, match=r"there is no folder .*nowhere, create it"):
        write(tmp_path / "nowhere" / "a.csv", ROWS)


def test_a_folder_is_no_place_for_rows(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(LeadloomError, match="not a file"):
        write(tmp_path / "a.csv", ROWS)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EACCES, "not allowed"),
        (errno.EROFS, "not allowed"),
        (errno.EIO, "another place"),
    ],
)
def test_what_the_system_refuses_is_said_plainly(tmp_path, monkeypatch, number, words):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(replacing.os, "fsync", refuse)
    with pytest.raises(LeadloomError, match=words) as caught:
        write(tmp_path / "a.csv", ROWS)
    assert caught.value.exit_code == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_closed_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(LeadloomError, match="not allowed"):
        write(tmp_path / "a.csv", ROWS)


def test_a_link_is_followed_and_the_mode_kept(tmp_path):
    real = tmp_path / "real.csv"
    real.write_text("old")
    real.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(real)
    write(link, ROWS)
    assert link.is_symlink()
    assert real.read_bytes().endswith(b"2,b@x.com\r\n")
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_new_file_is_as_readable_as_any_other(tmp_path):
    write(tmp_path / "a.csv", ROWS)
    (tmp_path / "other").touch()
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_stdout_takes_csv_without_a_mark_and_json(capfdbinary):
    assert write("-", ROWS).path == "-"
    assert capfdbinary.readouterr().out == b"id,email\r\n1,a@x.com\r\n2,b@x.com\r\n"
    write("-", ROWS, kind="json")
    assert json.loads(capfdbinary.readouterr().out) == ROWS


@pytest.mark.parametrize("kind", ["xlsx", "vcf"])
def test_stdout_takes_no_binary_files(kind):
    with pytest.raises(UsageError, match="name a file"):
        write("-", ROWS, kind=kind)


@pytest.mark.parametrize("kind", ["csv", "json", "vcf"])
def test_memory_does_not_grow_with_the_rows(tmp_path, kind):
    def peak(count):
        tracemalloc.start()
        write(tmp_path / f"a.{kind}", ({"id": str(n), "notes": "x" * 5_000} for n in range(count)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    few = peak(2_500)  # 12 MB: more than is kept in memory
    assert peak(5_000) < few * 1.2 + 1_000_000
