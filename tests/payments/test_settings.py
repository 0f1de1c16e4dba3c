"""Settings of payments: half set up is refused at the start, with a sentence that says what to set."""

from pathlib import Path

import pytest

from academy.config import BadSettings, PaymentSettings, load_settings

STRIPE = {"STRIPE_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def _payments(folder: Path, environment: dict[str, str]) -> PaymentSettings:
    return load_settings({"DATA_DIR": str(folder), "SECRET_KEY": "only-for-tests-" * 3, **environment}).payments


def test_without_settings_there_is_no_payment_service_and_no_fee(tmp_path: Path) -> None:
    assert _payments(tmp_path, {}) == PaymentSettings("", (), "", (), 0)


def test_lists_have_commas_between_what_they_name(tmp_path: Path) -> None:
    found = _payments(tmp_path, STRIPE | {"STRIPE_WEBHOOK_SECRET": "whsec_1, whsec_2,", "PAYMENT_METHODS": "ideal, card", "PLATFORM_FEE": "250"})
    assert (found.notice_secrets, found.methods, found.fee_rate) == (("whsec_1", "whsec_2"), ("ideal", "card"), 250)


@pytest.mark.parametrize(("environment", "says"), [
    ({"STRIPE_KEY": "pk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}, "STRIPE_KEY is no secret key"),
    ({"STRIPE_KEY": "sk_test_1"}, "set STRIPE_WEBHOOK_SECRET too"),
    ({"STRIPE_WEBHOOK_SECRET": "whsec_1"}, "set STRIPE_KEY too"),
    (STRIPE | {"STRIPE_API_BASE": "https://elsewhere.example"}, "STRIPE_API_BASE is for tests"),
    ({"PLATFORM_FEE": "2.5"}, "PLATFORM_FEE is '2.5'"),
    ({"PLATFORM_FEE": "-1"}, "PLATFORM_FEE is '-1'"),
    ({"PLATFORM_FEE": "10001"}, "PLATFORM_FEE is '10001'"),
    ({"PLATFORM_FEE": "½"}, "PLATFORM_FEE is '½'"),
    ({"PLATFORM_FEE": "²"}, "PLATFORM_FEE is '²'"),
])
def test_what_can_not_work_is_refused_at_the_start(tmp_path: Path, environment: dict[str, str], says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        _payments(tmp_path, environment)


def test_secrets_are_not_in_what_is_printed(tmp_path: Path) -> None:
    assert "sk_test_1" not in repr(_payments(tmp_path, STRIPE))
    assert "whsec_1" not in repr(_payments(tmp_path, STRIPE))
