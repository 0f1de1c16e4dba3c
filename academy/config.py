"""Settings: read once from the environment, frozen; `docs/production.md` names every one."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from academy.kernel.files import write_atomically
from academy.kernel.web.security import LOOPBACK_HOSTS

_MINIMUM_SECRET = 32


class BadSettings(Exception):
    """The environment does not make a working, safe installation; the text says what to set."""


@dataclass(frozen=True)
class Settings:
    """What an installation may choose."""

    data_dir: Path
    database_url: str
    secret_key: str
    base_url: str
    port: int
    smtp_url: str
    mail_from: str
    log_level: str
    meilisearch_url: str
    meilisearch_key: str

    @property
    def is_local(self) -> bool:
        """Whether this installation is reached from its own machine only; what is not local is production."""
        return urlsplit(self.base_url).hostname in LOOPBACK_HOSTS

    @property
    def has_demo_mailbox(self) -> bool:
        """Letters become files that anyone at this machine may read: only without SMTP and only locally."""
        return self.is_local and not self.smtp_url


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises BadSettings with a sentence that says what to set."""
    data_dir = Path(environment.get("DATA_DIR") or "var").resolve()
    port = _port(environment.get("PORT") or "8000")
    base_url = (environment.get("BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    local = urlsplit(base_url).hostname in LOOPBACK_HOSTS
    secret = environment.get("SECRET_KEY", "")
    smtp_url = environment.get("SMTP_URL", "")
    if secret and len(secret) < _MINIMUM_SECRET:
        message = f"SECRET_KEY is too short: give at least {_MINIMUM_SECRET} random characters."
        raise BadSettings(message)
    if not local and not secret:
        message = f"BASE_URL is {base_url}, so this is production: set SECRET_KEY to {_MINIMUM_SECRET} or more random characters."
        raise BadSettings(message)
    if not local and not smtp_url:
        message = f"BASE_URL is {base_url}, so this is production: set SMTP_URL, or nobody receives a letter."
        raise BadSettings(message)
    meilisearch_url = environment.get("MEILISEARCH_URL", "").rstrip("/")
    meilisearch_key = environment.get("MEILISEARCH_KEY", "").strip()
    if meilisearch_url and urlsplit(meilisearch_url).scheme not in {"http", "https"}:
        message = "MEILISEARCH_URL is no address: give one such as http://127.0.0.1:7700."
        raise BadSettings(message)
    if meilisearch_url and not local and not meilisearch_key:
        message = "MEILISEARCH_URL is set and this is production: set MEILISEARCH_KEY, for a server without a key obeys anyone."
        raise BadSettings(message)
    host = urlsplit(base_url).hostname or "localhost"
    return Settings(
        data_dir=data_dir,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{data_dir / 'academy.db'}",
        secret_key=secret or _own_secret(data_dir),
        base_url=base_url,
        port=port,
        smtp_url=smtp_url,
        mail_from=environment.get("MAIL_FROM") or f"AD Academy <noreply@{host if '.' in host and not host[0].isdigit() else 'adacademy.example'}>",
        log_level=(environment.get("LOG_LEVEL") or "info").lower(),
        meilisearch_url=meilisearch_url,
        meilisearch_key=meilisearch_key,
    )


def _port(text: str) -> int:
    if text.isdigit() and 0 < int(text) < 65536:  # noqa: PLR2004 - the number of TCP ports
        return int(text)
    message = f"PORT is {text!r}; give a number from 1 to 65535."
    raise BadSettings(message)


def _own_secret(data_dir: Path) -> str:
    """Return the secret of a local installation: made at the first start, readable by its owner only."""
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            own = path.with_name(f"secret_key.{os.getpid()}")
            write_atomically(own, secrets.token_urlsafe(48).encode())
            with contextlib.suppress(FileExistsError):  # two first starts at once keep the same one
                path.hardlink_to(own)
            own.unlink()
        return path.read_text()
    except OSError as error:
        message = f"The data directory {data_dir} can not be written ({error.strerror}). Give a writable one with DATA_DIR."
        raise BadSettings(message) from error
