"""A letter takes form: its templates are filled in, and it becomes an e-mail message (RFC 5322), the same for every carrier."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from academy.kernel.text import Language
from academy.kernel.web import render
from academy.notices.gateway import Letter

_LONGEST_LINE: Final = 998


@dataclass(frozen=True)
class Said:
    """What a letter says, in the reader's language: a heading, sentences, what stands fast, one button, and what is good to know.

    `link` and `other_link` are a label and a whole address. Nothing in it is a stranger's words: a letter of ours carries them to nobody.
    """

    heading: str
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()  # an empty value is left out
    link: tuple[str, str] | None = None
    after: tuple[str, ...] = ()
    other_link: tuple[str, str] | None = None


def language_of(text: str) -> Language:
    """Return the language of a reader; Dutch for one that we do not write."""
    return "en" if text == "en" else "nl"


def letter_of(kind: str, about: object, to: str, language: str, **values: object) -> Letter:
    """Return the letter of the templates `kind`; `about` tells it from others of its kind, so that sent again it is the same letter."""
    return _filled(kind, f"{kind.replace('_', '-')}-{about}", to, language, values)


def letter_saying(said: Said, kind: str, about: object, to: str, language: str) -> Letter:
    """Return a letter that says this, in the form that they share."""
    return _filled("said", f"{kind}-{about}", to, language, {"said": said})


def _filled(templates: str, key: str, to: str, language: str, values: dict[str, object]) -> Letter:
    subject = " ".join(render(f"notices/mail/{templates}.subject.txt", **values).split())
    text, html = (render(f"notices/mail/{templates}.{ending}", subject=subject, **values) for ending in ("txt", "html"))
    return Letter(key=key, to=to, subject=subject, text=text, html=html, language=language)


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
