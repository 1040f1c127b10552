from decimal import Decimal

import pytest
import sqlalchemy as sa

from leadloom.config import (
    SETTINGS,
    change_setting,
    get_setting,
    list_settings,
    reset_setting,
)
from leadloom.errors import NotFoundError, UsageError
from leadloom.storage import tables
from leadloom.storage.database import Tx
from leadloom.storage.types import dump_json, load_json


@pytest.fixture
def tx(db):
    with db.rehearse() as conn:
        yield Tx(conn, db.now(), 1, 1)


def stored(tx):
    return tx.conn.scalar(sa.select(sa.func.count()).select_from(tables.settings))


def test_a_fresh_workspace_has_every_default_and_stores_none(tx):
    values = {setting.key: setting.value for setting in list_settings(tx)}
    assert values["llm_provider"] == "openai"
    assert values["llm_model"] == "gpt-4o-mini"
    assert values["max_concurrent_enrichments"] == 3
    assert values["cache_ttl_days"] == 7
    assert values["daily_spend_limit"] == Decimal("100.0")
    assert values["enable_deep_search"] is True
    assert values["default_template"] == "intro"
    assert stored(tx) == 0


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("enable_deep_search", "No", False),
        ("max_concurrent_enrichments", " 12 ", 12),
        ("daily_spend_limit", "0.015", Decimal("0.015")),
        ("default_country", "de", "DE"),
        ("signature", "Jane\nInitech", "Jane\nInitech"),
    ],
)
def test_a_change_is_read_back_with_its_type(tx, key, text, value):
    change_setting(tx, key, text)
    again = get_setting(tx, key)
    assert again.value == value
    assert type(again.value) is type(value)
    assert again.is_changed


@pytest.mark.parametrize(
    ("key", "text", "wanted"),
    [
        ("enable_deep_search", "maybe", "true or false"),
        ("max_concurrent_enrichments", "3.5", "whole number"),
        ("max_concurrent_enrichments", "0", "1 or more"),
        ("cache_ttl_days", "-1", "0 or more"),
        ("variants", "99", "15 or less"),
        ("daily_spend_limit", "a lot", "number"),
        ("daily_spend_limit", "NaN", "number"),
        ("daily_spend_limit", "-1", "0 or more"),
        ("default_country", "Germany", "country code"),
        ("default_country", "XX", "country code"),
        ("sender_name", "a\x00b", "control characters"),
        ("sender_name", "x" * 3_000, "2000 characters"),
    ],
)
def test_a_wrong_value_is_refused_and_changes_nothing(tx, key, text, wanted):
    with pytest.raises(UsageError, match=wanted) as caught:
        change_setting(tx, key, text)
    assert key in str(caught.value)
    assert get_setting(tx, key) == SETTINGS[key]


def test_only_what_differs_from_the_default_is_stored(tx):
    change_setting(tx, "variants", "3")
    change_setting(tx, "variants", "4")
    assert stored(tx) == 1
    change_setting(tx, "variants", "1")
    assert stored(tx) == 0
    change_setting(tx, "sender_name", "Jane")
    assert reset_setting(tx, "sender_name").value == ""
    assert stored(tx) == 0


def test_an_unknown_setting_is_answered_with_the_near_one(tx):
    with pytest.raises(NotFoundError, match="sender_name"):
        change_setting(tx, "sendername", "x")
    with pytest.raises(NotFoundError, match="choose from"):
        get_setting(tx, "zzz")


def test_workspaces_do_not_see_each_others_settings(tx):
    other = Tx(tx.conn, tx.now, 2, 1)
    change_setting(tx, "sender_name", "Jane")
    assert get_setting(other, "sender_name").value == ""
    change_setting(other, "sender_name", "Ann")
    assert get_setting(tx, "sender_name").value == "Jane"


def test_a_setting_as_json_keeps_its_five_names(tx):
    shape = load_json(dump_json(get_setting(tx, "daily_spend_limit").as_json()))
    assert shape.keys() == {"key", "value", "type", "default", "description"}
    assert shape["value"] == "100.0"
