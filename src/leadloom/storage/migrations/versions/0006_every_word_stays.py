"""Judgements: every word about two leads stays, and the last one counts."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PAIR = ["workspace_id", "entity", "low_id", "high_id"]
_NAME = "uq_judgements_workspace_id_entity_low_id_high_id"


def upgrade() -> None:
    _replace(_NAME, f"{_NAME}_run_id", [*_PAIR, "run_id"])


def downgrade() -> None:
    op.execute(
        "DELETE FROM judgements WHERE EXISTS (SELECT 1 FROM judgements AS later"
        " WHERE later.workspace_id = judgements.workspace_id"
        " AND later.entity = judgements.entity AND later.low_id = judgements.low_id"
        " AND later.high_id = judgements.high_id AND later.is_person"
        " AND (NOT judgements.is_person OR later.id > judgements.id))"
    )
    _replace(f"{_NAME}_run_id", _NAME, _PAIR)


def _replace(old: str, new: str, columns: list[str]) -> None:
    kept = {"sqlite_autoincrement": True}
    with op.batch_alter_table("judgements", table_kwargs=kept) as batch:
        batch.drop_constraint(old, type_="unique")
        batch.create_unique_constraint(new, columns)
