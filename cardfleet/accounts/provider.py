"""The company's own sign-in as a provider of django-allauth, which finds it by the name of this module.

Stricter than allauth's own: the provider's metadata must be of the issuer that was configured; an ID token must be
signed with a key of the provider's, be for us, of now, and carry the nonce of this very sign-in. Nothing of it is kept.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from requests import RequestException

from cardfleet.accounts.claims import Claims, CompanySignIn
from cardfleet.accounts.errors import CompanySignInRefused, ProviderAnswerRefused, ProviderUnreachable

ID = "company"
METADATA = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Signatures only: neither "none" nor a secret that both sides share.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_S = 30


class CompanyAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Asks the provider and proves what it answers. `nonce` is that of the sign-in under way."""

    nonce = ""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, configured().issuer)

    @property
    def openid_config(self) -> Mapping[str, Any]:
        """Return the provider's metadata. ProviderUnreachable, ProviderAnswerRefused."""
        if not hasattr(self, "_metadata"):
            issuer = configured().issuer
            found = fetched(issuer.removesuffix("/") + METADATA)
            if found.get("issuer") != issuer or not all(isinstance(found.get(name), str) for name in ENDPOINTS):
                raise ProviderAnswerRefused
            self._metadata = found
        return self._metadata

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Return where the provider sends people back to."""
        del app
        url: str = build_absolute_uri(request, reverse("company_sign_in_callback"))
        return url

    def parse_token(self, data: Mapping[str, Any]) -> SocialToken:
        """Return the access token, which nothing is asked with and nobody keeps."""
        return SocialToken(token=data["access_token"])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Return a sign-in with the proven claims. ProviderUnreachable, ProviderAnswerRefused."""
        del app, token
        keys = fetched(self.openid_config["jwks_uri"])
        claims = proven(kwargs["response"].get("id_token"), keys=keys, nonce=self.nonce)
        login = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        return login


class CompanyProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider, from the settings."""

    id = ID
    oauth2_adapter_class = CompanyAdapter
    pkce_enabled_default = True

    def get_oauth2_adapter(self, request: HttpRequest) -> CompanyAdapter:
        """Return what asks the provider."""
        return CompanyAdapter(request)

    def get_scope(self) -> list[str]:
        """Return what is asked for."""
        return list(configured().scopes)

    def get_callback_url(self) -> str:
        """Return the path that the provider sends people back to."""
        return reverse("company_sign_in_callback")

    def extract_uid(self, data: Claims) -> str:
        """Return what the provider calls the person."""
        return str(data["sub"])

    def extract_extra_data(self, _data: Claims) -> dict[str, Any]:
        """Return nothing: what is said of people is used and not kept."""
        return {}

    def extract_common_fields(self, _data: Claims) -> dict[str, Any]:
        """Return nothing: people are entered in CardFleet."""
        return {}

    def extract_email_addresses(self, _data: Claims) -> list[Any]:
        """Return nothing: `claims.read_claims` reads the e-mail."""
        return []


provider_classes = [CompanyProvider]


def configured() -> CompanySignIn:
    """Return the sign-in that the settings describe. CompanySignInRefused where there is none."""
    company = settings.COMPANY_SIGN_IN
    if company is None:
        raise CompanySignInRefused
    return company


def fetched(url: str) -> Mapping[str, Any]:
    """Return the JSON object at an address of the provider's. ProviderUnreachable."""
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url)
            answer.raise_for_status()
            found = answer.json()
    except RequestException as error:
        raise ProviderUnreachable from error
    if not isinstance(found, dict):
        raise ProviderUnreachable
    return found


def proven(id_token: object, *, keys: Mapping[str, Any], nonce: str) -> Claims:
    """Return the claims of an ID token that is the provider's, for us, of now and of this sign-in.

    ProviderAnswerRefused for any other.
    """
    company = configured()
    if not isinstance(id_token, str) or not nonce:
        raise ProviderAnswerRefused
    try:
        claims: Claims = jwt.decode(
            id_token,
            key=_key(id_token, keys),
            algorithms=ALGORITHMS,
            issuer=company.issuer,
            audience=company.client_id,
            leeway=LEEWAY_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
        )
    except jwt.PyJWTError as error:
        raise ProviderAnswerRefused from error
    if claims.get("azp", company.client_id) != company.client_id:
        raise ProviderAnswerRefused
    if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise ProviderAnswerRefused
    return claims


def _key(id_token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    """Return the key that a token names, or the only one there is; PyJWTError."""
    named = jwt.get_unverified_header(id_token).get("kid")
    usable = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.public_key_use in {None, "sig"}]
    found = [key for key in usable if named is None or key.key_id == named]
    if len(found) != 1:
        raise jwt.InvalidKeyError
    return found[0]
