"""Payments: what is paid and goes back, the ledger, invoices. What keeps them from being changed is in 0020."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


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
    _payments()
    _ledger()
    _invoices()


def _payments() -> None:
    op.create_table(
        "demo_checkout",
        _id(),
        _id("payment_id"),
        _text("reference", 20),
        _text("description", 300),
        _number("amount"),
        _number("refunded"),
        _text("state", 40),
        _text("success_url", 2000),
        _text("cancel_url", 2000),
        _moment("expires_at"),
        _moment("paid_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_checkout")),
        sa.CheckConstraint("0 <= refunded AND refunded <= amount", name=op.f("ck_demo_checkout_refunded_within_amount")),
        sa.CheckConstraint("state IN ('starting', 'open', 'complete', 'expired')", name=op.f("ck_demo_checkout_state")),
    )
    op.create_table(
        "demo_refund",
        _id(),
        _id("checkout_id"),
        _number("amount"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_refund")),
        _key("demo_refund", "checkout_id", "demo_checkout"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_demo_refund_amount_positive")),
    )
    op.create_index("ix_demo_refund_checkout_id", "demo_refund", ["checkout_id"])
    op.create_table(
        "received_notice",
        _text("id", 255),
        _text("kind", 80),
        _json("content"),
        _text("state", 40),
        _moment("received_at"),
        _moment("due_at"),
        _number("tries"),
        _moment("done_at", nullable=True),
        _text("problem", 500),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_notice")),
        sa.CheckConstraint("state IN ('waiting', 'done', 'ignored')", name=op.f("ck_received_notice_state")),
    )
    op.create_index("ix_received_notice_state_due_at", "received_notice", ["state", "due_at"])
    op.create_table(
        "payment",
        _id(),
        _text("code", 20),
        _text("purpose", 30),
        _id("subject_id"),
        _id("person_id", nullable=True),
        _id("organisation_id", nullable=True),
        _id("supplier_id"),
        _text("description", 300),
        _text("language", 2),
        _number("amount"),
        _number("fee"),
        _text("state", 40),
        _moment("opened_at"),
        _moment("pay_until"),
        _moment("settled_at", nullable=True),
        _moment("ended_at", nullable=True),
        _text("method", 40),
        _text("vendor_payment", 255, nullable=True),
        _text("vendor_charge", 255),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        _key("payment", "organisation_id", "organisation", is_far=True),
        _key("payment", "person_id", "person", is_far=True),
        _key("payment", "supplier_id", "organisation", is_far=True),
        sa.UniqueConstraint("code", name=op.f("uq_payment_code")),
        sa.UniqueConstraint("vendor_payment", name=op.f("uq_payment_vendor_payment")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_payment_ended_at_a_moment")),
        sa.CheckConstraint("0 <= fee AND fee <= amount", name=op.f("ck_payment_fee_within_amount")),
        sa.CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_payment_one_payer")),
        sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name=op.f("ck_payment_settled_at_a_moment")),
        sa.CheckConstraint("state IN ('open', 'closing', 'settled', 'ended')", name=op.f("ck_payment_state")),
    )
    op.create_index("ix_payment_organisation_id", "payment", ["organisation_id"])
    op.create_index("ix_payment_person_id", "payment", ["person_id"])
    op.create_index("ix_payment_state_pay_until", "payment", ["state", "pay_until"])
    op.create_index("ix_payment_subject_id", "payment", ["subject_id"])
    op.create_index("ix_payment_supplier_id", "payment", ["supplier_id"])
    op.create_index("uq_payment_running", "payment", ["purpose", "subject_id"], unique=True, sqlite_where=sa.text("state IN ('open', 'closing')"), postgresql_where=sa.text("state IN ('open', 'closing')"))
    op.create_table(
        "payout_account",
        _id("organisation_id"),
        _text("vendor_account", 255),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        _moment("made_at"),
        _moment("ready_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_payout_account")),
        _key("payout_account", "organisation_id", "organisation", is_far=True),
        sa.UniqueConstraint("vendor_account", name=op.f("uq_payout_account_vendor_account")),
    )
    op.create_table(
        "checkout",
        _id(),
        _id("payment_id"),
        _text("vendor_session", 255, nullable=True),
        _text("url", 2000),
        _text("state", 40),
        _moment("started_at"),
        _moment("expires_at"),
        _moment("refused_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout")),
        _key("checkout", "payment_id", "payment"),
        sa.UniqueConstraint("vendor_session", name=op.f("uq_checkout_vendor_session")),
        sa.CheckConstraint("state IN ('starting', 'open', 'complete', 'expired')", name=op.f("ck_checkout_state")),
    )
    op.create_index("ix_checkout_payment_id", "checkout", ["payment_id"])
    op.create_index("uq_checkout_visited", "checkout", ["payment_id"], unique=True, sqlite_where=sa.text("state IN ('starting', 'open')"), postgresql_where=sa.text("state IN ('starting', 'open')"))
    op.create_table(
        "refund",
        _id(),
        _text("request_key", 120),
        _id("payment_id"),
        _number("amount"),
        _text("state", 40),
        _moment("asked_at"),
        _moment("due_at"),
        _number("tries"),
        _text("vendor_refund", 255, nullable=True),
        _moment("ended_at", nullable=True),
        _text("problem", 500),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        _key("refund", "payment_id", "payment"),
        sa.UniqueConstraint("request_key", name=op.f("uq_refund_request_key")),
        sa.UniqueConstraint("vendor_refund", name=op.f("uq_refund_vendor_refund")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount_positive")),
        sa.CheckConstraint("(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name=op.f("ck_refund_ended_at_a_moment")),
        sa.CheckConstraint("state IN ('asked', 'sent', 'done', 'failed')", name=op.f("ck_refund_state")),
    )
    op.create_index("ix_refund_payment_id", "refund", ["payment_id"])
    op.create_index("ix_refund_state_due_at", "refund", ["state", "due_at"])
    op.create_table(
        "transfer",
        _id(),
        _id("payment_id"),
        _id("organisation_id"),
        _number("amount"),
        _number("reversed"),
        _text("state", 40),
        _moment("asked_at"),
        _moment("due_at"),
        _number("tries"),
        _text("vendor_transfer", 255, nullable=True),
        _moment("sent_at", nullable=True),
        _text("problem", 500),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        _key("transfer", "organisation_id", "organisation", is_far=True),
        _key("transfer", "payment_id", "payment"),
        sa.UniqueConstraint("payment_id", name=op.f("uq_transfer_payment_id")),
        sa.UniqueConstraint("vendor_transfer", name=op.f("uq_transfer_vendor_transfer")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfer_amount_positive")),
        sa.CheckConstraint("0 <= reversed AND reversed <= amount", name=op.f("ck_transfer_reversed_within_amount")),
        sa.CheckConstraint("state IN ('asked', 'sent', 'done', 'failed')", name=op.f("ck_transfer_state")),
    )
    op.create_index("ix_transfer_organisation_id", "transfer", ["organisation_id"])
    op.create_index("ix_transfer_state_due_at", "transfer", ["state", "due_at"])
    op.create_table(
        "transfer_reversal",
        _id(),
        _id("transfer_id"),
        _id("refund_id"),
        _number("amount"),
        _text("state", 40),
        _moment("asked_at"),
        _moment("due_at"),
        _number("tries"),
        _text("vendor_reversal", 255, nullable=True),
        _moment("sent_at", nullable=True),
        _text("problem", 500),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_reversal")),
        _key("transfer_reversal", "refund_id", "refund"),
        _key("transfer_reversal", "transfer_id", "transfer"),
        sa.UniqueConstraint("refund_id", name=op.f("uq_transfer_reversal_refund_id")),
        sa.UniqueConstraint("vendor_reversal", name=op.f("uq_transfer_reversal_vendor_reversal")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfer_reversal_amount_positive")),
        sa.CheckConstraint("state IN ('asked', 'sent', 'done', 'failed')", name=op.f("ck_transfer_reversal_state")),
    )
    op.create_index("ix_transfer_reversal_state_due_at", "transfer_reversal", ["state", "due_at"])
    op.create_index("ix_transfer_reversal_transfer_id", "transfer_reversal", ["transfer_id"])


def _ledger() -> None:
    op.create_table(
        "ledger_account",
        _id(),
        _text("code", 80),
        _text("kind", 40),
        _id("owner_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_account_code")),
        sa.CheckConstraint("kind IN ('clearing', 'payer', 'provider', 'fees', 'vat')", name=op.f("ck_ledger_account_kind")),
    )
    op.create_index("ix_ledger_account_owner_id", "ledger_account", ["owner_id"])
    op.create_table(
        "ledger_transaction",
        _id(),
        _text("key", 120),
        _text("kind", 40),
        _moment("at"),
        _id("about_id"),
        _text("note", 300),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transaction")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_transaction_key")),
        sa.CheckConstraint("kind IN ('sale', 'sale-reversed', 'paid', 'refunded', 'fee', 'fee-reversed', 'transferred', 'transfer-reversed')", name=op.f("ck_ledger_transaction_kind")),
    )
    op.create_index("ix_ledger_transaction_about_id", "ledger_transaction", ["about_id"])
    op.create_table(
        "ledger_entry",
        _id(),
        _id("transaction_id"),
        _id("debit_id"),
        _id("credit_id"),
        _number("amount"),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        _key("ledger_entry", "credit_id", "ledger_account"),
        _key("ledger_entry", "debit_id", "ledger_account"),
        _key("ledger_entry", "transaction_id", "ledger_transaction"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entry_amount_positive")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_ledger_entry_two_accounts")),
    )
    op.create_index("ix_ledger_entry_credit", "ledger_entry", ["credit_id", "at", "amount"])
    op.create_index("ix_ledger_entry_debit", "ledger_entry", ["debit_id", "at", "amount"])
    op.create_index("ix_ledger_entry_transaction_id", "ledger_entry", ["transaction_id"])


def _invoices() -> None:
    op.create_table(
        "billing_details",
        _id("organisation_id"),
        _text("legal_name", 200),
        _text("street", 200),
        _text("postcode", 20),
        _text("city", 100),
        _text("country", 2),
        _text("kvk_number", 20),
        _text("vat_id", 20),
        _text("iban", 34),
        _text("email", 254),
        _text("purchase_order", 60),
        _moment("changed_at"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_billing_details")),
        _key("billing_details", "organisation_id", "organisation", is_far=True),
    )
    op.create_table(
        "invoice",
        _id(),
        _text("code", 40),
        _text("request_key", 120),
        _id("supplier_id"),
        _number("number"),
        _text("kind", 40),
        _id("credits_id", nullable=True),
        _id("buyer_person_id", nullable=True),
        _id("buyer_organisation_id", nullable=True),
        _json("supplier"),
        _json("buyer"),
        _text("purchase_order", 60),
        _text("language", 2),
        _day("issued_on"),
        _day("due_on"),
        _moment("issued_at"),
        _number("net"),
        _number("vat"),
        _number("gross"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        _key("invoice", "buyer_organisation_id", "organisation", is_far=True),
        _key("invoice", "buyer_person_id", "person", is_far=True),
        _key("invoice", "credits_id", "invoice"),
        _key("invoice", "supplier_id", "organisation", is_far=True),
        sa.UniqueConstraint("code", name=op.f("uq_invoice_code")),
        sa.UniqueConstraint("supplier_id", "number", name=op.f("uq_invoice_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_invoice_request_key")),
        sa.CheckConstraint("gross = net + vat", name=op.f("ck_invoice_adds_up")),
        sa.CheckConstraint("(kind = 'credit-note') = (credits_id IS NOT NULL)", name=op.f("ck_invoice_credits_an_invoice")),
        sa.CheckConstraint("kind IN ('invoice', 'credit-note')", name=op.f("ck_invoice_kind")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_invoice_number_from_one")),
        sa.CheckConstraint("(buyer_person_id IS NULL) <> (buyer_organisation_id IS NULL)", name=op.f("ck_invoice_one_buyer")),
    )
    op.create_index("ix_invoice_buyer_organisation_id", "invoice", ["buyer_organisation_id"])
    op.create_index("ix_invoice_buyer_person_id", "invoice", ["buyer_person_id"])
    op.create_index("ix_invoice_credits_id", "invoice", ["credits_id"])
    op.create_index("ix_invoice_supplier_id_issued_on", "invoice", ["supplier_id", "issued_on"])
    op.create_table(
        "invoice_series",
        _id("supplier_id"),
        _text("prefix", 20),
        _number("last"),
        sa.PrimaryKeyConstraint("supplier_id", name=op.f("pk_invoice_series")),
        _key("invoice_series", "supplier_id", "organisation", is_far=True),
        sa.UniqueConstraint("prefix", name=op.f("uq_invoice_series_prefix")),
        sa.CheckConstraint("last >= 0", name=op.f("ck_invoice_series_last_not_negative")),
    )
    op.create_table(
        "invoice_line",
        _id(),
        _id("invoice_id"),
        _number("position"),
        _id("about_id"),
        _text("description", 500),
        _number("quantity"),
        _day("delivered_from"),
        _day("delivered_until"),
        _number("net"),
        _number("vat"),
        _number("gross"),
        _text("vat_category", 40),
        _number("vat_rate"),
        _text("vat_reason", 300),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        _key("invoice_line", "invoice_id", "invoice"),
        sa.UniqueConstraint("invoice_id", "position", name=op.f("uq_invoice_line_position")),
        sa.CheckConstraint("gross = net + vat", name=op.f("ck_invoice_line_adds_up")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_invoice_line_quantity_from_one")),
        sa.CheckConstraint("vat_category IN ('S', 'E', 'AE')", name=op.f("ck_invoice_line_vat_category")),
    )
    op.create_index("ix_invoice_line_about_id", "invoice_line", ["about_id"])
    op.create_table(
        "invoice_payment",
        _id(),
        _id("invoice_id"),
        _id("payment_id", nullable=True),
        _number("amount"),
        _day("received_on"),
        _id("noted_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_payment")),
        _key("invoice_payment", "invoice_id", "invoice"),
        _key("invoice_payment", "noted_by", "person", is_far=True),
        _key("invoice_payment", "payment_id", "payment"),
        sa.UniqueConstraint("payment_id", name=op.f("uq_invoice_payment_payment_id")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_invoice_payment_amount_positive")),
    )
    op.create_index("ix_invoice_payment_invoice_id", "invoice_payment", ["invoice_id"])


def downgrade() -> None:
    for table in (
        "invoice_payment", "invoice_line", "invoice_series", "invoice", "billing_details", "ledger_entry", "ledger_transaction", "ledger_account", "transfer_reversal", "transfer", "refund", "checkout", "payout_account", "payment", "received_notice", "demo_refund", "demo_checkout",
    ):
        op.drop_table(table)
