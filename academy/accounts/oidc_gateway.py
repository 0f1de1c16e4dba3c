"""SURFconext and eduID by OpenID Connect: the code flow with PKCE and a nonce. The only file that knows Authlib, joserfc and the line to a provider."""

import io
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests.adapters import HTTPAdapter
from typing_extensions import override
from urllib3.exceptions import HTTPError

from academy.accounts.gateway import Departure, Proof, ProofNotValid, ProviderAway, SignInCancelled

_CONNECT, _READ, _WHOLE = 2.0, 5.0, 8.0  # seconds: until it listens, between two pieces, for one answer
_LARGEST: Final = 256 * 1024  # bytes of one answer; those of SURFconext have a few thousand
_KEPT: Final = 3600.0  # seconds that the provider's description and keys are good for
_LEEWAY: Final = 60  # seconds that two clocks may differ
_AT_ONCE: Final = 4  # exchanges: a slow provider must not take every thread of the house
_SCOPE: Final = "openid email profile"  # as little as an account needs
_ALGORITHMS: Final = ["RS256", "PS256", "ES256"]  # signed with a key that the provider alone has: neither "none" nor a shared secret
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")

# https://wiki.surfnet.nl, "eduID ACR": what eduID was asked to make sure of, and did.
_CHECKED_NAME: Final = "https://eduid.nl/trust/validate-names"
_NAMES_CHECKED: Final = frozenset(
    f"{checked}{more}" for checked in (_CHECKED_NAME, "https://eduid.nl/trust/validate-names-external") for more in ("", "/mfa")
)
_REFEDS_MFA: Final = "https://refeds.org/profile/mfa"
_MFA_AT_EDUID: Final = ("https://eduid.nl/trust/", "/mfa")

_log = structlog.get_logger("academy.accounts")
_turns = threading.BoundedSemaphore(_AT_ONCE)


class _Bounded(HTTPAdapter):
    """Reads an answer whole, within limits of time and size."""

    @override
    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """Return the answer with its body read. Raises what `requests` and urllib3 raise."""
        deadline = time.monotonic() + _WHOLE
        options.update(stream=True, timeout=(_CONNECT, _READ))
        answer = super().send(request, **options)
        body = bytearray()
        while piece := answer.raw.read1(_LARGEST, decode_content=True):
            body += piece
            if len(body) > _LARGEST or time.monotonic() > deadline:
                answer.close()
                raise requests.Timeout
        answer.raw = io.BytesIO(body)
        return answer


class OidcProvider:
    """One provider: `code` in our addresses, `name` for people, the rest as agreed with it."""

    def __init__(self, *, code: str, name: str, issuer: str, client_id: str, client_secret: str) -> None:
        self.code, self.name, self.issuer = code, name, issuer
        self._client_id, self._client_secret = client_id, client_secret
        self._description: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._good_until = 0.0

    @property
    def checks_names(self) -> bool:
        """Tell whether a checked name can be asked for: at eduID; an institution at SURFconext could claim to have checked anything."""
        return self.code == "eduid"

    def depart(self, *, return_url: str, with_checked_name: bool) -> tuple[str, Departure]:
        """Return where to send someone, and what to remember. Raises ProviderAway."""
        leaving = Departure(state=generate_token(32), nonce=generate_token(32), verifier=generate_token(48))
        more = {"acr_values": _CHECKED_NAME} if with_checked_name and self.checks_names else {}
        with self._line() as line:
            endpoint = self._described(line)["authorization_endpoint"]
            url, _state = line.create_authorization_url(
                endpoint, state=leaving.state, code_verifier=leaving.verifier, nonce=leaving.nonce, redirect_uri=return_url, **more,
            )
        return url, leaving

    def prove(self, departure: Departure, answer: Mapping[str, str], *, return_url: str, now: datetime) -> Proof:
        """Return what is proven by an answer. Raises ProviderAway, SignInCancelled and ProofNotValid."""
        if answer.get("iss", self.issuer) != self.issuer:  # RFC 9207: an answer of another provider
            raise self._lie("issuer-of-answer")
        if answer.get("error") in {"server_error", "temporarily_unavailable"}:
            raise self._away(answer["error"])
        if "error" in answer:
            raise SignInCancelled(self.name)
        with self._line() as line:
            described = self._described(line)
            token = line.fetch_token(
                described["token_endpoint"], grant_type="authorization_code", code=answer.get("code", ""), redirect_uri=return_url,
                code_verifier=departure.verifier,
            )
            claims = self._signed_claims(line, token, departure.nonce, now=now)
            return self._proof(claims, self._told(line, described, claims))

    @contextmanager
    def _line(self) -> Iterator[OAuth2Session]:
        """Open a line to the provider; what goes wrong on it becomes a refusal."""
        if not _turns.acquire(timeout=_CONNECT):
            raise self._away("no turn")
        try:
            with OAuth2Session(self._client_id, self._client_secret, scope=_SCOPE, code_challenge_method="S256") as line:
                line.trust_env = False  # a netrc file of the machine has no say in who we are
                line.max_redirects = 0  # the secret goes to the address that was described, and nowhere else
                for scheme in ("https://", "http://"):
                    line.mount(scheme, _Bounded())
                yield line
        except (requests.RequestException, HTTPError) as error:
            raise self._away(type(error).__name__) from error
        except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
            raise self._lie(type(error).__name__) from error
        finally:
            _turns.release()

    def _away(self, reason: str) -> ProviderAway:
        _log.warning("identity provider away", provider=self.code, reason=reason)
        return ProviderAway(self.name)

    def _lie(self, reason: str) -> ProofNotValid:
        _log.warning("identity not proven", provider=self.code, reason=reason)
        return ProofNotValid(self.name, reason)

    def _described(self, line: OAuth2Session) -> dict[str, Any]:
        """Return the provider's own description (OpenID Connect Discovery 1.0), asked for once an hour."""
        if time.monotonic() < self._good_until:
            return self._description
        found = _json(line, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer or not all(self._is_safe(found.get(name)) for name in _ENDPOINTS):
            raise self._away("description")
        self._description, self._keys = found, None
        self._good_until = time.monotonic() + _KEPT
        return found

    def _is_safe(self, address: object) -> bool:
        """Tell whether an address may get secrets: HTTPS, except where the provider itself is a local one without."""
        return isinstance(address, str) and urlsplit(address).scheme in {"https", urlsplit(self.issuer).scheme}

    def _signed_claims(self, line: OAuth2Session, token: Mapping[str, Any], nonce: str, *, now: datetime) -> CodeIDToken:
        """Return the claims of the ID token when all of it is right (OpenID Connect Core 1.0, 3.1.3.7)."""
        registry = JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
        try:
            signed = jwt.decode(token["id_token"], key=self._key_set(line), registry=registry)
        except InvalidKeyIdError:  # the provider has a new key
            signed = jwt.decode(token["id_token"], key=self._key_set(line, anew=True), registry=registry)
        claims = CodeIDToken(
            signed.claims, signed.header,
            {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self._client_id}},
            {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
        )
        claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        return claims

    def _key_set(self, line: OAuth2Session, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            keys: Any = _json(line, self._description["jwks_uri"])
            self._keys = KeySet.import_key_set(keys)
        return self._keys

    def _told(self, line: OAuth2Session, described: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the provider tells of the person: SURFconext does so at its userinfo endpoint, not in the token."""
        if "email" in claims or not self._is_safe(described.get("userinfo_endpoint")):
            return claims
        told = _json(line, described["userinfo_endpoint"], withhold_token=False)
        if told.get("sub") != claims["sub"]:  # Core 5.3.2: else it may be about somebody else
            raise self._lie("subject-of-userinfo")
        return told

    def _proof(self, claims: Mapping[str, Any], told: Mapping[str, Any]) -> Proof:
        subject, acr = _text(claims, "sub"), _text(claims, "acr")
        if not subject.isascii() or not 0 < len(subject) <= 255:  # noqa: PLR2004 - OpenID Connect Core 2
            raise self._lie("subject")
        whole = " ".join(filter(None, (_text(told, "given_name"), _text(told, "family_name"))))
        # SURFconext and eduID do not send `email_verified`: that they vouch for an address is agreed with them (docs/identity-providers.md).
        vouched_for = told.get("email_verified", True) in (True, "true")
        start, end = _MFA_AT_EDUID
        return Proof(
            issuer=self.issuer, subject=subject, email=_text(told, "email") if vouched_for else "", name=_text(told, "name") or whole,
            validated_name=(whole or _text(told, "name")) if self.checks_names and acr in _NAMES_CHECKED else "",
            is_twofold=acr == _REFEDS_MFA or (self.checks_names and acr.startswith(start) and acr.endswith(end)),
        )


def _json(line: OAuth2Session, url: str, *, withhold_token: bool = True) -> dict[str, Any]:
    """Return the JSON object at `url`. Raises RequestException, also when it is none."""
    answer = line.request("GET", url, withhold_token=withhold_token, headers={"Accept": "application/json"})
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise requests.exceptions.InvalidJSONError
    return found


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
