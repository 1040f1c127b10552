import pytest

from leadloom.errors import NotFoundError, UsageError
from leadloom.outreach import templates as store
from leadloom.outreach.builtin import BuiltIn, built_in_templates
from leadloom.outreach.parts import Part
from leadloom.outreach.templates import (
    activate_template,
    add_template,
    edit_template,
    get_parts,
    get_texts,
    install_built_ins,
    list_templates,
    list_versions,
)


@pytest.fixture
def tx(office):
    with office.write() as tx:
        yield tx


def shipped(monkeypatch, version, text, name="hello"):
    parts = (Part(name, "subject", None, "Hi", version), Part(name, "body", "hook", text, version))
    monkeypatch.setattr(store, "built_in_templates", lambda: {name: BuiltIn(name, "en", "", parts)})


def texts(tx, name="hello", type="body"):
    return [one.text for one in get_texts(tx, name) if one.type == type]


def test_a_new_text_is_there_with_its_variables(tx):
    made = add_template(tx, "hello", "body", "Hi {{ firstName }} {{ custom.Booth }}", "proof")
    assert (made.version, made.is_active, made.usage_count, made.success_rate) == (1, True, 0, None)
    assert made.variables == ["custom.booth", "first_name"]
    assert get_texts(tx, "hello") == [made]
    assert get_parts(tx, "hello") == [Part("hello", "body", "proof", made.text, 1)]


@pytest.mark.parametrize(
    ("name", "type", "text", "message_type"),
    [
        ("hello", "footer", "x", None),
        ("hello", "body", "x", "spam"),
        ("hello", "body", "{{ first_name", None),
        ("hello", "body", "{% set x = 1 %}", None),
        ("hello", "body", "  \n", None),
        ("hello", "body", "a\x00b", None),
        ("", "body", "x", None),
    ],
)
def test_a_text_that_makes_no_sense_is_refused(tx, name, type, text, message_type):
    with pytest.raises(UsageError):
        add_template(tx, name, type, text, message_type)
    assert list_templates(tx) == []


def test_the_same_text_is_not_added_twice_but_edited(tx):
    add_template(tx, "hello", "body", "one")
    with pytest.raises(UsageError, match="already"):
        add_template(tx, "hello", "body", "two")
    assert edit_template(tx, "hello", "body", "two").version == 2
    assert edit_template(tx, "hello", "body", "two").version == 2
    assert edit_template(tx, "hello", "body", "one").version == 3
    assert [(v.version, v.text) for v in list_versions(tx, "hello", "body")] == [
        (1, "one"),
        (2, "two"),
        (3, "one"),
    ]


def test_an_earlier_version_can_be_brought_back(tx):
    add_template(tx, "hello", "body", "one")
    edit_template(tx, "hello", "body", "two")
    [back] = activate_template(tx, "hello", "body", version=1)
    assert (back.version, back.text) == (1, "one")
    assert edit_template(tx, "hello", "body", "three").version == 3
    with pytest.raises(NotFoundError, match="1, 2, 3"):
        activate_template(tx, "hello", "body", version=9)
    with pytest.raises(UsageError, match="--type"):
        activate_template(tx, "hello", version=1)


def test_texts_that_are_switched_off_are_not_used(tx):
    add_template(tx, "hello", "body", "for all")
    add_template(tx, "hello", "body", "for hooks", "hook")
    activate_template(tx, "hello", "body", "hook", active=False)
    assert [part.text for part in get_parts(tx, "hello")] == ["for all"]
    activate_template(tx, "hello", active=False)
    with pytest.raises(UsageError, match="switched off"):
        get_parts(tx, "hello")
    assert len(activate_template(tx, "hello")) == 2
    assert len(get_parts(tx, "hello")) == 2


def test_what_is_not_there_is_answered_with_what_is(tx):
    add_template(tx, "hello", "body", "x", "hook")
    with pytest.raises(NotFoundError, match="hello"):
        get_texts(tx, "helo")
    with pytest.raises(NotFoundError, match="body hook"):
        edit_template(tx, "hello", "body", "y")


def test_the_built_in_templates_are_installed_once(tx):
    changed = install_built_ins(tx)
    assert changed == sum(len(one.parts) for one in built_in_templates().values())
    before = list_templates(tx)
    assert install_built_ins(tx) == 0
    assert list_templates(tx) == before
    assert {one.name for one in before} == set(built_in_templates())


def test_a_newer_built_in_becomes_a_new_version(tx, monkeypatch):
    shipped(monkeypatch, 1, "old")
    install_built_ins(tx)
    shipped(monkeypatch, 2, "new")
    assert install_built_ins(tx) == 1  # the subject says the same
    assert texts(tx) == ["new"]
    assert install_built_ins(tx) == 0


def test_a_newer_built_in_leaves_what_a_person_edited_or_brought_back(tx, monkeypatch):
    shipped(monkeypatch, 1, "old")
    install_built_ins(tx)
    edit_template(tx, "hello", "body", "mine", "hook")
    shipped(monkeypatch, 2, "new")
    assert install_built_ins(tx) == 0
    shipped(monkeypatch, 3, "newer")
    assert install_built_ins(tx) == 0
    assert texts(tx) == ["mine"]
    assert [v.is_own for v in list_versions(tx, "hello", "body", "hook")] == [False, True]


def test_a_version_brought_back_stays_when_the_product_moves_on(tx, monkeypatch):
    shipped(monkeypatch, 1, "one")
    install_built_ins(tx)
    shipped(monkeypatch, 2, "two")
    install_built_ins(tx)
    activate_template(tx, "hello", "body", "hook", version=1)
    shipped(monkeypatch, 3, "three")
    install_built_ins(tx)
    assert texts(tx) == ["one"]
    assert [v.text for v in list_versions(tx, "hello", "body", "hook")] == ["one", "two", "three"]


def test_a_template_of_ones_own_with_the_name_of_a_built_in_is_left_alone(tx, monkeypatch):
    add_template(tx, "hello", "body", "mine")
    shipped(monkeypatch, 1, "theirs")
    assert install_built_ins(tx) == 0
    assert [one.text for one in get_texts(tx, "hello")] == ["mine"]


def test_every_change_is_an_event(office):
    with office.write() as tx:
        add_template(tx, "hello", "body", "one")
        edit_template(tx, "hello", "body", "two")
        activate_template(tx, "hello", "body", active=False)
        activate_template(tx, "hello", "body", active=False)
        activate_template(tx, "hello", "body", version=1)
    assert office.events("template.") == [
        "template.created",
        "template.edited",
        "template.deactivated",
        "template.activated",
    ]
    with office.write(workspace=2) as other:
        assert list_templates(other) == []
