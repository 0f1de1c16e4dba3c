"""Settings: read once from the environment, frozen; `docs/production.md` names every one."""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from academy.kernel.files import write_atomically
from academy.kernel.web.security import LOOPBACK_HOSTS

_MINIMUM_SECRET = 32
_WHOLE = 10_000  # hundredths of a per cent
_IDENTITY_PROVIDERS = (("eduid", "eduID"), ("surfconext", "SURFconext"))
_CONTACT = re.compile(r"mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+?[0-9-]+")  # RFC 9116 §2.5.3


class BadSettings(Exception):
    """The environment does not make a working, safe installation; the text says what to set."""


@dataclass(frozen=True)
class OidcSettings:
    """An identity provider where this installation is registered as a client."""

    code: str  # "eduid": in addresses of ours, and in the names of its settings
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class PaymentSettings:
    """Who takes payments, and what is agreed about them."""

    stripe_key: str = field(repr=False)  # "": no payment service
    notice_secrets: tuple[str, ...] = field(repr=False)  # any of them may have signed a notice
    api_base: str  # "": Stripe itself
    methods: tuple[str, ...]  # none: the ways to pay that are chosen at the payment service
    fee_rate: int  # of every payment, for the platform: hundredths of a per cent, VAT included


@dataclass(frozen=True)
class Settings:
    """What an installation may choose."""

    data_dir: Path
    database_url: str
    secret_key: str
    former_keys: tuple[str, ...]  # no longer sign anything; what they signed is still good
    base_url: str
    port: int
    smtp_url: str
    mail_from: str
    log_level: str
    meilisearch_url: str
    meilisearch_key: str
    security_contact: str  # a URI: mailto:, https: or tel:
    contact_email: str  # of people who answer questions; "" on a trial installation
    contact_phone: str
    identity_providers: tuple[OidcSettings, ...]
    payments: PaymentSettings

    @property
    def is_local(self) -> bool:
        """Whether this installation is reached from its own machine only; what is not local is production."""
        return urlsplit(self.base_url).hostname in LOOPBACK_HOSTS

    @property
    def has_demo_mailbox(self) -> bool:
        """Letters become files that anyone at this machine may read: only without SMTP and only locally."""
        return self.is_local and not self.smtp_url

    @property
    def has_demo_bank(self) -> bool:
        """Payments go through a bank that moves no money: only without a payment service and only locally."""
        return self.is_local and not self.payments.stripe_key


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
    found = (_oidc(environment, code, name, local=local) for code, name in _IDENTITY_PROVIDERS)
    identity_providers = tuple(each for each in found if each)
    host = urlsplit(base_url).hostname or "localhost"
    mail_from = environment.get("MAIL_FROM") or f"AD Academy <noreply@{host if '.' in host and not host[0].isdigit() else 'adacademy.example'}>"
    return Settings(
        data_dir=data_dir,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{data_dir / 'academy.db'}",
        secret_key=secret or _own_secret(data_dir),
        former_keys=_former_keys(environment.get("SECRET_KEY_FALLBACKS", "")),
        base_url=base_url,
        port=port,
        smtp_url=smtp_url,
        mail_from=mail_from,
        log_level=(environment.get("LOG_LEVEL") or "info").lower(),
        meilisearch_url=meilisearch_url,
        meilisearch_key=meilisearch_key,
        security_contact=_contact(environment.get("SECURITY_CONTACT", ""), mail_from),
        contact_email=environment.get("CONTACT_EMAIL", "").strip(),
        contact_phone=environment.get("CONTACT_PHONE", "").strip(),
        identity_providers=identity_providers,
        payments=_payments(environment),
    )


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:  # noqa: PLR2004 - the number of TCP ports
        return int(text)
    message = f"PORT is {text!r}; give a number from 1 to 65535."
    raise BadSettings(message)


def _former_keys(text: str) -> tuple[str, ...]:
    keys = _listed(text)
    if any(len(key) < _MINIMUM_SECRET for key in keys):
        message = f"SECRET_KEY_FALLBACKS has a key that is too short: give the former SECRET_KEYs whole ({_MINIMUM_SECRET} characters or more), with a comma between them."
        raise BadSettings(message)
    return keys


def _contact(text: str, mail_from: str) -> str:
    """Return the URI for who finds a hole; by itself the mailbox `security` (RFC 2142) where our letters come from."""
    given = text.strip() or f"security@{parseaddr(mail_from)[1].rpartition('@')[2]}"
    uri = given if ":" in given else f"mailto:{given}"
    if not _CONTACT.fullmatch(uri):
        message = "SECURITY_CONTACT is no contact: give an e-mail address, or a page that begins with https://."
        raise BadSettings(message)
    return uri


def _payments(environment: Mapping[str, str]) -> PaymentSettings:
    key = environment.get("STRIPE_KEY", "").strip()
    notice_secrets = _listed(environment.get("STRIPE_WEBHOOK_SECRET", ""))
    api_base = environment.get("STRIPE_API_BASE", "").rstrip("/")
    fee = environment.get("PLATFORM_FEE") or "0"
    if key and not key.startswith(("sk_", "rk_")):
        message = "STRIPE_KEY is no secret key: give one that begins with sk_ or rk_."
        raise BadSettings(message)
    if key and not notice_secrets:
        message = "STRIPE_KEY is set: set STRIPE_WEBHOOK_SECRET too, or no payment is ever known to be paid."
        raise BadSettings(message)
    if notice_secrets and not key:
        message = "STRIPE_WEBHOOK_SECRET is set: set STRIPE_KEY too, or nobody can pay."
        raise BadSettings(message)
    if api_base and urlsplit(api_base).hostname not in LOOPBACK_HOSTS:
        message = "STRIPE_API_BASE is for tests on this machine only: leave it out."
        raise BadSettings(message)
    if not (fee.isdecimal() and int(fee) <= _WHOLE):
        message = f"PLATFORM_FEE is {fee!r}; give hundredths of a per cent, from 0 to {_WHOLE}: 250 is 2.5 per cent."
        raise BadSettings(message)
    return PaymentSettings(key, notice_secrets, api_base, _listed(environment.get("PAYMENT_METHODS", "")), int(fee))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each for part in text.split(",") if (each := part.strip()))


def _oidc(environment: Mapping[str, str], code: str, name: str, *, local: bool) -> OidcSettings | None:
    prefix = f"OIDC_{code.upper()}_"
    parts = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")
    given = [environment.get(prefix + part, "").strip() for part in parts]
    if not any(given):
        return None
    if not all(given):
        lacking = " and ".join(prefix + part for part, value in zip(parts, given, strict=True) if not value)
        message = f"Signing in at {name} is half set up: set {lacking} too, or none of the three."
        raise BadSettings(message)
    issuer, client_id, client_secret = given
    address = urlsplit(issuer)
    if address.scheme not in {"http", "https"} or not address.hostname or address.query or address.fragment:
        message = f"{prefix}ISSUER is no address: give the issuer as {name} writes it, such as https://connect.surfconext.nl."
        raise BadSettings(message)
    if address.scheme == "http" and not (local and address.hostname in LOOPBACK_HOSTS):
        message = f"{prefix}ISSUER begins with http: give one with https://, for who listens in could sign in as anyone."
        raise BadSettings(message)
    return OidcSettings(code, name, issuer, client_id, client_secret)


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
