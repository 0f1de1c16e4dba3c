"""A passkey in software, for tests: it makes keys and signs as a device would, also what a device never would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40  # flags of authenticator data (WebAuthn 6.1)


@dataclass
class Authenticator:
    origin: str = "http://localhost:8000"
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    user: bytes = b""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, options: str) -> str:
        """Answer a question for a new passkey."""
        asked = json.loads(options)
        self.user = base64url_to_bytes(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        made = self._said(WITH_KEY) + bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": made})
        return self._answer(clientDataJSON=self._client("create", asked["challenge"]), attestationObject=attestation)

    def get(self, options: str) -> str:
        """Answer a question for a passkey that is there."""
        client, said = self._client("get", json.loads(options)["challenge"]), self._said()
        signature = self.key.sign(said + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=said, signature=signature, userHandle=self.user)

    def _said(self, more: int = 0) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client(self, act: str, challenge: str) -> bytes:
        return json.dumps({"type": f"webauthn.{act}", "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential_id)
        told: dict[str, Any] = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(told | {"response": {part: bytes_to_base64url(value) for part, value in response.items()}})
