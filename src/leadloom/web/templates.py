"""Templates: their texts and versions, and what they would say to a real lead."""

from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from leadloom.errors import UsageError
from leadloom.leads.lead import Lead
from leadloom.outreach.parts import PART_TYPES, Part
from leadloom.outreach.render import Draft
from leadloom.outreach.templates import Template
from leadloom.outreach.variables import KNOWN
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

_VARIANTS: Final = 3


def page(visit: Visit) -> Response:
    """Show all templates, with what came of them."""
    texts: dict[str, list[Template]] = {}
    for text in visit.ws.templates.list():
        texts.setdefault(text.name, []).append(text)
    outcomes = {one.template: one for one in visit.ws.figures.templates()}
    lead = next(iter(visit.ws.leads.window(where=["email!="], limit=1)), None)
    subjects = {name: _subject(visit, name, lead) for name in texts} if lead else {}
    return visit.page("templates.html", texts=texts, outcomes=outcomes, subjects=subjects)


def _subject(visit: Visit, name: str, lead: Lead) -> str | None:
    """Return the subject of a letter to somebody; None when the template makes no letter."""
    try:
        letter = visit.ws.templates.preview(name, lead.id)[0]
    except UsageError:
        return None
    return letter.subject if isinstance(letter, Draft) else None


def new(visit: Visit) -> Response:
    """Ask what a new template is called."""
    return visit.page("_template_new.html")


def add(visit: Visit) -> Response:
    """Make a template of a subject and a body."""
    name = visit.field("name")
    with visit.ws.transaction() as together:
        for type in ("subject", "body"):
            made = together.templates.add(name, type, visit.field(type))
    return visit.done(f"Made the template {made.name}.", go=_url(made.name))


def one(visit: Visit) -> Response:
    """Show a template: its texts, and a letter to a real lead."""
    name = visit.part("name")
    return visit.page("template.html", **_texts(visit, name), **_letters(visit, name, None))


def letters(visit: Visit) -> Response:
    """Show what the template would say to a lead, with the texts as they are being typed."""
    name = visit.part("name")
    texts = [_typed(visit, text) for text in visit.ws.templates.show(name) if text.is_active]
    return visit.done(
        html=visit.html("_letters.html", **_letters(visit, name, texts)), into="letters"
    )


def edit(visit: Visit) -> Response:
    """Give a text a new version."""
    type, message_type, _ = _named(visit.field("text"))
    typed = visit.field(f"text:{type}:{message_type or ''}")
    text = visit.ws.templates.edit(visit.part("name"), type, typed, message_type)
    return visit.done(f"Version {text.version} is in use; the old ones are kept.", go="")


def activate(visit: Visit) -> Response:
    """Bring another version of a text into use, or switch a template on or off."""
    name = visit.part("name")
    if said := visit.field("version"):
        type, message_type, version = _named(said)
        if not version.isdecimal():
            raise UsageError("A version is a number: choose one of the list.")
        visit.ws.templates.activate(name, type, message_type, int(version[:9]))
        return visit.done(f"Version {version} is in use.", go="")
    active = visit.field("active") == "1"
    visit.ws.templates.activate(name, active=active)
    return visit.done(f"The template {name} is {'in use' if active else 'off'}.", go="")


def _texts(visit: Visit, name: str) -> dict[str, Any]:
    texts = visit.ws.templates.show(name)
    versions = {
        text.key: visit.ws.templates.versions(name, text.type, text.message_type) for text in texts
    }
    outcomes = [one for one in visit.ws.figures.templates() if one.template == name]
    return {
        "name": name,
        "url": _url(name),
        "texts": sorted(texts, key=lambda one: PART_TYPES.index(one.type)),
        "versions": versions,
        "outcome": outcomes[0] if outcomes else None,
        "variables": sorted(KNOWN),
        "is_active": any(text.is_active for text in texts),
    }


def _letters(visit: Visit, name: str, texts: list[Part] | None) -> dict[str, Any]:
    """Return letters to the lead asked for, else to the first that can be written to."""
    asked = (visit.field("lead") or visit.query("lead")).strip()
    shown = visit.field("shown")  # the same as before, whoever came in meanwhile
    where = ["email!=", *([f"id={shown}"] if shown and not asked else [])]
    found = visit.ws.leads.window(asked, where=where, limit=1)
    known: dict[str, Any] = {"asked": asked, "lead": found[0] if found else None, "letters": []}
    if not found:
        return {**known, "problem": _nobody(asked)}
    try:
        known["letters"] = visit.ws.templates.preview(
            name, found[0].id, variants=_VARIANTS, texts=texts
        )
    except UsageError as error:
        return {**known, "problem": str(error)}
    return {**known, "problem": None}


def _nobody(asked: str) -> str:
    if asked:
        return f"Nobody with an e-mail address is found for {asked[:60]!r}: try a name or company."
    return "A preview needs a lead with an e-mail address: import some first."


def _typed(visit: Visit, text: Template) -> Part:
    typed = visit.field(f"text:{text.type}:{text.message_type or ''}", text.text)
    return Part(text.name, text.type, text.message_type, typed.replace("\r\n", "\n"), text.version)


def _named(said: str) -> tuple[str, str | None, str]:
    """Read which text a button means: "body:hook", or "body::3" for a version of it."""
    type, _, rest = said.partition(":")
    kind, _, version = rest.partition(":")
    return type, kind or None, version


def _url(name: str) -> str:
    return f"/templates/{quote(name, safe='')}"


routes = [
    get("/templates", page, role="viewer"),
    get("/templates/new", new, role="member"),
    post("/templates/add", add, role="member"),
    get("/templates/{name}", one, role="viewer"),
    post("/templates/{name}/preview", letters, role="member"),
    post("/templates/{name}/edit", edit, role="member"),
    post("/templates/{name}/activate", activate, role="member"),
]
