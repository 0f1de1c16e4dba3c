"""Funding: sources, rules, budgets and caps; the price of each seat and who pays what of it, whoever has it now; what decides its VAT."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=nullable)


def _key(table: str, column: str, target: str, *, is_far: bool = False) -> sa.ForeignKeyConstraint:
    """Return a foreign key; one to another room (`is_far`) is looked at when the transaction ends."""
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"),
        deferrable=True if is_far else None, initially="DEFERRED" if is_far else None,
    )


def upgrade() -> None:
    _sources()
    _shares()
    _tax()
    op.add_column("enrolment", _id("seat_id", nullable=True))


def _sources() -> None:
    op.create_table(
        "funding_situation",
        _id("person_id"),
        _number("birth_year", nullable=True),
        _text("postcode", 4),
        _text("sector", 60),
        _text("size_class", 20),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_funding_situation")),
        _key("funding_situation", "person_id", "person", is_far=True),
    )
    op.create_table(
        "funding_source",
        _id(),
        _text("slug", 80),
        _json("name"),
        _text("kind", 40),
        _text("category", 40),
        _id("owner_id"),
        _json("explanation"),
        _day("open_from"),
        _day("open_until", nullable=True),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_source")),
        _key("funding_source", "owner_id", "organisation", is_far=True),
        sa.UniqueConstraint("slug", name=op.f("uq_funding_source_slug")),
        sa.CheckConstraint("category IN ('education', 'employers', 'individuals', 'sector', 'nobody')", name=op.f("ck_funding_source_category")),
        sa.CheckConstraint("open_until IS NULL OR open_from <= open_until", name=op.f("ck_funding_source_ends_after_it_begins")),
        sa.CheckConstraint("kind IN ('learner', 'employer', 'sector-fund', 'municipality', 'provider-discount', 'public-education')", name=op.f("ck_funding_source_kind")),
        sa.CheckConstraint("kind <> 'learner'", name=op.f("ck_funding_source_learners_need_none")),
    )
    op.create_index("ix_funding_source_owner_id", "funding_source", ["owner_id"])
    op.create_table(
        "beneficiary",
        _id(),
        _id("source_id"),
        _text("email", 254),
        _moment("added_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beneficiary")),
        _key("beneficiary", "source_id", "funding_source"),
        sa.UniqueConstraint("source_id", "email", name=op.f("uq_beneficiary")),
    )
    op.create_index("ix_beneficiary_email", "beneficiary", ["email"])
    op.create_table(
        "budget",
        _id(),
        _id("source_id"),
        _text("name", 120),
        _day("from_on"),
        _day("until_on"),
        _number("amount"),
        _number("earmarked"),
        _number("spent"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        _key("budget", "source_id", "funding_source"),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_budget_ends_after_it_begins")),
        sa.CheckConstraint("earmarked + spent <= amount", name=op.f("ck_budget_never_exceeded")),
        sa.CheckConstraint("earmarked >= 0 AND spent >= 0", name=op.f("ck_budget_used_not_negative")),
    )
    op.create_index("ix_budget_source_id_from_on", "budget", ["source_id", "from_on"])
    op.create_table(
        "funding_rule",
        _id(),
        _id("source_id"),
        _id("follows_id", nullable=True),
        _json("name"),
        _day("valid_from"),
        _day("valid_until", nullable=True),
        _number("percentage"),
        _text("basis", 40),
        _number("cap_seat", nullable=True),
        _number("cap_person_year", nullable=True),
        _number("cap_firm_year", nullable=True),
        _number("position"),
        sa.Column("stacks", sa.Boolean(), nullable=False),
        _json("module_kinds"),
        _json("excluded_kinds"),
        _json("provider_ids"),
        _json("sectors"),
        _json("size_classes"),
        _json("postcodes"),
        _number("min_age", nullable=True),
        _number("max_age", nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        _json("evidence"),
        _text("fallback", 40),
        _moment("made_at"),
        _id("made_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_rule")),
        _key("funding_rule", "follows_id", "funding_rule"),
        _key("funding_rule", "made_by", "person", is_far=True),
        _key("funding_rule", "source_id", "funding_source"),
        sa.UniqueConstraint("follows_id", name=op.f("uq_funding_rule_follows_id")),
        sa.CheckConstraint("basis IN ('incl', 'excl')", name=op.f("ck_funding_rule_basis")),
        sa.CheckConstraint("cap_seat > 0 AND cap_person_year > 0 AND cap_firm_year > 0", name=op.f("ck_funding_rule_caps_positive")),
        sa.CheckConstraint("valid_until IS NULL OR valid_from <= valid_until", name=op.f("ck_funding_rule_ends_after_it_begins")),
        sa.CheckConstraint("fallback IN ('learner', 'employer', 'nobody')", name=op.f("ck_funding_rule_fallback")),
        sa.CheckConstraint("1 <= percentage AND percentage <= 10000", name=op.f("ck_funding_rule_percentage_above_zero_to_whole")),
    )
    op.create_index("ix_funding_rule_source_id_valid_from", "funding_rule", ["source_id", "valid_from"])
    op.create_table(
        "cap_use",
        _id(),
        _id("rule_id"),
        _id("subject_id"),
        _number("year"),
        _number("most"),
        _number("used"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cap_use")),
        _key("cap_use", "rule_id", "funding_rule"),
        sa.UniqueConstraint("rule_id", "subject_id", "year", name=op.f("uq_cap_use")),
        sa.CheckConstraint("0 <= used AND used <= most", name=op.f("ck_cap_use_never_exceeded")),
    )


def _shares() -> None:
    op.create_table(
        "funded_seat",
        _id(),
        _id("person_id"),
        _id("supplier_id"),
        _id("offering_id"),
        _text("description", 300),
        _text("language", 2),
        _day("delivered_from"),
        _day("delivered_until"),
        _number("price"),
        _number("vat"),
        _text("vat_category", 40),
        _number("vat_rate"),
        _text("vat_reason", 40),
        _moment("made_at"),
        _moment("confirmed_at", nullable=True),
        _moment("ended_at", nullable=True),
        _number("kept", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_seat")),
        _key("funded_seat", "offering_id", "offering", is_far=True),
        _key("funded_seat", "person_id", "person", is_far=True),
        _key("funded_seat", "supplier_id", "organisation", is_far=True),
        sa.CheckConstraint("ended_at IS NOT NULL OR kept IS NULL", name=op.f("ck_funded_seat_kept_when_ended")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_funded_seat_price_not_negative")),
        sa.CheckConstraint("vat_category IN ('S', 'E', 'AE')", name=op.f("ck_funded_seat_vat_category")),
        sa.CheckConstraint("vat_reason IN ('regulated-education', 'vocational-by-crkbo-provider', 'not-education', 'not-vocational', 'provider-not-in-crkbo', 'reverse-charge')", name=op.f("ck_funded_seat_vat_reason")),
        sa.CheckConstraint("0 <= vat AND vat <= price", name=op.f("ck_funded_seat_vat_within_price")),
    )
    op.create_index("ix_funded_seat_offering_id", "funded_seat", ["offering_id"])
    op.create_index("ix_funded_seat_person_id", "funded_seat", ["person_id"])
    op.create_index("ix_funded_seat_supplier_id", "funded_seat", ["supplier_id"])
    op.create_table(
        "funding_share",
        _id(),
        _id("seat_id"),
        _number("position"),
        _text("kind", 40),
        _text("category", 40),
        _id("source_id", nullable=True),
        _id("rule_id", nullable=True),
        _id("budget_id", nullable=True),
        _id("person_id", nullable=True),
        _id("organisation_id", nullable=True),
        _id("firm_id", nullable=True),
        _number("amount"),
        _number("vat"),
        _number("refunded"),
        _text("state", 40),
        _moment("approve_until", nullable=True),
        _id("payment_id", nullable=True),
        _id("invoice_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_share")),
        _key("funding_share", "budget_id", "budget"),
        _key("funding_share", "invoice_id", "invoice", is_far=True),
        _key("funding_share", "organisation_id", "organisation", is_far=True),
        _key("funding_share", "payment_id", "payment", is_far=True),
        _key("funding_share", "person_id", "person", is_far=True),
        _key("funding_share", "rule_id", "funding_rule"),
        _key("funding_share", "seat_id", "funded_seat"),
        _key("funding_share", "source_id", "funding_source"),
        sa.UniqueConstraint("payment_id", name=op.f("uq_funding_share_payment_id")),
        sa.UniqueConstraint("seat_id", "position", name=op.f("uq_funding_share_position")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_funding_share_amount_not_negative")),
        sa.CheckConstraint("category IN ('education', 'employers', 'individuals', 'sector', 'nobody')", name=op.f("ck_funding_share_category")),
        sa.CheckConstraint("kind IN ('learner', 'employer', 'sector-fund', 'municipality', 'provider-discount', 'public-education')", name=op.f("ck_funding_share_kind")),
        sa.CheckConstraint("(kind = 'learner') = (person_id IS NOT NULL)", name=op.f("ck_funding_share_learner_is_a_person")),
        sa.CheckConstraint("(source_id IS NULL) = (organisation_id IS NULL)", name=op.f("ck_funding_share_others_are_organisations")),
        sa.CheckConstraint("(kind = 'learner') = (source_id IS NULL)", name=op.f("ck_funding_share_others_have_a_source")),
        sa.CheckConstraint("0 <= refunded AND refunded <= amount", name=op.f("ck_funding_share_refunded_within_amount")),
        sa.CheckConstraint("state IN ('reserved', 'approved', 'invoiced', 'paid', 'settled', 'reclaimed', 'released')", name=op.f("ck_funding_share_state")),
        sa.CheckConstraint("0 <= vat AND vat <= amount", name=op.f("ck_funding_share_vat_within_amount")),
    )
    op.create_index("ix_funding_share_budget_id", "funding_share", ["budget_id"])
    op.create_index("ix_funding_share_invoice_id", "funding_share", ["invoice_id"])
    op.create_index("ix_funding_share_organisation_id_state", "funding_share", ["organisation_id", "state"])
    op.create_index("ix_funding_share_person_id", "funding_share", ["person_id"])
    op.create_index("ix_funding_share_rule_id", "funding_share", ["rule_id"])
    op.create_index("ix_funding_share_source_id", "funding_share", ["source_id"])
    op.create_index("ix_funding_share_state_approve_until", "funding_share", ["state", "approve_until"])
    op.create_table(
        "share_step",
        _id(),
        _id("share_id"),
        _text("from_state", 40, nullable=True),
        _text("to_state", 40),
        _moment("at"),
        _id("by_id", nullable=True),
        _text("note", 500),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_step")),
        _key("share_step", "by_id", "person", is_far=True),
        _key("share_step", "share_id", "funding_share"),
        sa.CheckConstraint("from_state IN ('reserved', 'approved', 'invoiced', 'paid', 'settled', 'reclaimed', 'released')", name=op.f("ck_share_step_from_state")),
        sa.CheckConstraint("to_state IN ('reserved', 'approved', 'invoiced', 'paid', 'settled', 'reclaimed', 'released')", name=op.f("ck_share_step_to_state")),
    )
    op.create_index("ix_share_step_by_id", "share_step", ["by_id"])
    op.create_index("ix_share_step_share_id", "share_step", ["share_id"])


def _tax() -> None:
    op.create_table(
        "provider_tax",
        _id(),
        _id("provider_id"),
        _day("from_on"),
        sa.Column("is_recognised", sa.Boolean(), nullable=False),
        sa.Column("is_in_crkbo", sa.Boolean(), nullable=False),
        _moment("said_at"),
        _id("said_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_tax")),
        _key("provider_tax", "provider_id", "provider", is_far=True),
        _key("provider_tax", "said_by", "person", is_far=True),
    )
    op.create_index("uq_provider_tax", "provider_tax", ["provider_id", "from_on"], unique=True)
    op.create_table(
        "module_tax",
        _id("module_id"),
        _text("supply", 40),
        _moment("said_at"),
        _id("said_by", nullable=True),
        sa.PrimaryKeyConstraint("module_id", name=op.f("pk_module_tax")),
        _key("module_tax", "module_id", "module", is_far=True),
        _key("module_tax", "said_by", "person", is_far=True),
        sa.CheckConstraint("supply <> 'fee'", name=op.f("ck_module_tax_fees_are_the_platforms")),
        sa.CheckConstraint("supply IN ('regulated', 'vocational', 'personal', 'advice', 'fee')", name=op.f("ck_module_tax_supply")),
    )


def downgrade() -> None:
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_column("seat_id")
    for table in (
        "module_tax", "provider_tax", "share_step", "funding_share", "funded_seat", "cap_use", "funding_rule", "budget", "beneficiary", "funding_source", "funding_situation",
    ):
        op.drop_table(table)
