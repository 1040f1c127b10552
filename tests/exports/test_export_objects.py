import json
import re
from datetime import UTC, datetime

from leadloom.exports import write

JANE = {
    "id": "0190-1",
    "full_name": "Jane; Doe, Jr.",
    "first_name": "Jane",
    "last_name": "Doe",
    "title": "Head of Sales",
    "email": "jane@x.com",
    "emails": ["jane@x.com", "j@y.com"],
    "phone": "+4930123",
    "phones": ["+4930123"],
    "company": "Müller; Söhne",
    "linkedin_url": "https://www.linkedin.com/in/jane",
    "city": "Köln",
    "country": "DE",
    "tags": ["a,b", "c"],
    "notes": "line 1\nline 2 \\ end" + " ü😀" * 60,
    "custom": {"Booth No.": "A\r\nEND:VCARD"},
    "updated_at": "2026-01-01T00:00:00Z",
}


def test_json_is_the_list_of_the_rows_as_they_are(tmp_path):
    path = tmp_path / "leads.json"
    rows = [JANE, {"id": "2", "seen": datetime(2026, 1, 1, tzinfo=UTC), "big": 10**30}]
    assert write(path, iter(rows)).rows == 2
    first, second = json.loads(path.read_text("utf-8"))
    assert first == JANE
    assert (second["big"], second["seen"][:10]) == (10**30, "2026-01-01")


def test_no_rows_are_an_empty_list(tmp_path):
    write(tmp_path / "leads.json", [])
    write(tmp_path / "leads.jsonl", [])
    assert json.loads((tmp_path / "leads.json").read_text()) == []
    assert (tmp_path / "leads.jsonl").read_bytes() == b""


def test_jsonl_holds_an_object_a_line_with_the_chosen_fields(tmp_path):
    path = tmp_path / "leads.jsonl"
    write(path, [JANE, {"id": "2"}], ["id", "custom.Booth No."])
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"id": "0190-1", "custom": {"Booth No.": "A\r\nEND:VCARD"}},
        {"id": "2", "custom": {"Booth No.": None}},
    ]


def cards(path):
    """The cards of a file as {property: [values, structured ones split]}, by RFC 2426."""
    text = path.read_bytes().decode("utf-8").replace("\r\n ", "")
    found = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VCARD":
            found.append({})
        parts = [
            re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], part)
            for part in re.split(r"(?<!\\)[;,]", value)
        ]
        found[-1].setdefault(name, []).append(parts if len(parts) > 1 else parts[0])
    return found


def test_a_vcard_reads_back_whole(tmp_path):
    path = tmp_path / "leads.vcf"
    write(path, [JANE, {"email": "only@x.com"}])
    first, second = cards(path)
    assert first == {
        "BEGIN": ["VCARD"],
        "VERSION": ["3.0"],
        "N": [["Doe", "Jane", "", "", ""]],
        "FN": ["Jane; Doe, Jr."],
        "TITLE": ["Head of Sales"],
        "ORG": ["Müller; Söhne"],
        "X-SOCIALPROFILE;TYPE=linkedin": ["https://www.linkedin.com/in/jane"],
        "NOTE": [JANE["notes"]],
        "REV": ["2026-01-01T00:00:00Z"],
        "UID": ["0190-1"],
        "EMAIL;TYPE=INTERNET,PREF": ["jane@x.com"],
        "EMAIL;TYPE=INTERNET": ["j@y.com"],
        "TEL;TYPE=WORK,PREF": ["+4930123"],
        "ADR;TYPE=WORK": [["", "", "", "Köln", "", "", "DE"]],
        "CATEGORIES": [["a,b", "c"]],
        "X-LEADLOOM-CUSTOM": [["Booth No.", "A\nEND:VCARD"]],
        "END": ["VCARD"],
    }
    assert second["FN"] == ["only@x.com"]


def test_vcard_lines_fold_within_75_bytes_and_inside_no_character(tmp_path):
    path = tmp_path / "leads.vcf"
    write(path, [JANE])
    lines = path.read_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)
    assert sum(line == b"END:VCARD" for line in lines) == 1


def test_a_field_cannot_break_out_of_its_line(tmp_path):
    path = tmp_path / "leads.vcf"
    nasty = "x\r\nEND:VCARD\u2028y\x85z"
    row = dict.fromkeys(("full_name", "last_name", "email", "title", "city", "website"), nasty)
    write(path, [row | {"tags": [nasty], "custom": {nasty: nasty}}])
    assert len(re.findall(r"^END:VCARD", path.read_text("utf-8"), re.M)) == 1
