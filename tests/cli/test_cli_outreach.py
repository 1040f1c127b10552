import csv
import json


def test_groups_are_made_filled_shown_and_deleted(filled, ask):
    made = ask("groups", "create", "europe", "--where", "country!=US")
    assert made["members"] == 2
    assert ask("groups", "add", "europe", "bob@acme.example.org")["added"] == 1
    assert ask("groups", "remove", "europe", "anna@initech.example.com")["removed"] == 1
    names = {lead["full_name"] for lead in ask("groups", "show", "europe")["items"]}
    assert names == {"Bob Stone", "Chloé Dubois"}
    assert "europe" in filled("groups", "list").stdout
    assert filled("groups", "delete", "europe", stdin="n\n").exit_code == 3
    assert filled("groups", "delete", "europe", "--yes").exit_code == 0
    assert ask("groups", "list") == {"items": [], "next": None}


def test_nobody_is_added_to_a_group_by_accident(filled):
    filled("groups", "create", "all")
    result = filled("groups", "add", "all")
    assert result.exit_code == 2
    assert "--where" in result.stderr


def test_templates_are_listed_added_edited_and_brought_back(run, ask, tmp_path):
    assert "intro" in {one["name"] for one in ask("templates", "list")["items"]}
    assert "subject" in run("templates", "show", "intro").stdout
    added = ask("templates", "add", "hello", "subject", "--text", "Hello {{ first_name }}")
    assert (added["version"], added["variables"]) == (1, ["first_name"])
    (tmp_path / "new.txt").write_text("Good day {{ first_name }}", encoding="utf-8")
    assert ask("templates", "edit", "hello", "subject", "--file", "new.txt")["version"] == 2
    assert "Good day" in run("templates", "show", "hello").stdout
    back = ask("templates", "activate", "hello", "--type", "subject", "--version", "1")
    assert [one["text"] for one in back["items"]] == ["Hello {{ first_name }}"]
    assert run("templates", "activate", "hello", "--off").exit_code == 0
    assert "off" in run("templates", "show", "hello").stdout


def test_the_text_of_a_template_comes_from_one_place(run):
    assert run("templates", "add", "hello", "subject").exit_code == 2
    both = ("--text", "a", "--file", "b.txt")
    assert run("templates", "add", "hello", "subject", *both).exit_code == 2
    assert run("templates", "add", "hello", "subject", "--file", "b.txt").exit_code == 3
    piped = run("templates", "add", "hello", "subject", "--file", "-", stdin="Hi there")
    assert piped.exit_code == 0


def test_a_campaign_goes_from_a_group_to_a_file(filled, ask, tmp_path):
    filled("groups", "create", "europe", "--where", "country!=US")
    made = ask("campaigns", "create", "spring", "--group", "europe", "--variants", "1")
    assert (made["group"], made["template"], made["variants"]) == ("europe", "intro", 1)
    assert ask("campaigns", "generate", "spring")["drafted"] == 2
    again = ask("campaigns", "generate", "spring")
    assert (again["drafted"], again["unchanged"]) == (0, 2)
    written = filled("campaigns", "export", "spring", "drafts.csv")
    assert "2 drafts in drafts.csv" in written.stdout
    with (tmp_path / "drafts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["email"] for row in rows} == {
        "anna@initech.example.com",
        "chloe@bijou.example.net",
    }
    assert "spring" in filled("campaigns", "list").stdout
    assert "europe" in filled("campaigns", "show", "spring").stdout


def test_drafting_says_what_was_written_and_messages_can_be_read(filled, ask):
    rehearsed = filled("draft", "--dry-run", "--where", "country=DE")
    assert "Would draft 1 message" in rehearsed.stdout
    assert ask("messages")["items"] == []
    drafted = filled("draft", "--where", "country=DE")
    assert "Drafted 1 message" in drafted.stdout
    (message,) = ask("messages", "--lead", "anna@initech.example.com")["items"]
    assert message["email"] == "anna@initech.example.com"
    shown = filled("messages")
    assert message["subject"] in shown.stdout
    assert "quality" in shown.stdout


def test_the_suppressed_are_left_out_with_the_reason(filled, ask):
    assert filled("suppress", "acme.example.org", "--reason", "asked us to stop").exit_code == 0
    assert "asked us to stop" in filled("suppress").stdout
    report = ask("draft")
    assert report["drafted"] == 2
    assert sum(report["reasons"].values()) == 1
    assert filled("suppress", "acme.example.org", "--remove").exit_code == 0
    assert ask("suppress") == {"items": [], "next": None}


def test_suppressing_several_is_all_or_nothing(filled, ask):
    assert filled("suppress", "acme.example.org", "not an address").exit_code == 2
    assert ask("suppress")["items"] == []


def test_an_export_is_written_whole_and_says_so(filled, tmp_path):
    result = filled("export", "out.csv", "--where", "country=DE", "--columns", "full_name,email")
    assert result.exit_code == 0
    assert "1 lead in out.csv" in result.stdout
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["full_name,email", "Anna Müller,anna@initech.example.com"]
    assert (
        "just this already"
        in filled(
            "export", "out.csv", "--where", "country=DE", "--columns", "full_name,email"
        ).stdout
    )


def test_an_export_to_stdout_is_only_the_file(filled):
    result = filled("export", "-", "--columns", "full_name")
    assert sorted(result.stdout.splitlines()) == [
        "Anna Müller",
        "Bob Stone",
        "Chloé Dubois",
        "full_name",
    ]


def test_the_main_job_goes_from_files_to_drafts(run, people, tmp_path):
    first = run("process", str(people), "--out", "drafts.csv")
    assert first.exit_code == 1  # a row names nobody
    assert "4 rows from 1 file" in first.stdout
    assert "3  people" in first.stdout
    assert "drafts.csv" in first.stdout
    assert "0.00" in first.stdout
    with (tmp_path / "drafts.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3
    again = run("process", str(people), "--out", "drafts.csv")
    assert "Nothing changed" in again.stdout


def test_a_rehearsal_of_the_main_job_leaves_nothing(run, people, ask, tmp_path):
    result = run("process", str(people), "--dry-run")
    assert "Nothing was changed" in result.stdout
    assert ask("leads")["items"] == []
    assert not (tmp_path / "drafts.csv").exists()


def test_the_json_of_the_main_job_is_only_json(run, people):
    report = json.loads(run("process", str(people), "--json").stdout)
    assert report["import"]["rows"] == 4


def test_a_campaign_is_deleted_after_asking(filled, ask):
    filled("campaigns", "create", "spring", "--template", "intro", "--variants", "1")
    ask("draft", "--campaign", "spring")
    message = ask("messages", "--campaign", "spring")["items"][0]
    assert ask("mark", "sent", message["id"])["items"][0]["status"] == "sent"
    assert filled("mark", "lost", message["id"]).exit_code == 2
    assert filled("campaigns", "delete", "spring", stdin="n\n").exit_code == 3
    deleted = ask("campaigns", "delete", "spring", "--yes")
    assert deleted == {"deleted": "spring", "messages": 3}
    assert ask("campaigns", "list")["items"] == []


def test_what_the_sender_offers_is_a_setting_that_letters_use(filled, ask):
    offer = "We cut the time your presses stand still."
    ask("config", "set", "sender_pitch", offer)
    ask("config", "set", "sender_proof", "It works at forty plants.")
    ask("draft", "--template", "intro", "--variants", "3")
    bodies = [one["body"] for one in ask("messages")["items"]]
    assert any(offer in body for body in bodies)
    assert any("It works at forty plants." in body for body in bodies)
