"""Settings: limits, who signs, providers and keys, trust, users, own fields, backup."""

from typing import Any

from starlette.responses import Response

from leadloom.accounts.password import SHORTEST
from leadloom.accounts.user import ROLES
from leadloom.analytics.custom import NEWEST
from leadloom.errors import UsageError
from leadloom.web.background import go_on
from leadloom.web.charts import dollars
from leadloom.web.route import get, post
from leadloom.web.visit import Visit

# The settings, in the order people look for them: (heading, the keys that begin with this).
_PARTS = (
    ("Limits and asking outside", ("daily", "max_", "cache", "good", "enable", "enrich")),
    ("Who signs", ("sender", "signature")),
    ("Drafts", ("default_template", "variants")),
)
_OTHER = "More"


def page(visit: Visit) -> Response:
    """Show all settings."""
    is_owner = visit.ws.acting.role == "owner"
    return visit.page(
        "settings.html",
        parts=_parts(visit),
        users=visit.ws.users.list(),
        logins=visit.ws.logins.list() if is_owner else [],
        roles=ROLES,
        shortest=SHORTEST,
        schedules=visit.ws.schedules.list(),
        newest=NEWEST,
        custom=visit.ws.figures.custom_fields(),
        **_providers(visit),
        **_sources(visit),
    )


def set_(visit: Visit) -> Response:
    """Change a setting; the row says what it was, and takes it back."""
    key = visit.part("key")
    before = visit.ws.config.get(key)
    after = visit.ws.config.set(key, visit.field("back", visit.field("value")))
    was = None if after.value == before.value else before
    html = visit.html("_setting.html", one=after, was=was)
    return visit.done("Saved." if was else "As it was.", html=html, into=f"setting-{key}")


def set_key(visit: Visit) -> Response:
    """Keep a key; it is never shown again."""
    name, value = visit.field("name").strip(), visit.field("value").strip()
    visit.ws.secrets.set(name, value)
    return _shown(visit, f"Kept the key {name}: it is encrypted, and not shown again.")


def remove_key(visit: Visit) -> Response:
    """Forget a key."""
    name = visit.field("name")
    visit.ws.secrets.remove(name)
    return _shown(visit, f"Forgot the key {name}.")


def trust(visit: Visit) -> Response:
    """Trust a source more or less; all it speaks of is folded afresh, which may take a while."""
    name, text = visit.field("name"), visit.field("trust")
    if not text.isascii() or not text.isdigit() or len(text) > 3 or int(text) > 100:
        raise UsageError("Trust is a whole number of percent, from 0 to 100.")
    if name not in {one.name for one in visit.ws.trust.list()}:
        raise UsageError(f"There is no source called {name[:60]!r}.")
    ws = visit.site.ws.acting_as(visit.ws.acting)
    before = next(one.trust for one in ws.trust.list() if one.name == name)
    go_on(visit, lambda: ws.trust.set(name, int(text) / 100))
    html = visit.html("_sources.html", **_sources(visit, (name, int(text) / 100, before)))
    return visit.done(f"Folding what {name} says afresh.", html=html, into="sources")


def sources(visit: Visit) -> Response:
    """Show the sources again."""
    return visit.page("_sources.html", **_sources(visit))


def add_user(visit: Visit) -> Response:
    """Let somebody in."""
    with visit.ws.transaction() as together:
        user = together.users.add(
            visit.field("email"), visit.field("name") or None, visit.field("role", "member")
        )
        if password := visit.field("password"):
            together.logins.set_password(str(user.id), password)
    return visit.done(f"{user.name} is a {user.role} now.", go="")


def set_user(visit: Visit) -> Response:
    """Give somebody another role, or another password."""
    ref = visit.part("id")
    if role := visit.field("role"):
        user = visit.ws.users.set(ref, {"role": role})
        return visit.done(f"{user.name} is {user.role} now.", go="")
    count = visit.ws.logins.set_password(ref, visit.field("password") or None)
    return visit.done(f"The password is set; {count} browsers were logged out.", go="")


def remove_user(visit: Visit) -> Response:
    """Let somebody in no more."""
    name = visit.ws.users.get(visit.part("id")).name
    visit.ws.users.remove(visit.part("id"))
    return visit.done(f"{name} cannot come in any more; add them again to undo.", go="")


def revoke(visit: Visit) -> Response:
    """Log a browser out."""
    visit.ws.logins.revoke(visit.part("id"))
    return visit.done("That browser is logged out.", go="")


def resume_schedule(visit: Visit) -> Response:
    """Have a schedule done here that came with a backup or a copy."""
    done = visit.ws.schedules.resume(visit.part("id"))
    html = visit.html("_schedules.html", schedules=visit.ws.schedules.list())
    return visit.done(f"{done.name} is done here from now on.", html=html, into="schedule-lines")


def backup(visit: Visit) -> Response:
    """Write a checked copy of the whole database."""
    path = visit.ws.backup()
    size = path.stat().st_size
    html = visit.html("_backup.html", path=path, size=size)
    return visit.done("The backup is written and checked.", html=html, into="backup-done")


def _parts(visit: Visit) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {name: [] for name, _ in _PARTS} | {_OTHER: []}
    for one in visit.ws.config.list():
        part = next((name for name, begins in _PARTS if one.key.startswith(begins)), _OTHER)
        found[part].append(one)
    return list(found.items())


def _providers(visit: Visit) -> dict[str, Any]:
    providers, kept = visit.ws.enrichment.providers(), visit.ws.secrets.list()
    keys = {one.secret for one in providers}
    return {
        "providers": providers,
        "kept": {one.name: one for one in kept},
        "others": [one for one in kept if one.name not in keys],
        "dollars": dollars,
        "is_owner": visit.ws.acting.role == "owner",
    }


def _shown(visit: Visit, said: str) -> Response:
    return visit.done(
        said, html=visit.html("_providers.html", **_providers(visit)), into="providers"
    )


def _sources(visit: Visit, changed: tuple[str, float, float] | None = None) -> dict[str, Any]:
    """Return the sources; `changed` is (name, trust now, before), which is under way."""
    return {"sources": visit.ws.trust.list(), "changed": changed}


routes = [
    get("/settings", page, role="viewer"),
    get("/settings/sources", sources, role="viewer"),
    post("/settings/set/{key}", set_, role="member"),
    post("/settings/keys/set", set_key, role="owner"),
    post("/settings/keys/remove", remove_key, role="owner"),
    post("/settings/trust", trust, role="owner"),
    post("/settings/users/add", add_user, role="owner"),
    post("/settings/users/{id}/set", set_user, role="owner"),
    post("/settings/users/{id}/remove", remove_user, role="owner"),
    post("/settings/logins/{id}/revoke", revoke, role="owner"),
    post("/settings/schedules/{id}/resume", resume_schedule, role="member"),
    post("/settings/backup", backup, role="owner"),
]
