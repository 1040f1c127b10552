"""The models before anything was learned: what is usual among leads.

`kept` and `apart` need not add up over levels that only some pairs can reach (an initial is seen
only where one side has nothing but an initial): they are how likely the level is when it could be.
Those with a star are never learned.
"""

from dataclasses import replace

from leadloom.resolve.match.model import Field, Model, Story

# field and the usual band of what is shared | level | kept | apart
_PEOPLE = """
given 8         | different             | 0.015* | 0.96
                | alike                 | 0.012  | 0.012
                | near                  | 0.06   | 0.004
                | beginning             | 0.02   | 0.004
                | initial               | 0.9*   | 0.02
                | familiar              | 0.06   | 0.006
                | exact                 | 0.8    | 0
surname 10      | different             | 0.03*  | 0.98
                | alike                 | 0.012  | 0.008
                | near                  | 0.07   | 0.001
                | initial               | 0.9*   | 0.02
                | part                  | 0.05   | 0.00001
                | exact                 | 0.85   | 0
order 0         | straight              | 0.97   | 1
                | swapped               | 0.03   | 1
middle 6        | different             | 0.05   | 0.9
                | agrees                | 0.95   | 0.1
generation 2    | different             | 0.0005*| 1.3
                | one-sided             | 0.015* | 2
                | same                  | 0.02*  | 0.02
mailbox 18      | another at one domain | 0.01   | 0.9
                | may be an alias       | 0.06   | 0.05
                | mistyped              | 0.04   | 0.01
                | exact                 | 0.9    | 0
private mail 18 | different             | 0.03   | 1
                | same handle           | 0.02   | 0.00002
                | mistyped              | 0.04   | 0.000001
                | exact                 | 0.9    | 0
mobile 16       | different             | 0.02   | 1
                | mistyped              | 0.02   | 0.00001
                | exact                 | 0.96   | 0
line 16         | different             | 0.03   | 1
                | another extension     | 0.04   | 0.00001
                | mistyped              | 0.02   | 0.00001
                | exact                 | 0.9    | 0
profile 18      | different             | 0.02   | 1
                | same                  | 0.98   | 0
company 10      | different             | 0.05   | 0.98
                | overlaps              | 0.03   | 0.01
                | initials              | 0.01   | 0.0002
                | contained             | 0.1    | 0.00001
                | mistyped              | 0.05   | 0.001
                | exact                 | 0.76   | 0
site 12         | different             | 0.03   | 1
                | alike                 | 0.01   | 0.002
                | other ending          | 0.04   | 0.0003
                | exact                 | 0.9    | 0
title 6         | different             | 0.25   | 0.92
                | alike                 | 0.2    | 0.06
                | exact                 | 0.55   | 0
city 8          | abroad                | 0.01*  | 0.5
                | different             | 0.06   | 0.95
                | alike                 | 0.06   | 0.003
                | exact                 | 0.85   | 0
postcode 10     | different             | 0.12   | 1
                | alike                 | 0.06   | 0.005
                | exact                 | 0.8    | 0
region 4        | different             | 0.04   | 1
                | same                  | 0.96   | 0
street 14       | different             | 0.06   | 1
                | one number            | 0.02   | 0.02
                | one street            | 0.04   | 0.0005
                | alike                 | 0.1    | 0.0002
                | exact                 | 0.78   | 0
"""


def fields(table: str) -> tuple[Field, ...]:
    """Read fields out of a table written like those here."""
    found: list[Field] = []
    for line in table.strip().splitlines():
        head, level, kept, apart = (cell.strip() for cell in line.split("|"))
        if head:
            name, _, band = head.rpartition(" ")
            found.append(Field(name.strip(), (), (), (), int(band)))
        last = found[-1]
        found[-1] = replace(
            last,
            levels=(*last.levels, level),
            kept=(*last.kept, float(kept.rstrip("*"))),
            apart=(*last.apart, float(apart)),
            fixed=last.fixed | {level} if kept.endswith("*") else last.fixed,
        )
    return tuple(found)


PEOPLE_FIELDS = fields(_PEOPLE)

# Two who are not namesakes of one family differ in Jr. and Sr. no more than one person does.
_PLAIN = {"generation": 1.0}
_NAMESAKE = {**_PLAIN, "given": 1.0, "surname": 1.0}
_SELF = {"given": 0.995, "surname": 0.98, "order": 1.0, "middle": 0.97, **_PLAIN}
_OWN = {"profile": 0.99, "mobile": 0.75, "private mail": 0.7}
_FIRM = {"company": 0.95, "site": 0.95}
_HOME = {"city": 0.95, "postcode": 0.9, "region": 0.97, "street": 0.9}
_AREA = {"city": 0.8, "postcode": 0.7, "region": 0.85, "street": 0.6}
_MOVED = {"city": 0.55, "postcode": 0.4, "region": 0.7, "street": 0.4}
_NEAR = {"city": 0.7, "postcode": 0.7, "region": 0.8, "street": 0.7}
_DESK = {"line": 0.4, **_NEAR}
_CITY = {"postcode": 0.1, "region": 0.97, "street": 0.01}
_QUARTER = {"city": 0.9, "region": 0.97, "street": 0.02}
_ROOF = {"city": 0.95, "postcode": 0.95, "region": 0.97}
_COPIED = {"mailbox": 0.002, "mobile": 0.002}
# People of one region have the same few names, and so have those of one company.
_REGION = {"given": 2.0, "surname": 4.0, "city": 6.0, "region": 6.0}
_NAMES = {"given": 2.0, "surname": 3.0}
# Relatives are called differently, to be told apart.
_TOLD_APART = {"given": 0.25}

PEOPLE_STORIES = (
    Story(
        "one person",
        True,
        0.25,
        {**_SELF, **_OWN, **_FIRM, "mailbox": 0.93, "line": 0.7, "title": 0.7} | _HOME,
    ),
    Story(
        "one person in a new job",
        True,
        0.05,
        {**_SELF, **_OWN, "line": 0.3, "title": 0.25, **_MOVED},
        needs=("company", "site"),
    ),
    Story(
        "one person under another name",
        True,
        0.0005,
        {**_PLAIN, **_OWN, **_FIRM, **_HOME, "given": 0.1, "surname": 0.1, "order": 1.0}
        | {"mailbox": 0.7, "line": 0.7, "title": 0.7},
        needs=("street",),
    ),
    Story("strangers", False, None, _PLAIN),
    Story("strangers from one region", False, None, _PLAIN, None, _REGION, 0.1),
    Story(
        "colleagues",
        False,
        None,
        {**_PLAIN, "site": 0.9, **_DESK, **_COPIED, "surname": 0.003},
        "company",
        _NAMES,
    ),
    Story(
        "colleagues under one domain",
        False,
        None,
        {**_PLAIN, "company": 0.9, **_DESK, **_COPIED, "surname": 0.003},
        "site",
        _NAMES,
    ),
    Story(
        "behind one switchboard",
        False,
        None,
        {**_PLAIN, "company": 0.9, "site": 0.9, **_NEAR, **_COPIED},
        "line",
        _NAMES,
    ),
    Story("in one city", False, None, {**_PLAIN, **_CITY}, "city", _NAMES),
    Story("neighbours", False, None, {**_PLAIN, **_QUARTER}, "postcode", _NAMES),
    Story("under one roof", False, None, {**_PLAIN, **_ROOF}, "street", follows="relatives"),
    Story(
        "relatives",
        False,
        0.02,
        {**_PLAIN, "surname": 0.85, **_AREA, "line": 0.4}
        | {"private mail": 0.03, "mobile": 0.01, "company": 0.1, "given": 0.003},
        crowding=_TOLD_APART,
    ),
    Story(
        "relatives in one firm",
        False,
        0.01,
        {**_PLAIN, "surname": 0.9, **_FIRM, "line": 0.6, **_HOME}
        | {"mailbox": 0.01, "mobile": 0.01, "given": 0.003},
        crowding=_TOLD_APART,
        needs=("company", "site"),
    ),
    Story(
        "father and son of one name",
        False,
        0.003,
        {"given": 1.0, "surname": 1.0, "middle": 0.3, "company": 0.6, "site": 0.6, "line": 0.5}
        | _AREA,
    ),
    # More than chance has it, as people are called after the same fashions, kin and saints.
    Story("namesakes", False, 0.0005, _NAMESAKE),
    Story("namesakes in one city", False, 0.0005, {**_NAMESAKE, "city": 0.95, "region": 0.97}),
    Story(
        "namesakes in one firm",
        False,
        0.0005,
        {**_NAMESAKE, **_FIRM, "city": 0.6, "region": 0.7, "line": 0.1},
        needs=("company", "site"),
    ),
    Story(
        "successor in the post",
        False,
        0.01,
        {**_PLAIN, **_FIRM, "line": 0.7, "mobile": 0.2, "mailbox": 0.3, "title": 0.5} | _AREA,
        needs=("company", "site", "mailbox", "line", "mobile"),
    ),
)


_FIRMS = """
name 16         | different             | 0.04   | 0.97
                | overlaps              | 0.04   | 0.00001
                | initials              | 0.01   | 0.0002
                | contained             | 0.12   | 0.00001
                | mistyped              | 0.06   | 0.0001
                | exact                 | 0.73   | 0
site 16         | different             | 0.04   | 1
                | alike                 | 0.02   | 0.002
                | other ending          | 0.05   | 0.0002
                | exact                 | 0.89   | 0
                | named alike           | 0.05*  | 0.3
form 6          | different             | 0.06   | 0.8
                | fits                  | 0.94   | 0.2
mobile 16       | different             | 0.1    | 1
                | mistyped              | 0.02   | 0.00001
                | exact                 | 0.88   | 0
line 16         | different             | 0.06   | 1
                | another extension     | 0.04   | 0.00001
                | mistyped              | 0.02   | 0.00001
                | exact                 | 0.88   | 0
profile 18      | different             | 0.02   | 1
                | same                  | 0.98   | 0
city 8          | abroad                | 0.01*  | 0.5
                | different             | 0.06   | 0.95
                | alike                 | 0.06   | 0.003
                | exact                 | 0.85   | 0
postcode 10     | different             | 0.12   | 1
                | alike                 | 0.06   | 0.005
                | exact                 | 0.8    | 0
region 4        | different             | 0.04   | 1
                | same                  | 0.96   | 0
street 14       | different             | 0.06   | 1
                | one number            | 0.02   | 0.02
                | one street            | 0.04   | 0.0005
                | alike                 | 0.1    | 0.0002
                | exact                 | 0.78   | 0
"""

FIRM_FIELDS = fields(_FIRMS)

FIRM_STORIES = (
    Story(
        "one company",
        True,
        0.25,
        {"name": 0.97, "form": 1.0, "site": 0.95, "line": 0.8, "mobile": 0.7, "profile": 0.97}
        | _HOME,
    ),
    Story(
        "one company under a new name",
        True,
        0.01,
        {"name": 0.02, "form": 0.9, "site": 0.5, "line": 0.8, "mobile": 0.7, "profile": 0.9}
        | _HOME,
    ),
    Story(
        "one company in another place",
        True,
        0.03,
        {"name": 0.95, "form": 0.9, "site": 0.93, "line": 0.15, "mobile": 0.2, "profile": 0.95},
    ),
    Story("strangers", False, None, {}),
    Story(
        "strangers from one region",
        False,
        None,
        {},
        None,
        {"name": 3.0, "city": 6.0, "region": 6.0},
        0.1,
    ),
    Story("companies of one name", False, 0.02, {"name": 0.95, "city": 0.1, "region": 0.2}),
    Story(
        "companies of one group",
        False,
        0.02,
        {"name": 0.2, "site": 0.5, "line": 0.15, "profile": 0.05}
        | {"city": 0.4, "postcode": 0.35, "region": 0.5, "street": 0.3},
    ),
    Story("behind one switchboard", False, None, _AREA, "line"),
    Story("in one city", False, None, _CITY, "city"),
    Story("neighbours", False, None, _QUARTER, "postcode"),
    Story("under one roof", False, None, {**_ROOF, "line": 0.02}, "street"),
)


def people() -> Model:
    """Return the model of people before anything was learned."""
    strong = ("given", "surname", "middle", "generation", "mailbox", "profile")
    return Model(PEOPLE_FIELDS, PEOPLE_STORIES, strong)


def firms() -> Model:
    """Return the model of companies before anything was learned."""
    return Model(FIRM_FIELDS, FIRM_STORIES, ("name", "site", "profile"))
