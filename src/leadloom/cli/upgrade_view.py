"""What an upgrade of the schema would do."""

from typing import TYPE_CHECKING

from leadloom.cli.render import say, show_json

if TYPE_CHECKING:
    from leadloom.storage.database import Database


def show_upgrade_plan(database: "Database", target: str | None, as_json: bool) -> None:
    """Print what `leadloom db upgrade` would do."""
    from leadloom.storage.upgrade_plan import plan_upgrade

    plan = plan_upgrade(database, target)
    if as_json:
        show_json(plan)
        return
    if not plan.revisions and not plan.following:
        say(f"{plan.database} is at {plan.current} already: nothing would be done.")
        return
    if plan.revisions:
        begin = plan.current or "nothing"
        say(f"{plan.database} would go from {begin} to {plan.revisions[-1].revision}:")
    for step in plan.revisions:
        say(f"  {step.revision}  {step.about}")
    for about in plan.following:
        say(f"Then, in batches: {about}.")
    if plan.takes_backup:
        say("A backup would be taken first.")
