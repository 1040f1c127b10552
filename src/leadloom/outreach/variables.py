"""Which variables a template mentions, needs, and does not know."""

from collections.abc import Iterable, Iterator
from typing import Final

from jinja2 import nodes

from leadloom.leads.fields import FIELDS
from leadloom.outreach.language import canonical, compiled, parsed, targets, variable
from leadloom.outreach.personal import NEEDS

LEAD: Final = frozenset(
    {name for name, field in FIELDS.items() if field.entity == "lead"}
    | {"id", "emails", "phones", "source", "employee_count", "country_code"}
)
EVENT: Final = frozenset({"event_name", "event_date", "event_location"})
SENDER: Final = frozenset(
    {
        "sender_name",
        "sender_title",
        "sender_company",
        "sender_email",
        "sender_phone",
        "sender_website",
        "sender_pitch",
        "sender_proof",
        "signature",
    }
)
MADE: Final = frozenset({"icebreaker", "hot_button", "angle", "message_type"})
"""Variables that drafting itself fills."""

KNOWN: Final = LEAD | EVENT | SENDER | MADE


def variables_of(text: str, label: str = "The template") -> frozenset[str]:
    """Every variable a template mentions, in snake case; custom ones as `custom.<name>`.

    Raises UsageError with the line when the template cannot be read.
    """
    return compiled(text, label).names


def required_variables(text: str, label: str = "The template") -> frozenset[str]:
    """The variables that leave a hole when empty: printed without a default and without an `if`.

    Raises UsageError with the line when the template cannot be read.
    """
    return frozenset(_required(parsed(text, label), frozenset()))


def unknown(text: str, known: Iterable[str] = KNOWN, label: str = "The template") -> frozenset[str]:
    """The variables that no lead can ever fill, such as a misspelt one; custom ones never count.

    `known` may be in either spelling. Raises UsageError when the template cannot be read.
    """
    fillable = {canonical(name) for name in known}
    mentioned = variables_of(text, label)
    return frozenset(n for n in mentioned - fillable if not n.startswith("custom."))


def _required(node: nodes.Node, sure: frozenset[str]) -> Iterator[str]:
    """`sure` holds what an enclosing condition has found to be filled, and local names."""
    name = variable(node)
    if name is not None:
        yield from {name} - sure
        return
    match node:
        case nodes.If():
            yield from _required_of_if(node, sure)
        case nodes.CondExpr():
            yield from _required(node.expr1, sure | _filled(node.test, True))
            if node.expr2 is not None:
                yield from _required(node.expr2, sure | _filled(node.test, False))
        case nodes.For():
            for child in (*node.body, *node.else_):
                yield from _required(child, sure | targets(node))
        case nodes.Filter(name="default" | "d"):
            for child in node.args:
                yield from _required(child, sure)
        case nodes.Or():
            yield from _required(node.right, sure)
        case nodes.Compare() | nodes.Test() | nodes.Not():
            return
        case _:
            for child in node.iter_child_nodes():
                yield from _required(child, sure)


def _required_of_if(node: nodes.If, sure: frozenset[str]) -> Iterator[str]:
    for child in node.body:
        yield from _required(child, sure | _filled(node.test, True))
    otherwise = sure | _filled(node.test, False)
    for branch in node.elif_:
        yield from _required_of_if(branch, otherwise)
        otherwise |= _filled(branch.test, False)
    for child in node.else_:
        yield from _required(child, otherwise)


def _filled(test: nodes.Node, outcome: bool) -> frozenset[str]:
    """The variables that must have a value when the condition came out as `outcome`."""
    match test:
        case nodes.Not():
            return _filled(test.node, not outcome)
        case nodes.And() if outcome:
            return _filled(test.left, True) | _filled(test.right, True)
        case nodes.Or() if not outcome:
            return _filled(test.left, False) | _filled(test.right, False)
        case nodes.Filter() if outcome and test.node is not None:
            return _filled(test.node, True)
        case nodes.Test(name="defined") if outcome:
            return _filled(test.node, True)
        case nodes.Test(name="undefined" | "none") if not outcome:
            return _filled(test.node, True)
        case nodes.Compare(ops=[nodes.Operand(op="eq", expr=nodes.Const(value=str() as value))]):
            return _filled_when_equal(test.expr, value) if outcome else frozenset()
    name = variable(test)
    return frozenset({name}) if outcome and name is not None else frozenset()


def _filled_when_equal(expression: nodes.Node, value: str) -> frozenset[str]:
    """`angle == "role"` holds only for leads that have what this angle needs."""
    if variable(expression) == "angle":
        return frozenset(NEEDS.get(value, ()))
    return _filled(expression, True) if value else frozenset()
