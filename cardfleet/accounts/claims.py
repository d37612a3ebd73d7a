"""What the company's own sign-in says of somebody, and what it means here. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.kernel.errors import Reason

Claims = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CompanySignIn:
    """A provider of OpenID Connect, and which of its claims means what; a dot leads into a claim (`realm.roles`).

    Without `roles` (their words there: ours) roles stay CardFleet's matter, without `teams_claim` scopes do.
    `second_factors`: values of `amr` or `acr` by which it says that it asked for a second factor. Without `passwords`
    nobody who came by it signs in by a password here.
    """

    issuer: str
    client_id: str
    secret: str
    name: str
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    staff_no_claim: str = "employee_number"
    roles_claim: str = "groups"
    roles: Mapping[str, Role] = field(default_factory=dict)
    teams_claim: str = ""
    second_factors: frozenset[str] = frozenset()
    passwords: bool = True


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was said of somebody: who they are there (`subject`) and here, their roles and teams (None: not said).

    `email` only where it was verified. `asked_at`: when they last proved who they are (seconds since 1970).
    """

    subject: str
    staff_no: str
    email: str
    roles: frozenset[Role] | None
    teams: frozenset[str] | None
    second_factor: bool
    asked_at: float | None


def read_claims(claims: Claims, sign_in: CompanySignIn) -> tuple[Said, list[Reason]]:
    """Return what verified claims mean, and why they let nobody in."""
    groups, teams = words(claims, sign_in.roles_claim), words(claims, sign_in.teams_claim)
    said = Said(
        subject=str(claims["sub"]),
        staff_no=number(claim(claims, sign_in.staff_no_claim)),
        email=str(claims.get("email") or "") if claims.get("email_verified") is True else "",
        roles=frozenset(sign_in.roles[group] for group in groups if group in sign_in.roles) if sign_in.roles else None,
        teams=teams if sign_in.teams_claim else None,
        second_factor=bool(sign_in.second_factors & (words(claims, "amr") | words(claims, "acr"))),
        asked_at=moment(claims.get("auth_time")),
    )
    return said, _faults(said, sign_in)


def _faults(said: Said, sign_in: CompanySignIn) -> list[Reason]:
    faults = []
    if not said.staff_no and not said.email:
        faults.append(
            Reason(
                code="nobody_named",
                message=_("It names neither your staff number ({claim}) nor a verified e-mail.").format(
                    claim=sign_in.staff_no_claim
                ),
                clears=_("Whoever runs the company's sign-in adds one of them to what it tells CardFleet."),
            )
        )
    if said.roles is not None and not said.roles:
        faults.append(
            Reason(
                code="no_role",
                message=_("It gives you none of the roles of CardFleet ({claim}).").format(claim=sign_in.roles_claim),
                clears=_("Ask an administrator to put you into the group of your role there."),
            )
        )
    return faults


def claim(claims: Claims, name: str) -> Any:
    """Return a claim by its name, else by the way to it, as `realm.roles`; None where there is none."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def words(claims: Claims, name: str) -> frozenset[str]:
    """Return a claim of one word or several; what is no word is left out."""
    found = claim(claims, name) if name else None
    several = found if isinstance(found, list) else [found]
    return frozenset(word for word in several if isinstance(word, str) and word)


def number(value: object) -> str:
    """Return a staff number, which some send as a number."""
    return str(value).strip() if isinstance(value, str) or type(value) is int else ""


def moment(value: object) -> float | None:
    """Return a moment in seconds since 1970; None where none was told."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
