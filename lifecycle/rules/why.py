"""Why somebody sees a thing or does not: what is asked in turn, and what would clear it (R12). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text


@dataclass(frozen=True, kw_only=True)
class SightFacts:
    """What is known of a person, and of the thing they do or do not see.

    `right` is what the page asks for in words, nothing where it asks for none; `team` the team the thing belongs to;
    `through` the teams by which the person sees that team, lent ones too.
    """

    is_active: bool
    must_change_password: bool
    lacks_second_factor: bool
    right: Text = ""
    has_right: bool = True
    roles_with_right: Sequence[Text] = ()
    has_scope: bool = False
    is_own: bool = False
    sees_all: bool = False
    team: str = ""
    through: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that is asked, in words; where it fails, what would clear it."""

    code: str
    holds: bool
    words: Text
    clears: Text = ""


def checks(facts: SightFacts) -> Iterator[Check]:
    """Yield what is asked, in the order in which it is."""
    yield Check(
        code="active",
        holds=facts.is_active,
        words=_("Has access") if facts.is_active else _("Access has ended"),
        clears=_("Restore it on the person's page."),
    )
    if facts.must_change_password:
        words = _("Still has a one-time password")
        yield Check(code="password", holds=False, words=words, clears=_("The person signs in and changes it."))
    if facts.lacks_second_factor:
        words = _("The role asks for two-step sign-in, which is not set up")
        yield Check(code="second_factor", holds=False, words=words, clears=_("The person sets it up after signing in."))
    if facts.right:
        yield Check(
            code="right",
            holds=facts.has_right,
            words=_("The role has the right: %(right)s") % {"right": facts.right}
            if facts.has_right
            else _("No role of the person has the right: %(right)s") % {"right": facts.right},
            clears=_("Roles that have it: %(roles)s. An administrator gives roles.")
            % {"roles": ", ".join(map(str, facts.roles_with_right))},
        )
    if facts.has_scope:
        yield _scope(facts)


def _scope(facts: SightFacts) -> Check:
    if facts.is_own:
        return Check(code="own", holds=True, words=_("It is the person's own, or in their hands"))
    if facts.sees_all:
        return Check(code="all_teams", holds=True, words=_("The role sees every team"))
    if not facts.team:
        clears = _("Give it one; until then only roles that see every team see it.")
        return Check(code="no_team", holds=False, words=_("It belongs to no team"), clears=clears)
    if facts.through:
        told = {"team": facts.team, "through": ", ".join(facts.through)}
        return Check(code="team", holds=True, words=_("Sees the team %(team)s through %(through)s") % told)
    return Check(
        code="other_team",
        holds=False,
        words=_("It belongs to the team %(team)s, which the person does not see") % {"team": facts.team},
        clears=_("An administrator grants the team, or a supervisor lends it for some days."),
    )
