"""Letters by SMTP; the only file that speaks it."""

import smtplib
import ssl
from functools import cached_property
from urllib.parse import unquote, urlsplit

from academy.kernel.clock import utc_now
from academy.kernel.web.security import LOOPBACK_HOSTS
from academy.notices.gateway import Letter
from academy.notices.message import message_from

TIME_LIMIT_SECONDS = 10


class SmtpCarrier:
    """Sends through one mail server: `smtp://user:password@host:587` (STARTTLS when offered) or `smtps://host:465`."""

    def __init__(self, url: str, *, sender: str) -> None:
        self.parts = urlsplit(url)
        self.sender = sender

    def send(self, letter: Letter) -> None:
        """Hand the letter to the server. Raises OSError (also for what SMTP refuses)."""
        message = message_from(letter, sender=self.sender, now=utc_now())
        with self._connection() as server:
            server.send_message(message)

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        """Read the machine's certificates once: it takes 60 ms, five times a whole letter."""
        return ssl.create_default_context()

    def _connection(self) -> smtplib.SMTP:
        host = self.parts.hostname or "localhost"
        server: smtplib.SMTP
        if self.parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=TIME_LIMIT_SECONDS, context=self._certificates)
        else:
            server = smtplib.SMTP(host, self.parts.port or 25, timeout=TIME_LIMIT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=self._certificates)
            elif host not in LOOPBACK_HOSTS:  # someone may have taken the offer out: links and password stay here
                server.close()
                message = "the mail server offers no STARTTLS"
                raise ConnectionRefusedError(message)
        if self.parts.username:
            server.login(unquote(self.parts.username), unquote(self.parts.password or ""))
        return server
