"""`academy payments reconcile|balance|retry`. What reads the database is imported when a command runs, so that `academy --help` answers at once."""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import click

House = Callable[[], AbstractContextManager[object]]


def commands(house: House) -> click.Group:
    """Return the group `payments`; `house` opens what a command needs: the database, and the payment service."""

    @click.group()
    def payments() -> None:
        """Money that moves: compare with the bank, look at the books, try again."""

    @payments.command()
    @click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="how far back to look")
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def reconcile(days: int, *, as_json: bool) -> None:
        """Compare with the bank, both ways; money that it has for a payment of ours is booked.

        Ends with exit code 1 when anything was different, also when that is booked now, and names what waits for a person.
        """
        with house():
            _reconcile(days, as_json=as_json)

    @payments.command()
    @click.option("--json", "as_json", is_flag=True, help="for a machine")
    def balance(*, as_json: bool) -> None:
        """Show what the ledger holds per kind of account, in euros; debits are above zero, and together they are nothing."""
        with house():
            _balance(as_json=as_json)

    @payments.command()
    def retry() -> None:
        """Send refunds, transfers and reversals that failed once more; first see in `reconcile` what the bank has of them."""
        with house():
            _retry()

    return payments


def _reconcile(days: int, *, as_json: bool) -> None:
    from academy.kernel.clock import utc_now  # noqa: PLC0415 - other commands start without it
    from academy.payments.gateway import BankRefused, BankUnavailable  # noqa: PLC0415 - other commands start without it
    from academy.payments.service.reconciling import reconcile  # noqa: PLC0415 - other commands start without it

    now = utc_now()
    try:
        found = reconcile(since=now - timedelta(days=days), now=now)
    except (BankUnavailable, BankRefused) as error:
        click.secho(f"The payment service gave no answer to compare with ({type(error).__name__}). Try again later.", fg="red", err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps([vars(each) for each in found]))
    else:
        for each in found:
            click.echo(f"{each.about}  {each.what}")
        click.echo(f"{len(found)} differences." if found else "No differences.", err=True)
    sys.exit(1 if found else 0)


def _balance(*, as_json: bool) -> None:
    from academy.kernel.db import database  # noqa: PLC0415 - other commands start without it
    from academy.payments.queries.ledger import balances  # noqa: PLC0415 - other commands start without it

    with database().reading() as session:
        found = balances(session)
    if as_json:
        click.echo(json.dumps({kind.value: amount.cents for kind, amount in found.items()}))
        return
    for kind, amount in found.items():
        click.echo(f"{kind.value:<10}{amount.cents / 100:>16,.2f}")


def _retry() -> None:
    from academy.kernel.clock import utc_now  # noqa: PLC0415 - other commands start without it
    from academy.kernel.db import database  # noqa: PLC0415 - other commands start without it
    from academy.payments.service.sending import retry_failed  # noqa: PLC0415 - other commands start without it

    with database().writing() as session:
        number = retry_failed(session, now=utc_now())
    click.echo(f"{number} orders go out again.")
