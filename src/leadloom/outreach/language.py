"""The language templates are written in: a small, safe part of Jinja2.

Allowed are variables, `custom.<name>`, the filters and tests listed here, `if` and a plain `for`.
There is nothing to call, no attribute to climb and no arithmetic, so that the cost of a template
is bounded by its length; the sandbox of Jinja2 stands behind that as a second wall.

Variables are looked up in a `Reading`, never in Jinja's own context. It notes what was printed,
which is how a draft knows the facts it used.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from leadloom.errors import UsageError
from leadloom.leads.fields import CUSTOM
from leadloom.outreach.filters import FILTERS, TEXT_LIMIT
from leadloom.outreach.known import field_of, known, printed

TEMPLATE_LIMIT: Final = 20_000
"""Characters in a template, far above any letter a person would read."""

ALIASES: Final[Mapping[str, str]] = {
    "company_name": "company",
    "email_address": "email",
    "event": "event_name",
    "job_title": "title",
    "linked_in_url": "linkedin_url",
    "name": "full_name",
    "owner_name": "full_name",
    "phone_number": "phone",
}

_ALLOWED: Final = (
    nodes.And,
    nodes.Compare,
    nodes.CondExpr,
    nodes.Const,
    nodes.Filter,
    nodes.For,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.Keyword,
    nodes.List,
    nodes.Name,
    nodes.Neg,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Slice,
    nodes.TemplateData,
    nodes.Test,
    nodes.Tuple,
)
_REFUSED: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Call: "functions cannot be called; write {{ name | upper }} with a filter instead",
    nodes.Concat: "~ is not supported; write the values side by side",
    nodes.Assign: "{% set %} is not supported",
}
_LOOP_WORDS: Final = frozenset({"index", "index0", "first", "last", "length", "revindex"})


@dataclass(slots=True)
class Reading:
    """What one rendering may see (`values`) and what it turned out to print.

    `used` maps each printed variable to its value, in order of appearance; `texts` are the words
    that came from values; `missing` the variables that were to be printed and have no value.
    """

    values: Mapping[str, Any]
    used: dict[str, Any] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    def absorb(self, inner: "Reading", text: str) -> None:
        """Take over what a text that was printed here, such as the icebreaker, had used itself."""
        self.used |= inner.used
        self.texts = (self.texts - {text}) | inner.texts
        self.missing |= inner.missing


@dataclass(frozen=True, slots=True)
class Compiled:
    """A template ready to be rendered, and every variable it mentions."""

    label: str
    template: jinja2.Template
    names: frozenset[str]

    def render(self, reading: Reading) -> str:
        """The filled text, at most `TEXT_LIMIT` characters; `reading` notes what it printed.

        Raises UsageError when the template cannot be filled or the text grows too long.
        """
        pieces: list[str] = []
        size = 0
        try:
            for piece in self.template.generate(_reading=reading):
                pieces.append(piece)
                size += len(piece)
                if size > TEXT_LIMIT:
                    raise UsageError(
                        f"{self.label} writes more than {TEXT_LIMIT:,} characters: "
                        "shorten it or its loops."
                    )
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise UsageError(f"{self.label} cannot be filled: {error}.") from error
        return "".join(pieces)


def canonical(name: str) -> str:
    """The one spelling of a variable: `firstName`, `FirstName` and `first_name` are the same.

    Custom fields are spelt so that they can be written: "custom.Booth No." is `custom.booth_no`.
    """
    if name.startswith(CUSTOM):
        return CUSTOM + re.sub(r"\W+", "_", _snake(name.removeprefix(CUSTOM))).strip("_")
    return ALIASES.get(_snake(name), _snake(name))


@lru_cache(maxsize=512)
def compiled(text: str, label: str = "The template") -> Compiled:
    """Check and compile a template; `label` names it in errors ("Template 'intro' (body)").

    Raises UsageError with the line when it is not written in this language.
    """
    tree = parsed(text, label)
    rewrite = _Lookups()
    try:
        rewrite.visit(tree)
        tree.set_environment(_ENVIRONMENT)
        return Compiled(label, _ENVIRONMENT.from_string(tree), frozenset(rewrite.names))
    except jinja2.TemplateSyntaxError as error:
        raise UsageError(f"{label}, line {error.lineno}: {_sentence(error)}.") from error
    except (RecursionError, SyntaxError, MemoryError) as error:
        raise UsageError(f"{label} is nested too deep: make it simpler.") from error


def parsed(text: str, label: str = "The template") -> nodes.Template:
    """The syntax tree of a template, with nothing in it that the language does not allow.

    Raises UsageError with the line of the mistake.
    """
    if len(text) > TEMPLATE_LIMIT:
        raise UsageError(
            f"{label} has {len(text):,} characters: {TEMPLATE_LIMIT:,} are the limit, shorten it."
        )
    try:
        tree = _ENVIRONMENT.parse(text)
        for node in tree.iter_child_nodes():
            _check(node, label, in_loop=False)
    except jinja2.TemplateSyntaxError as error:
        raise UsageError(f"{label}, line {error.lineno}: {_sentence(error)}.") from error
    except RecursionError as error:
        raise UsageError(f"{label} is nested too deep: make it simpler.") from error
    return tree


def variable(node: nodes.Node) -> str | None:
    """The variable a node reads (`first_name`, `custom.booth`), or None."""
    match node:
        case nodes.Name(ctx="load"):
            return canonical(node.name)
        case nodes.Getattr(node=nodes.Name(name="custom")):
            return canonical(CUSTOM + node.attr)
        case nodes.Getitem(node=nodes.Name(name="custom"), arg=nodes.Const(value=str() as key)):
            return canonical(CUSTOM + key)
    return None


def targets(loop: nodes.For) -> frozenset[str]:
    """The names a `for` brings into its body."""
    named = (
        [loop.target] if isinstance(loop.target, nodes.Name) else loop.target.find_all(nodes.Name)
    )
    return frozenset({"loop", *(name.name for name in named)})


def _check(node: nodes.Node, label: str, *, in_loop: bool) -> None:
    problem = _problem(node, in_loop=in_loop)
    if problem is not None:
        raise UsageError(f"{label}, line {node.lineno}: {problem}.")
    for child in _checked_children(node):
        _check(child, label, in_loop=in_loop or isinstance(node, nodes.For))


def _checked_children(node: nodes.Node) -> Iterator[nodes.Node]:
    """What is below a node; what an attribute hangs on has been looked at with the attribute."""
    if variable(node) is None and not isinstance(node, nodes.Getattr):
        yield from node.iter_child_nodes()


def _problem(node: nodes.Node, *, in_loop: bool) -> str | None:
    match node:
        case nodes.For() if in_loop or node.recursive:
            return "a loop inside a loop is not supported"
        case nodes.Getattr():
            return _attribute_problem(node)
        case nodes.Getitem() if variable(node) is None and not _is_position(node.arg):
            return "only positions can be taken in [ ], as in tags[0]"
        case nodes.Name() if node.name.startswith("_"):
            return f"{node.name} is not a variable"
        case nodes.Name(name="custom", ctx="load"):
            return "custom needs a field, as in custom.booth"
        case nodes.Filter() if node.name not in FILTERS and node.name not in _DEFAULTS:
            return f"there is no filter {node.name}; there are {', '.join(sorted(FILTERS))}"
        case nodes.Test() if node.name not in _TESTS:
            return f"there is no test {node.name}; there are {', '.join(sorted(_TESTS))}"
    if isinstance(node, _ALLOWED):
        return None
    return _REFUSED.get(type(node), f"{type(node).__name__} is not supported")


def _attribute_problem(node: nodes.Getattr) -> str | None:
    match node.node:
        case nodes.Name(name="custom") if not node.attr.startswith("_"):
            return None
        case nodes.Name(name="loop") if node.attr in _LOOP_WORDS:
            return None
    return f".{node.attr} cannot be used; only custom.<field> and loop.index have a dot"


def _is_position(node: nodes.Node | None) -> bool:
    match node:
        case None | nodes.Const(value=int()):
            return True
        case nodes.Neg():
            return _is_position(node.node)
        case nodes.Slice():
            return all(_is_position(part) for part in (node.start, node.stop, node.step))
    return False


class _Lookups(NodeTransformer):
    """Turns every variable into a look-up in the Reading, and `default` into a lazy `or`.

    Jinja's own names would be resolved before the first line runs, and its `default` evaluates
    what it does not need: both would count facts as used that no reader sees.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._local: frozenset[str] = frozenset()

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802
        return node if node.name in self._local or node.ctx != "load" else self._look_up(node)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        return self._look_up(node) if variable(node) else node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        return self._look_up(node) if variable(node) else self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if node.name not in _DEFAULTS:
            return node
        given = [*node.args, *(pair.value for pair in node.kwargs if pair.key == "default_value")]
        fallback = given[0] if given else nodes.Const("", lineno=node.lineno)
        return nodes.Or(node.node, fallback, lineno=node.lineno)

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        node.iter = self.visit(node.iter)
        self._local = targets(node)
        node.test = self.visit(node.test) if node.test else None
        node.body = [self.visit(child) for child in node.body]
        self._local = frozenset()
        node.else_ = [self.visit(child) for child in node.else_]
        return node

    def _look_up(self, node: nodes.Expr) -> nodes.Node:
        name = variable(node)
        assert name is not None
        self.names.add(name)
        key = nodes.Const(name, lineno=node.lineno)
        return nodes.Filter(key, "_value", [], [], None, None, lineno=node.lineno)


@jinja2.pass_context
def _value(context: jinja2.runtime.Context, name: str) -> Any:
    reading: Reading = context["_reading"]
    return known(name, reading.values.get(name))


@jinja2.pass_context
def _printed(context: jinja2.runtime.Context, value: Any) -> str:
    """What a {{ … }} writes; the one place that notes facts as used or missing."""
    reading: Reading = context["_reading"]
    name, text = field_of(value), printed(value)
    if name and text:
        reading.used[name] = reading.values.get(name)
        reading.texts.add(text)
    elif name:  # empty from the start, or because a filter found nothing fit to print
        reading.missing.add(name)
    return text


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _sentence(error: jinja2.TemplateSyntaxError) -> str:
    return str(error.message or "this cannot be read").rstrip(".")


_DEFAULTS: Final = frozenset({"default", "d"})
_TESTS: Final = frozenset({"defined", "undefined", "none"})


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printed,
        cache_size=0,
    )
    environment.globals.clear()
    environment.filters = {**FILTERS, "_value": _value}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


_ENVIRONMENT: Final = _environment()
