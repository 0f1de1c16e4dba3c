"""Employers: a step of a company course keeps the level it led to, and can take back the one before it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    with op.batch_alter_table("company_course_step") as table:
        table.add_column(sa.Column("nlqf", sa.String(length=4), nullable=False, server_default=""))
        table.add_column(sa.Column("register_code", sa.String(length=60), nullable=False, server_default=""))
        table.add_column(sa.Column("takes_back_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_company_course_step_takes_back_id"), "company_course_step", ["takes_back_id"], ["id"])
        table.create_unique_constraint(op.f("uq_company_course_step_takes_back_id"), ["takes_back_id"])
    # Until here only the course itself said which level it has.
    op.execute(
        "UPDATE company_course_step SET nlqf = (SELECT nlqf FROM company_course WHERE company_course.id = course_id), "
        "register_code = (SELECT register_code FROM company_course WHERE company_course.id = course_id) WHERE stage = 'level-granted'",
    )
    with op.batch_alter_table("company_course_step") as table:
        for name in ("nlqf", "register_code"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM company_course_step WHERE takes_back_id IS NOT NULL OR id IN (SELECT takes_back_id FROM company_course_step WHERE takes_back_id IS NOT NULL)")
    with op.batch_alter_table("company_course_step") as table:
        table.drop_constraint(op.f("uq_company_course_step_takes_back_id"), type_="unique")
        table.drop_constraint(op.f("fk_company_course_step_takes_back_id"), type_="foreignkey")
        table.drop_column("takes_back_id")
        table.drop_column("register_code")
        table.drop_column("nlqf")
