"""Records are packed with better words. Nothing of the schema changes, and old ones stay."""

from alembic import op

from leadloom.storage.upgrades.record_shapes import pack_as_before

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What comes from now on is packed so; see `storage.packing`."""


def downgrade() -> None:
    pack_as_before(op.get_bind())
