"""A small OpenID Connect provider on this machine: real HTTP, really signed."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


CLIENT_ID, SECRET = "our client: 4Pi", "a secret/with+signs"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider:
    """Knows one person, and says of her what the test asks for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.person: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}  # what differs in the identity
        self.known: dict[str, Any] = {}  # what differs in the discovery
        self.userinfo: dict[str, Any] | None = None
        self.key = KEY
        self.algorithm = "RS256"
        self._codes: dict[str, dict[str, str]] = {}

    def knows(self, email: str, **claims: Any) -> None:
        self.person = {
            "sub": f"subject-of-{email}",
            "email": email,
            "email_verified": True,
            "name": "Asha From There",
        } | claims

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorise",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
        } | self.known

    def authorise(self, query: str) -> str:
        """Ask nobody, and send the browser back with a code."""
        asked = {name: value[0] for name, value in parse_qs(query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.address}
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: str, authorisation: str) -> tuple[int, dict[str, Any]]:
        sent = {name: value[0] for name, value in parse_qs(form).items()}
        pair = f"{quote(CLIENT_ID, '')}:{quote(SECRET, '')}".encode()
        if authorisation != f"Basic {base64.b64encode(pair).decode()}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != sent["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "opaque", "id_token": self.identity(asked)}

    def identity(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.person
        claims |= self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.key if self.algorithm != "none" else None
        return jwt.encode(claims, key, self.algorithm, headers={"kid": "the-key"})

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [public | {"kid": "the-key", "use": "sig"}]}


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        self.provider.asked.append(self.path)
        place = urlsplit(self.path)
        if place.path == "/authorise":
            self.send_response(302)
            self.send_header("Location", self.provider.authorise(place.query))
            self.end_headers()
            return
        answers = {
            "/.well-known/openid-configuration": self.provider.discovery,
            "/keys": self.provider.keys,
            "/userinfo": lambda: self.provider.userinfo or {},
        }
        self._say(200, answers[place.path]())

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(*self.provider.token(form, self.headers.get("Authorization", "")))

    def _say(self, status: int, words: dict[str, Any]) -> None:
        body = json.dumps(words).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def started() -> Iterator[Provider]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
