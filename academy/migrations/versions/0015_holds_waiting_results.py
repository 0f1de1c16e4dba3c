"""Enrolment: holds, waiting list, admission, pools beside the public one, history, groups, attendance, results, study groups."""

import sqlalchemy as sa
from alembic import op
from uuid_utils.compat import uuid7

revision = "0015"
down_revision = "0014"

_STATES = "'requested', 'held', 'waiting', 'offered', 'confirmed', 'finished', 'refused', 'cancelled', 'withdrawn', 'expired'"
_LIVE = sa.text("state IN ('requested', 'held', 'offered', 'confirmed', 'finished', 'waiting')")
_WAS_LIVE = sa.text("state = 'confirmed'")
_WHY = (
    "'asked', 'confirmed', 'admission-asked', 'admitted', 'not-admitted', 'payment-promised', 'paid', 'put-in-line', 'seat-came-free', "
    "'offer-accepted', 'time-ran-out', 'given-back', 'withdrawn', 'substituted', 'took-over', 'moved', 'called-off', 'class-ended'"
)
_SCALES = "'pass-or-fail', 'insufficient-satisfactory-good', 'grade-0-10-one-decimal', 'grade-0-100'"


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable, server_default=default)


def _key(table: str, column: str, target: str, *, is_far: bool = False, cascade: bool = False) -> sa.ForeignKeyConstraint:
    """Return a foreign key; one to another room (`is_far`) is looked at when the transaction ends."""
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE" if cascade else None,
        deferrable=True if is_far else None, initially="DEFERRED" if is_far else None,
    )


def upgrade() -> None:
    _pools()
    _groups()
    _enrolments()
    _history()
    _classes()
    _learners()


def _pools() -> None:
    with op.batch_alter_table("seat_pool") as table:
        table.add_column(_text("name", 120, default=""))
        table.add_column(_id("sponsor_id", nullable=True))
        table.add_column(_moment("opens_up_at", nullable=True))
        table.drop_constraint(op.f("ck_seat_pool_kind"), type_="check")
    with op.batch_alter_table("seat_pool") as table:
        table.alter_column("name", server_default=None)
        table.create_check_constraint(op.f("ck_seat_pool_kind"), "kind IN ('public', 'sponsor', 'target-group')")
        table.create_check_constraint(op.f("ck_seat_pool_public_or_named"), "(kind = 'public') = (name = '')")
        table.create_check_constraint(op.f("ck_seat_pool_sponsor_has_an_organisation"), "(kind = 'sponsor') = (sponsor_id IS NOT NULL)")
        table.create_check_constraint(op.f("ck_seat_pool_public_is_open"), "kind <> 'public' OR opens_up_at IS NULL")
        table.create_foreign_key(
            op.f("fk_seat_pool_sponsor_id"), "organisation", ["sponsor_id"], ["id"], deferrable=True, initially="DEFERRED",
        )
        table.create_index("uq_seat_pool_name", ["offering_id", "name"], unique=True)
        table.create_index("ix_seat_pool_opens_up_at", ["opens_up_at"])
    op.create_table(
        "seat_code",
        _id(), _text("code", 20), _id("pool_id"), sa.Column("uses", sa.Integer(), nullable=False), sa.Column("used", sa.Integer(), nullable=False),
        _moment("made_at"),
        sa.CheckConstraint("used >= 0 AND used <= uses", name="ck_seat_code_used_within_uses"),
        _key("seat_code", "pool_id", "seat_pool"),
        sa.PrimaryKeyConstraint("id", name="pk_seat_code"),
        sa.UniqueConstraint("code", name="uq_seat_code_code"),
    )
    op.create_index("ix_seat_code_pool_id", "seat_code", ["pool_id"])


def _groups() -> None:
    op.create_table(
        "enrolment_group",
        _id(), _text("code", 20), _id("made_by"), _moment("made_at"),
        _key("enrolment_group", "made_by", "person", is_far=True),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_group"),
        sa.UniqueConstraint("code", name="uq_enrolment_group_code"),
    )
    op.create_index("ix_enrolment_group_made_by", "enrolment_group", ["made_by"])


def _enrolments() -> None:
    op.drop_index("uq_enrolment_live", "enrolment")
    op.drop_index("ix_enrolment_pool_id", "enrolment")
    with op.batch_alter_table("enrolment") as table:
        table.drop_constraint(op.f("ck_enrolment_state"), type_="check")
        table.alter_column("cancelled_at", new_column_name="ended_at")
        table.alter_column("confirmed_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        table.add_column(_id("request_key", nullable=True))
        table.add_column(_id("group_id", nullable=True))
        table.add_column(_text("waits_for", 40, nullable=True))
        table.add_column(_moment("until", nullable=True))
        table.add_column(sa.Column("extended", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(_moment("asked_at", nullable=True))
        table.add_column(_moment("queued_at", nullable=True))
        table.add_column(sa.Column("is_business", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(_moment("early_start_asked_at", nullable=True))
        table.add_column(_text("statement", 2000, default=""))
        table.add_column(sa.Column("when_can_you", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("most_price", sa.Integer(), nullable=True))
        table.add_column(sa.Column("wants_study_group", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(_text("remote_state", 20, nullable=True))
    op.execute("UPDATE enrolment SET asked_at = confirmed_at")
    with op.batch_alter_table("enrolment") as table:
        table.alter_column("asked_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name in ("extended", "is_business", "statement", "when_can_you", "wants_study_group"):
            table.alter_column(name, server_default=None)
        table.create_check_constraint(op.f("ck_enrolment_state"), f"state IN ({_STATES})")
        table.create_check_constraint(op.f("ck_enrolment_waits_for"), "waits_for IN ('learner', 'provider', 'payment', 'employer')")
        table.create_check_constraint(
            op.f("ck_enrolment_kept_until_a_moment"), "(state IN ('requested', 'held', 'offered')) = (until IS NOT NULL)",
        )
        table.create_check_constraint(op.f("ck_enrolment_waits_for_somebody"), "(state IN ('requested', 'held')) = (waits_for IS NOT NULL)")
        table.create_check_constraint(op.f("ck_enrolment_waits_in_line"), "state <> 'waiting' OR queued_at IS NOT NULL")
        table.create_check_constraint(
            op.f("ck_enrolment_confirmed_at_a_moment"), "state NOT IN ('confirmed', 'finished') OR confirmed_at IS NOT NULL",
        )
        table.create_check_constraint(
            op.f("ck_enrolment_ended_at_a_moment"), "(state IN ('refused', 'cancelled', 'withdrawn', 'expired')) = (ended_at IS NOT NULL)",
        )
        table.create_foreign_key(op.f("fk_enrolment_group_id"), "enrolment_group", ["group_id"], ["id"])
        table.create_unique_constraint(op.f("uq_enrolment_request_key"), ["request_key"])
        table.create_index("ix_enrolment_group_id", ["group_id"])
        table.create_index("ix_enrolment_pool_id_state", ["pool_id", "state", "queued_at"])
        table.create_index("ix_enrolment_until", ["until"])
    op.create_index("uq_enrolment_live", "enrolment", ["offering_id", "person_id"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)


def _history() -> None:
    op.create_table(
        "enrolment_step",
        _id(), _id("enrolment_id"), _text("from_state", 40, nullable=True), _text("to_state", 40), _text("why", 40), _moment("at"),
        _id("by_id", nullable=True), _text("note", 2000),
        sa.CheckConstraint(f"from_state IN ({_STATES})", name="ck_enrolment_step_from_state"),
        sa.CheckConstraint(f"to_state IN ({_STATES})", name="ck_enrolment_step_to_state"),
        sa.CheckConstraint(f"why IN ({_WHY})", name="ck_enrolment_step_why"),
        _key("enrolment_step", "enrolment_id", "enrolment", cascade=True), _key("enrolment_step", "by_id", "person", is_far=True),
        sa.PrimaryKeyConstraint("id", name="pk_enrolment_step"),
    )
    op.create_index("ix_enrolment_step_enrolment_id", "enrolment_step", ["enrolment_id", "id"])
    op.create_index("ix_enrolment_step_by_id", "enrolment_step", ["by_id"])
    _tell_what_was()


def _tell_what_was() -> None:
    """Write the history of before: a seat that was taken at once, and perhaps given back."""
    enrolment = sa.table(
        "enrolment", sa.column("id", sa.Uuid()), sa.column("person_id", sa.Uuid()), sa.column("state", sa.String()),
        sa.column("confirmed_at", sa.DateTime(timezone=True)), sa.column("ended_at", sa.DateTime(timezone=True)),
    )
    step = sa.table(
        "enrolment_step", *(sa.column(name, sa.Uuid()) for name in ("id", "enrolment_id", "by_id")),
        *(sa.column(name, sa.String()) for name in ("from_state", "to_state", "why", "note")), sa.column("at", sa.DateTime(timezone=True)),
    )
    rows = op.get_bind().execute(sa.select(enrolment)).all()
    taken = [
        {"id": uuid7(), "enrolment_id": row.id, "by_id": row.person_id, "from_state": None, "to_state": "confirmed", "why": "confirmed",
         "note": "", "at": row.confirmed_at}
        for row in rows
    ]
    given_back = [
        {"id": uuid7(), "enrolment_id": row.id, "by_id": None, "from_state": "confirmed", "to_state": "cancelled", "why": "given-back",
         "note": "", "at": row.ended_at}
        for row in rows if row.state == "cancelled"
    ]
    op.bulk_insert(step, taken + given_back)


def _classes() -> None:
    op.create_table(
        "attendance",
        _id("enrolment_id"), sa.Column("meets_on", sa.Date(), nullable=False), sa.Column("by_provider", sa.Boolean()),
        sa.Column("by_learner", sa.Boolean()),
        _key("attendance", "enrolment_id", "enrolment", cascade=True),
        sa.PrimaryKeyConstraint("enrolment_id", "meets_on", name="pk_attendance"),
    )
    op.create_table(
        "result",
        _id("enrolment_id"), _text("scale", 40), _text("grade", 20), sa.Column("is_passed", sa.Boolean(), nullable=False),
        sa.Column("ec", sa.Integer(), nullable=True), _moment("entered_at"), _id("entered_by"), _moment("final_at", nullable=True),
        _id("final_by", nullable=True),
        sa.CheckConstraint(f"scale IN ({_SCALES})", name="ck_result_scale"),
        sa.CheckConstraint("(final_at IS NULL) = (final_by IS NULL)", name="ck_result_final_by_somebody"),
        sa.CheckConstraint("ec >= 0", name="ck_result_ec_not_negative"),
        _key("result", "enrolment_id", "enrolment", cascade=True), _key("result", "entered_by", "person", is_far=True),
        _key("result", "final_by", "person", is_far=True),
        sa.PrimaryKeyConstraint("enrolment_id", name="pk_result"),
    )
    op.create_table(
        "study_group",
        _id(), _id("offering_id"), _text("room", 200), _text("weekday", 3), sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False), sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False), _moment("opened_at"), _id("opened_by", nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name="ck_study_group_ends_after_start"),
        sa.CheckConstraint("last_on >= first_on", name="ck_study_group_last_after_first"),
        _key("study_group", "offering_id", "offering", is_far=True), _key("study_group", "opened_by", "person", is_far=True),
        sa.PrimaryKeyConstraint("id", name="pk_study_group"),
        sa.UniqueConstraint("offering_id", name="uq_study_group_offering_id"),
    )
    op.create_index("ix_study_group_room", "study_group", ["room"])


def _learners() -> None:
    op.create_table(
        "entry_claim",
        _id("person_id"), _text("nlqf", 10), _text("diploma", 200), _moment("claimed_at"),
        _key("entry_claim", "person_id", "person", is_far=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_entry_claim"),
    )
    op.create_table(
        "news_wish",
        _id(), _id("person_id"), _id("module_id"), _moment("made_at"),
        _key("news_wish", "person_id", "person", is_far=True), _key("news_wish", "module_id", "module", is_far=True),
        sa.PrimaryKeyConstraint("id", name="pk_news_wish"),
        sa.UniqueConstraint("person_id", "module_id", name="uq_news_wish"),
    )
    op.create_index("ix_news_wish_module_id", "news_wish", ["module_id"])


def downgrade() -> None:
    """Go back; what the release before can not hold (places that are not confirmed, pools of groups) ends first."""
    for table in ("news_wish", "entry_claim", "study_group", "result", "attendance", "enrolment_step", "seat_code"):
        op.drop_table(table)
    op.execute("DELETE FROM enrolment WHERE confirmed_at IS NULL")
    op.execute("UPDATE enrolment SET state = 'confirmed' WHERE state = 'finished'")
    op.execute("UPDATE enrolment SET state = 'cancelled' WHERE state <> 'confirmed'")
    op.drop_index("uq_enrolment_live", "enrolment")
    _enrolments_before()
    _pools_before()


def _enrolments_before() -> None:
    checks = (
        "state", "waits_for", "kept_until_a_moment", "waits_for_somebody", "waits_in_line", "confirmed_at_a_moment", "ended_at_a_moment",
    )
    columns = (
        "request_key", "group_id", "waits_for", "until", "extended", "asked_at", "queued_at", "is_business", "early_start_asked_at", "statement",
        "when_can_you", "most_price", "wants_study_group", "remote_state",
    )
    with op.batch_alter_table("enrolment") as table:
        for name in ("ix_enrolment_group_id", "ix_enrolment_pool_id_state", "ix_enrolment_until"):
            table.drop_index(name)
        table.drop_constraint(op.f("uq_enrolment_request_key"), type_="unique")
        table.drop_constraint(op.f("fk_enrolment_group_id"), type_="foreignkey")
        for name in checks:
            table.drop_constraint(op.f(f"ck_enrolment_{name}"), type_="check")
    with op.batch_alter_table("enrolment") as table:
        for name in columns:
            table.drop_column(name)
        table.alter_column("ended_at", new_column_name="cancelled_at")
        table.alter_column("confirmed_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.create_check_constraint(op.f("ck_enrolment_state"), "state IN ('confirmed', 'cancelled')")
        table.create_index("ix_enrolment_pool_id", ["pool_id"])
    op.create_index(
        "uq_enrolment_live", "enrolment", ["offering_id", "person_id"], unique=True, sqlite_where=_WAS_LIVE, postgresql_where=_WAS_LIVE,
    )
    op.drop_table("enrolment_group")


def _pools_before() -> None:
    """Let the public pool of each offering have what others had, with who sits there."""
    op.execute(
        "UPDATE enrolment SET pool_id = (SELECT p.id FROM seat_pool p WHERE p.offering_id = enrolment.offering_id AND p.kind = 'public')",
    )
    op.execute(
        "UPDATE seat_pool SET capacity = (SELECT sum(p.capacity) FROM seat_pool p WHERE p.offering_id = seat_pool.offering_id) "
        "WHERE kind = 'public'",
    )
    op.execute(
        "UPDATE seat_pool SET taken = (SELECT count(*) FROM enrolment e WHERE e.pool_id = seat_pool.id AND e.state = 'confirmed') "
        "WHERE kind = 'public'",
    )
    op.execute("DELETE FROM seat_pool WHERE kind <> 'public'")
    with op.batch_alter_table("seat_pool") as table:
        table.drop_index("uq_seat_pool_name")
        table.drop_index("ix_seat_pool_opens_up_at")
        table.drop_constraint(op.f("fk_seat_pool_sponsor_id"), type_="foreignkey")
        for name in ("kind", "public_or_named", "sponsor_has_an_organisation", "public_is_open"):
            table.drop_constraint(op.f(f"ck_seat_pool_{name}"), type_="check")
    with op.batch_alter_table("seat_pool") as table:
        for name in ("name", "sponsor_id", "opens_up_at"):
            table.drop_column(name)
        table.create_check_constraint(op.f("ck_seat_pool_kind"), "kind IN ('public')")
