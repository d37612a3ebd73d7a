"""Which policies are in force, and who has not acknowledged them (R112)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from agents.choices import AgentStatus, Audience
from agents.models import Acknowledgement, Agent, PolicyVersion
from cardfleet.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class MyPolicy:
    """A text in force that concerns somebody, and what they signed of it."""

    version: PolicyVersion
    signed: Acknowledgement | None


def in_force(today: date) -> QuerySet[PolicyVersion]:
    """Return the version of each policy in force on a day, the required ones first."""
    begun = PolicyVersion.objects.filter(effective_from__lte=today)
    latest = begun.order_by("policy_id", "-number").distinct("policy_id")
    standing = PolicyVersion.objects.filter(pk__in=latest.values("pk")).select_related("policy", "published_by")
    return standing.order_by("-policy__is_required", "policy__title")


def unsigned(user_ids: Collection[int], today: date) -> dict[int, Sequence[str]]:
    """Return the titles of required policies that each person has not acknowledged, in two queries."""
    wanted = {version.pk: version.policy.title for version in in_force(today).filter(policy__is_required=True)}
    said = Acknowledgement.objects.filter(version__in=wanted, user__in=user_ids).values_list("user", "version")
    signed = set(said)
    return {user_id: [title for pk, title in wanted.items() if (user_id, pk) not in signed] for user_id in user_ids}


def policies_of(user: User, today: date) -> list[MyPolicy]:
    """Return the texts in force that concern a person, those to be signed first. Two queries."""
    versions = list(in_force(today) if is_agent(user) else in_force(today).filter(policy__audience=Audience.EVERYBODY))
    said = {one.version_id: one for one in Acknowledgement.objects.filter(user=user, version__in=versions)}
    found = [MyPolicy(version=version, signed=said.get(version.pk)) for version in versions]
    return sorted(found, key=lambda one: one.signed is not None)


def is_agent(user: User) -> bool:
    """Tell whether somebody is an agent who has not left."""
    return Agent.objects.filter(user=user).exclude(status=AgentStatus.LEFT).exists()


def coverage(reader: User, today: date) -> QuerySet[PolicyVersion]:
    """Return the versions in force with `signed`, how many agents of the reader's scope acknowledged each."""
    theirs = Agent.objects.visible_to(reader).exclude(status=AgentStatus.LEFT)
    counted = Count("acknowledgements", filter=Q(acknowledgements__user__in=theirs.values("user")))
    return in_force(today).annotate(signed=counted)


def missing(version: PolicyVersion, reader: User) -> QuerySet[Agent]:
    """Return the agents of the reader's scope who have not acknowledged a version."""
    signed = Acknowledgement.objects.filter(version=version).values("user")
    theirs = Agent.objects.visible_to(reader).exclude(status=AgentStatus.LEFT).exclude(user__in=signed)
    return theirs.select_related("user__team").order_by("user__team__path", "user__name_pinyin", "pk")
