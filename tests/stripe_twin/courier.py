"""Brings the twin's notices as Stripe does: signed, again until they are accepted, sometimes twice, late, or in another order."""

import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.stripe_twin.contract import Plain
from tests.stripe_twin.state import State

Send = Callable[[bytes, str], int]
"""Brings a body and its signature; returns the status that was answered."""

_TRIES = 5


@dataclass
class Courier:
    """Takes events from where it was; `secrets` sign, two of them while one is replaced."""

    state: State
    send: Send
    secrets: tuple[str, ...]
    at: int = 0

    def bring(self, *, copies: int = 1, shuffled_by: int | None = None) -> list[int]:
        """Bring what happened since the last time; returns the status of each try."""
        events = self.state.events[self.at :]
        self.at += len(events)
        queue = events * copies
        if shuffled_by is not None:
            random.Random(shuffled_by).shuffle(queue)  # noqa: S311 - an order, no secret
        return [status for event in queue for status in self.tell(event)]

    def tell(self, event: Plain) -> list[int]:
        """Bring one event until it is accepted; returns the statuses on the way."""
        body = json.dumps(event).encode()
        statuses: list[int] = []
        while len(statuses) < _TRIES and (not statuses or not 200 <= statuses[-1] < 300):
            statuses.append(self.send(body, signature(body, self.secrets)))
        return statuses


def signature(body: bytes, secrets: Sequence[str], *, at: int | None = None) -> str:
    """Return the header of a notice: the moment, and a v1 signature of each secret (Stripe, "Verify webhook signatures manually")."""
    moment = int(time.time()) if at is None else at
    signed = [hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join((f"t={moment}", *(f"v1={each}" for each in signed)))
