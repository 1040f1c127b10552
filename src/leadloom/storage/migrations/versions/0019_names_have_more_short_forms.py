"""More short forms of given names are known. Nothing of the schema changes: keys are added."""

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The backfill does it, a page at a time."""


def downgrade() -> None:
    """The version before finds by the forms that it knows; keys it does not ask for do no harm."""
