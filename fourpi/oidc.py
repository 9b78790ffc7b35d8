"""Speak OpenID Connect to an organisation's provider: the code flow, fully checked.

Source: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE). Nothing is asked of a
host but the provider's own, no redirect is followed, and every identity has to be
signed, even where it came straight from the provider.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from django.conf import settings


ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
LEEWAY_SECONDS = 30
PATIENCE_SECONDS = 5
LARGEST_ANSWER = 256 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Untrusted(Exception):
    """The provider could not be reached, or what it says is not proven."""


@dataclass(frozen=True)
class Client:
    """How we are known to a provider."""

    issuer: str
    client_id: str
    secret: str
    back: str


@dataclass(frozen=True)
class Attempt:
    """One try to sign in, remembered between leaving for the provider and return."""

    state: str
    nonce: str
    verifier: str


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def new_attempt() -> Attempt:
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


def leave_for(client: Client, attempt: Attempt, *, email: str) -> str:
    """Make the address at which the provider asks who somebody is.

    Raises: Untrusted.
    """
    endpoint = _discovered(client.issuer)["authorization_endpoint"]
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.back,
        "scope": "openid email profile",
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": email,
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def claims_of(client: Client, attempt: Attempt, *, code: str) -> dict[str, Any]:
    """Exchange the code for what the provider says of the person, and check it.

    Raises: Untrusted.
    """
    known = _discovered(client.issuer)
    tokens = _exchange(known, client, attempt, code)
    claims = _checked(known, client, attempt, str(tokens.get("id_token", "")))
    if "email" not in claims:
        claims |= _userinfo(known, tokens, subject=claims["sub"])
    return claims


def is_ours_to_ask(address: str, issuer: str) -> bool:
    """Say whether an address is on the provider's own host, and encrypted."""
    place, home = urlsplit(address), urlsplit(issuer)
    is_loopback = settings.EMBEDDED and place.hostname in LOOPBACK
    is_safe = place.scheme == "https" or (place.scheme == "http" and is_loopback)
    return is_safe and place.netloc == home.netloc and not place.username


def _discovered(issuer: str) -> dict[str, Any]:
    """Read what the provider says of itself.

    Source: OpenID Connect Discovery 1.0, section 4.
    """
    known = _ask(f"{issuer.rstrip('/')}/.well-known/openid-configuration", issuer)
    if known.get("issuer") != issuer:
        raise Untrusted("the provider calls itself otherwise")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_ours_to_ask(str(known.get(name, "")), issuer):
            raise Untrusted(f"{name} is on another host")
    return known


def _exchange(
    known: dict[str, Any], client: Client, attempt: Attempt, code: str
) -> dict[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.back,
        "code_verifier": attempt.verifier,
    }
    headers = {}
    methods = known.get("token_endpoint_auth_methods_supported")
    if methods and "client_secret_basic" not in methods:
        form |= {"client_id": client.client_id, "client_secret": client.secret}
    else:
        # RFC 6749, section 2.3.1: each is encoded before the two are joined.
        pair = f"{quote(client.client_id, '')}:{quote(client.secret, '')}"
        headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return _ask(known["token_endpoint"], client.issuer, form=form, headers=headers)


def _checked(
    known: dict[str, Any], client: Client, attempt: Attempt, id_token: str
) -> dict[str, Any]:
    """Check the signature and each claim.

    Source: OpenID Connect Core 1.0, section 3.1.3.7.
    """
    keys = _ask(known["jwks_uri"], client.issuer)
    try:
        claims: dict[str, Any] = jwt.decode(
            id_token,
            _key(keys, id_token),
            algorithms=ALGORITHMS,
            issuer=client.issuer,
            audience=client.client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED},
        )
    except (jwt.PyJWTError, ValueError) as fault:
        raise Untrusted(type(fault).__name__) from None
    if not secrets.compare_digest(str(claims["nonce"]), attempt.nonce):
        raise Untrusted("nonce")
    if claims.get("azp", client.client_id) != client.client_id:
        raise Untrusted("azp")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
        raise Untrusted("aud")
    return claims


def _key(keys: dict[str, Any], id_token: str) -> Any:
    header = jwt.get_unverified_header(id_token)
    found = [
        key
        for key in jwt.PyJWKSet.from_dict(keys).keys
        if key.key_id == header.get("kid") and key.public_key_use in (None, "sig")
    ]
    if len(found) != 1:
        raise Untrusted("key")
    return found[0]


def _userinfo(
    known: dict[str, Any], tokens: dict[str, Any], *, subject: str
) -> dict[str, Any]:
    """Ask for the address, where the identity has none.

    Source: OpenID Connect Core 1.0, section 5.3.2: of the same subject only.
    """
    address = str(known.get("userinfo_endpoint", ""))
    if not is_ours_to_ask(address, known["issuer"]):
        raise Untrusted("userinfo_endpoint is on another host")
    headers = {"Authorization": f"Bearer {tokens.get('access_token', '')}"}
    said = _ask(address, known["issuer"], headers=headers)
    if said.get("sub") != subject:
        raise Untrusted("userinfo is of somebody else")
    return {
        name: said[name] for name in ("email", "email_verified", "name") if name in said
    }


def _ask(
    address: str,
    issuer: str,
    *,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Ask the provider for one JSON object.

    Raises: Untrusted.
    """
    if not is_ours_to_ask(address, issuer):
        raise Untrusted("another host")
    body = urlencode(form).encode() if form is not None else None
    request = Request(address, body, {"Accept": "application/json"} | (headers or {}))
    opener = build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=PATIENCE_SECONDS) as page:
            said = json.loads(page.read(LARGEST_ANSWER))
    except (URLError, HTTPException, OSError, ValueError) as fault:
        raise Untrusted(type(fault).__name__) from None
    if not isinstance(said, dict):
        raise Untrusted("no object")
    return said
