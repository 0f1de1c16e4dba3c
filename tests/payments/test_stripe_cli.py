"""The twin of Stripe, asked by somebody who did not write it: Stripe's own command line."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from academy.payments.stripe_gateway import StripeGateway
from tests.postgres import missing_part
from tests.stripe_twin.command_line import stripe
from tests.stripe_twin.courier import Courier
from tests.stripe_twin.twin import KEY, Twin, serving

SECRET = "whsec_now"


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Twin, str]]:
    twin = Twin()
    with serving(twin) as url:
        yield twin, url


@pytest.mark.slow
@pytest.mark.parametrize("event", [
    "account.updated", "charge.refunded", "checkout.session.completed", "checkout.session.expired", "payment_intent.payment_failed",
    "payment_intent.succeeded",
])
def test_stripes_own_command_line_makes_the_event_happen_and_we_can_read_it(
    served: tuple[Twin, str], event: str, tmp_path: Path,
) -> None:
    program = stripe()
    if program is None:
        missing_part("no command line of Stripe for this kind of machine: `make test` installs it, and says why when it can not")
    twin, url = served
    twin.events.clear()
    done = subprocess.run(
        [program, "trigger", event, "--api-base", url, "--api-key", KEY], check=False, capture_output=True, text=True, timeout=60,
        env={"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert "Trigger succeeded!" in done.stdout, done.stdout + done.stderr
    assert event in [each["type"] for each in twin.events]
    bank = StripeGateway(KEY, notice_secrets=(SECRET,), api_base=url)
    assert all(each == 200 for each in Courier(twin, lambda body, header: 200 if bank.read_notice(body, header).id else 400, (SECRET,)).bring())
