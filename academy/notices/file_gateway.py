"""Letters as files, for an installation without SMTP; the demo mailbox reads them back."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from academy.kernel.clock import utc_now
from academy.kernel.errors import NotFound
from academy.kernel.files import write_atomically
from academy.notices.gateway import Letter
from academy.notices.message import message_from

_NAME = re.compile(r"[A-Za-z0-9.-]{1,200}\.eml")


@dataclass(frozen=True)
class StoredLetter:
    """A letter read back from its file."""

    name: str
    to: str
    subject: str
    when: datetime
    text: str
    html: str


class FileCarrier:
    """Writes each letter to a file named after its key, so that sending twice leaves one."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, letter: Letter) -> None:
        """Write the letter. Raises OSError."""
        message = message_from(letter, sender=self.sender, now=utc_now())
        write_atomically(self.folder / f"{letter.key}.eml", message.as_bytes(policy=message.policy.clone(linesep="\r\n")))

    def letters(self, limit: int = 50) -> list[StoredLetter]:
        """Return the newest letters."""
        files = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
        return [_read(path) for path in files[:limit]]

    def letter(self, name: str) -> StoredLetter:
        """Return one letter. Raises NotFound."""
        path = self.folder / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFound
        return _read(path)

    def forget(self, address: str) -> None:
        """Delete the letters to `address`."""
        for path in self.folder.glob("*.eml"):
            if _read(path).to == address:
                path.unlink(missing_ok=True)


def _read(path: Path) -> StoredLetter:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return StoredLetter(
        name=path.name,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        when=message["Date"].datetime,
        text="" if text is None else text.get_content(),
        html="" if html is None else html.get_content(),
    )
