"""A judgement is found as quickly by the higher id of its pair as by the lower."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BY_HIGHER, _BEFORE = "ix_judgements_workspace_id_entity_high_id", "ix_judgements_high_id"


def upgrade() -> None:
    _replace(_BEFORE, _BY_HIGHER, ["workspace_id", "entity", "high_id"])


def downgrade() -> None:
    _replace(_BY_HIGHER, _BEFORE, ["high_id"])


def _replace(old: str, new: str, columns: list[str]) -> None:
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_indexes("judgements")}
    if new not in there:  # where a change of the schema commits itself, a half of it may be there
        op.create_index(new, "judgements", columns, unique=False)
    if old in there:
        op.drop_index(old, "judgements")
