import csv
import io

from leadloom.exports import write
from leadloom.exports.drafts import COLUMNS, draft_row

LEAD = {
    "id": "L1",
    "email": "jane@x.com",
    "first_name": "Jane",
    "company": "Initech",
    "city": "Bonn",
}
MESSAGE = {
    "id": "M1",
    "subject": "=HYPERLINK(1)",
    "body": "Hi Jane,\n\nBye",
    "variant": 1,
    "message_type": "hook",
    "quality": 80,
    "quality_reasons": [{"code": "missing", "points": 20, "text": "city is missing"}],
    "template": "intro",
    "personalization": {
        "facts": [
            {"field": "first_name", "value": "Jane", "why": "greets by first name",
             "source": "cards.csv", "observed_at": "2026-01-01T08:30:00.123456+00:00"},
            {"field": "tags", "value": ["a", "b"], "why": "refers to the tags",
             "source": None, "observed_at": None},
        ]
    },
}  # fmt: skip


def test_a_draft_becomes_a_row_for_a_mail_merge(tmp_path):
    path = tmp_path / "drafts.csv"
    write(path, [draft_row(LEAD, MESSAGE)], COLUMNS)
    text = path.read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row == {
        "email": "jane@x.com",
        "first_name": "Jane",
        "last_name": "",
        "full_name": "",
        "company": "Initech",
        "title": "",
        "subject": "'=HYPERLINK(1)",
        "body": "Hi Jane,\n\nBye",
        "variant": "1",
        "message_type": "hook",
        "quality": "80",
        "quality_reasons": "city is missing (-20)",
        "personalization": "first_name: Jane (greets by first name; from cards.csv, 2026-01-01)"
        " | tags: a, b (refers to the tags)",
        "template": "intro",
        "lead_id": "L1",
        "message_id": "M1",
    }


def test_a_bare_draft_has_every_column():
    row = draft_row({}, {})
    assert tuple(row) == COLUMNS
    assert not any(row.values())
