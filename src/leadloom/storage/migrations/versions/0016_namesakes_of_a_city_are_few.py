"""Fewer namesakes of a city are looked at. Nothing of the schema changes: keys are written anew."""

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The backfill does it, a page at a time."""


def downgrade() -> None:
    """The version before finds by addresses, phones and profiles as it did."""
