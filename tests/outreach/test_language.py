import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloom.errors import UsageError
from leadloom.outreach.language import TEMPLATE_LIMIT, Reading, compiled
from leadloom.outreach.variables import required_variables, unknown, variables_of


def fill(text, **values):
    return compiled(text).render(Reading(values))


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ first_name.__class__.__mro__ }}",
        "{{ first_name['__class__'] }}",
        "{{ custom.x.__class__ }}",
        "{{ first_name|attr('__class__') }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ first_name.upper() }}",
        "{{ range(3) }}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{ 10**9**9 }}",
        "{{ 'a' * 1000000000 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ first_name | format('x') }}",
        "{{ first_name | center(999999999) }}",
        "{% set x = 1 %}",
        "{% include 'secrets' %}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{% for a in tags %}{% for b in tags %}{% endfor %}{% endfor %}",
        "{% for a in tags recursive %}{{ loop(a) }}{% endfor %}",
        "{{ _reading }}",
        "{{ 'x' | _value }}",
        "{{ custom }}",
        "{% filter upper %}x{% endfilter %}",
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_line(text):
    with pytest.raises(UsageError, match=r"^Template 't' \(body\), line 2: .+\.$"):
        compiled("Hello\n" + text, "Template 't' (body)")


@pytest.mark.parametrize("text", ["{{ x", "{% if x %}", "{{ }}", "{% endfor %}", "{{ x | }}"])
def test_a_syntax_error_names_the_line(text):
    with pytest.raises(UsageError, match="line 3"):
        compiled("a\nb\n" + text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 9000 + "x" + ")" * 9000 + " }}",
        "{{ x" + "|upper" * 3000 + " }}",
        "{% if a %}" * 900 + "{% endif %}" * 900,
        "{{ " + "not " * 4000 + "x }}",
        "x" * (TEMPLATE_LIMIT + 1),
    ],
    ids=["parentheses", "filters", "ifs", "nots", "length"],
)
def test_absurd_templates_are_refused_quickly(text):
    started = time.process_time()
    with pytest.raises(UsageError, match=r"nested too deep|characters"):
        compiled(text)
    assert time.process_time() - started < 5


def test_a_loop_cannot_write_without_end():
    text = "{% for t in tags %}" + "x" * 1000 + "{% endfor %}"
    with pytest.raises(UsageError, match=r"more than 20,000 characters"):
        fill(text, tags=["t"] * 100)


def test_replace_cannot_explode():
    with pytest.raises(UsageError, match="too long"):
        fill("{{ company | replace('a', '" + "b" * 5000 + "') }}", company="a" * 100)


def test_text_in_a_value_is_never_read_as_a_template():
    assert fill("Hi {{ company }}", company="{{ 7 * 7 }}{% raw %}") == "Hi {{ 7 * 7 }}{% raw %}"


@pytest.mark.parametrize("name", ["firstName", "first_name", "FirstName", "FIRST_NAME"])
def test_variables_may_be_spelt_either_way(name):
    assert fill(f"{{{{ {name} }}}}", first_name="Ada") == "Ada"


def test_custom_fields_are_found_by_dot_bracket_and_either_spelling():
    text = "{{ custom.boothNo }} {{ custom.booth_no }} {{ custom['Booth No.'] }} {{ custom.items }}"
    assert fill(text, **{"custom.booth_no": "A1", "custom.items": "pens"}) == "A1 A1 A1 pens"


def test_default_covers_unknown_none_and_empty_alike():
    text = (
        "{{ a | default('x') }}{{ b | default('y') }}{{ c | upper | default('z') }}{{ d or 'w' }}"
    )
    assert fill(text, b=None, c="", d=[]) == "xyzw"


def test_only_what_is_printed_counts_as_used():
    text = (
        "{% if city %}Hello{% endif %} {{ first_name | default(last_name) }} "
        "{{ title if seniority == 'c' else company }} {% for t in tags %}{{ t }}{% endfor %}"
    )
    values = {
        "city": "Bonn",
        "first_name": "Ada",
        "last_name": "King",
        "title": "CEO",
        "seniority": "c",
        "company": "X",
        "tags": ["vip"],
    }
    reading = Reading(values)
    assert compiled(text).render(reading) == "Hello Ada CEO vip"
    assert reading.used == {"first_name": "Ada", "title": "CEO", "tags": ["vip"]}


def test_a_value_a_filter_rejects_is_not_used():
    reading = Reading({"first_name": "x@y.z"})
    assert compiled("Hi {{ first_name | given_name | default('there') }}").render(reading)
    assert reading.used == {}
    assert reading.missing == set()


def test_a_filter_that_finds_nothing_fit_leaves_a_hole():
    reading = Reading({"first_name": "x@y.z"})
    assert compiled("Hi {{ first_name | given_name }}!").render(reading) == "Hi !"
    assert (reading.used, reading.missing) == ({}, {"first_name"})


def test_what_is_not_there_prints_nothing():
    assert fill("[{{ 'x' if city }}{{ tags[5] }}{{ tags[-1] }}]", tags=["a"]) == "[a]"


def test_zero_is_printed_as_a_number():
    reading = Reading({"lead_score": 0, "custom.size": 2.0})
    assert compiled("{{ lead_score }}/{{ custom.size }}").render(reading) == "0/2"
    assert set(reading.used) == {"lead_score", "custom.size"}


def test_a_printed_variable_without_a_value_is_missing():
    reading = Reading({"a": None})
    text = "{{ a }}{{ b | upper }}{{ c | default('x') }}{% if d %}{{ d }}{% endif %}{{ e or f }}"
    assert compiled(text).render(reading) == "x"
    assert reading.missing == {"a", "b", "f"}


def test_comparing_with_a_missing_number_is_false():
    text = "{% if lead_score > 50 %}high{% else %}low{% endif %}"
    assert [fill(text), fill(text, lead_score=80)] == ["low", "high"]


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("{{ firstName }} {{ custom.booth }}", {"first_name", "custom.booth"}),
        ("{{ first_name | default('you') | upper }}", set()),
        ("{{ first_name | default(company) }}", {"company"}),
        ("{{ first_name or full_name }}", {"full_name"}),
        ("{% if city %}{{ city }}{% endif %}", set()),
        ("{% if city %}{{ company }}{% else %}{{ city }}{% endif %}", {"company", "city"}),
        ("{% if not city %}x{% else %}{{ city }}{% endif %}", set()),
        ("{% if city and company %}{{ city }}{{ company }}{% endif %}", set()),
        ("{% if city or company %}{{ city }}{% endif %}", {"city"}),
        ("{% if a %}{% elif city %}{{ city }}{% else %}{{ city }}{% endif %}", {"city"}),
        ("{{ city if city else company }}", {"company"}),
        ("{% if city is defined %}{{ city }}{% endif %}", set()),
        ("{% if title | role %}{{ title }}{% endif %}", set()),
        ("{% for tag in tags %}{{ tag }}{{ loop.index }}{{ city }}{% endfor %}", {"city"}),
        ("{% if angle == 'role' %}{{ title }} {{ company }} {{ city }}{% endif %}", {"city"}),
    ],
)
def test_required_variables_are_those_that_can_leave_a_hole(text, required):
    assert required_variables(text) == required


def test_every_mentioned_variable_is_listed_and_misspelt_ones_are_unknown():
    text = (
        "{% if eventName %}{{ fristName }}{% endif %}{{ custom.x }}"
        "{% for t in tags %}{{ t }}{% endfor %}"
    )
    assert variables_of(text) == {"event_name", "frist_name", "custom.x", "tags"}
    assert unknown(text) == {"frist_name"}
    assert unknown(text, {"fristName", "event_name", "tags"}) == frozenset()


WORDS = (
    "{{ {% %} }} if for in endif endfor else not and or | default upper ( ) [ ] . , == < - * ** ~ "
    "first_name tags custom custom.x loop loop.index __class__ 0 1 'a' is defined set range _value"
)
PIECES = [" ", "{{ first_name ", "{% if tags %}", *re.findall(r"\S+", WORDS)]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join))
def test_any_text_is_a_template_or_a_clear_error(text):
    try:
        filled = fill(text, first_name="Ada")
    except UsageError as error:
        filled = str(error)
    assert len(filled) <= 20_000


@given(st.text(max_size=50))
def test_any_value_is_printed_as_it_is(value):
    assert fill("[{{ company }}]", company=value) == f"[{value}]"
