"""Who may stand where and act on whom. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.kernel.errors import Reason

SIZES = (TeamKind.COMPANY, TeamKind.LEGAL_ENTITY, TeamKind.SITE, TeamKind.TEAM)


def may_stand_below(kind: TeamKind, above: TeamKind) -> bool:
    """Tell whether a team may stand below another: below a larger kind, and teams below teams."""
    return SIZES.index(kind) > SIZES.index(above) or kind == above == TeamKind.TEAM


def is_subordinate(roles: Collection[str]) -> bool:
    """Tell whether a supervisor may act on somebody with these roles."""
    return set(roles) <= {Role.AGENT}


LONGEST_DELEGATION = timedelta(days=92)
LONGEST_OVERLAP = timedelta(hours=168)


def faults_of_delegation(
    *, starts_at: datetime, ends_at: datetime, now: datetime, receiver_roles: Collection[str], is_covered: bool
) -> Iterator[Reason]:
    """Yield why what somebody sees of a team cannot be lent so: nobody lends more than they have (R12)."""
    if not is_covered:
        yield Reason(code="not_yours", message=_("The lender does not see this team."), field="team")
    if Role.SUPERVISOR not in receiver_roles:
        yield Reason(
            code="no_supervisor",
            message=_("Only a supervisor may stand in."),
            field="receiver",
            clears=_("An administrator gives that role first."),
        )
    if ends_at <= max(starts_at, now):
        yield Reason(code="no_time", message=_("It ends after it starts, and in time to come."), field="last")
    if ends_at - starts_at > LONGEST_DELEGATION:
        yield Reason(
            code="too_long",
            message=_("At most 92 days."),
            field="last",
            clears=_("For longer, an administrator grants the scope."),
        )


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a token is for: whether it may change things, which areas (app labels), from which networks (CIDR).

    Empty areas and networks: all of them.
    """

    writes: bool = True
    areas: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()


def read_networks(texts: Collection[str]) -> tuple[list[str], list[Reason]]:
    """Return addresses and networks (`10.0.0.7`, `10.0.0.0/24`, `2001:db8::/48`) as CIDR, and why others are none."""
    read, faults = [], []
    for text in texts:
        try:
            read.append(str(_network(text.strip())))
        except ValueError:
            message = _("This is no address and no network such as 10.0.0.0/24.")
            faults.append(Reason(code="no_network", message=message, field="networks", value=text))
    return list(dict.fromkeys(read)), faults


def is_among(address: str, networks: Collection[str]) -> bool:
    """Tell whether an address is of one of the networks; IPv4 told as IPv6 is IPv4."""
    told = ip_address(address)
    plain: IPv4Address | IPv6Address = getattr(told, "ipv4_mapped", None) or told
    return any(plain in _network(network) for network in networks)


def faults_of_terms(asked: Terms, *, own: Terms | None, known: Collection[str]) -> Iterator[Reason]:
    """Yield why a token cannot be for that; `own`: the terms of the token that asks for it, which gives no more."""
    if asked.areas - set(known):
        unknown = ", ".join(sorted(asked.areas - set(known)))
        message = _("There is no such area. Use some of: {names}.").format(names=", ".join(sorted(known)))
        yield Reason(code="no_area", message=message, field="areas", value=unknown)
    if own is None:
        return
    wider = _("The token that asks has less itself.")
    if asked.writes and not own.writes:
        yield Reason(code="wider", message=wider, field="writes")
    if own.areas and not (asked.areas and asked.areas <= own.areas):
        yield Reason(code="wider", message=wider, field="areas")
    if own.networks and not (asked.networks and all(_lies_within(one, own.networks) for one in asked.networks)):
        yield Reason(code="wider", message=wider, field="networks")


def faults_of_life(life: timedelta, *, longest: timedelta) -> list[Reason]:
    """Return why a token cannot live so long."""
    if timedelta(0) < life <= longest:
        return []
    message = _("From 1 to {days} days.").format(days=longest.days)
    return [Reason(code="life", message=message, field="days")]


def faults_of_overlap(overlap: timedelta) -> list[Reason]:
    """Return why a replaced token cannot live on for so long."""
    if timedelta(0) <= overlap <= LONGEST_OVERLAP:
        return []
    return [Reason(code="overlap", message=_("From 0 to 168 hours."), field="hours")]


def _lies_within(network: str, others: Collection[str]) -> bool:
    inner = _network(network)
    outer = (_network(other) for other in others)
    return any(inner.version == one.version and inner.subnet_of(one) for one in outer)  # type: ignore[arg-type]


def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)
