"""Companies are found by their name in a city. Nothing of the schema changes: keys are added."""

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The backfill does it, a page at a time."""


def downgrade() -> None:
    """The version before finds by domains, pages and names as it did."""
