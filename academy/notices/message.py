"""A letter as an e-mail message (RFC 5322), the same for every carrier."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from academy.notices.gateway import Letter

_LONGEST_LINE: Final = 998


def message_from(letter: Letter, *, sender: str, now: datetime) -> EmailMessage:
    """Return the message; its Message-ID follows from the letter's key, so a second copy is recognisable."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.key}@{parseaddr(sender)[1].partition('@')[2]}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop_url:
        message["List-Unsubscribe"] = f"<{letter.stop_url}>"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    # Headers only: an address that is longer than a line would be encoded, and no mail program reads that back (RFC 5322, 2.1.1).
    message.policy = message.policy.clone(max_line_length=_LONGEST_LINE)
    return message
