"""A letter as an e-mail message (RFC 5322), the same for every carrier."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from academy.notices.gateway import Letter


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
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
