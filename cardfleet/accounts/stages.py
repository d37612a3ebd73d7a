"""The steps of a sign-in after who somebody is: the one-time code, where nobody asked for a second factor before."""

from typing import Any

from allauth.mfa.stages import AuthenticateStage

SECOND_FACTOR = "second_factor"


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Asks for the one-time code, but where the company's own sign-in says that it asked for a second factor."""

    def handle(self) -> tuple[Any, bool]:
        """Return the page that asks, if any, and whether the sign-in goes on."""
        company = (self.login.signal_kwargs or {}).get("sociallogin")
        if company and company.state.get(SECOND_FACTOR):
            return None, True
        response, goes_on = super().handle()
        return response, bool(goes_on)
