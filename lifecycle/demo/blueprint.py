"""Who and what there is: agents and cards, decided by the seed alone. Pure; days are counted from the reference day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from cards.choices import Payment, Purpose, ServiceState, StopReason
from lifecycle.demo import names, numbers
from lifecycle.demo.catalogue import CABINETS, PLANS, PURPOSES, REGIONS, SHARED_CARRIER, SITE_OF, TEAMS, Plan
from lifecycle.demo.chance import dice
from lifecycle.demo.fates import Calling, Fate, deal

FIRST_STAFF_NO = 10001
LEAVER_CARDS = 2
CHANGED_HANDS, WAS_STOPPED, BOUGHT_LATER = 0.12, 0.05, 0.05


@dataclass(frozen=True, kw_only=True)
class AgentPlan:
    """An agent. `trained_ago` is when the compliance course was passed, in days."""

    index: int
    staff_no: str
    name: str
    team: str
    joined_ago: int
    trained_ago: int
    leaves: bool = False
    on_hold: bool = False

    @property
    def may_get_cards(self) -> bool:
        """Whether they may be given cards at any time: they were trained a year before, too."""
        return not (self.leaves or self.on_hold) and self.trained_ago < 365


@dataclass(kw_only=True)
class CardPlan:
    """A card and its story. Moments in days ago: `stopped` and `restored` of an earlier stop, `changed` of hands.

    `arrives` is None for a card that was there from the first day.
    """

    index: int
    plan: Plan
    fate: Fate
    site: str
    iccid: str
    msisdn: str
    imsi: str
    activated_ago: int
    expires_in: int
    ago: int
    idle_ago: int
    arrives: int | None = None
    agent: AgentPlan | None = None
    former: AgentPlan | None = None
    changed: int | None = None
    stopped: int | None = None
    location: str = ""
    region: str = ""
    purpose: Purpose = Purpose.SALES

    @property
    def is_prepaid(self) -> bool:
        """Whether the card has an account of its own."""
        return self.plan.payment == Payment.PREPAID


@dataclass(frozen=True, kw_only=True)
class Blueprint:
    """The whole fleet; the first agent is the one with a demo sign-in."""

    seed: int
    days: int
    agents: Sequence[AgentPlan]
    cards: Sequence[CardPlan]


def draw(*, cards: int, agents: int, days: int, seed: int) -> Blueprint:
    """Return the same fleet for the same numbers."""
    people = _agents(agents, dice(seed, "agents"))
    return Blueprint(seed=seed, days=days, agents=people, cards=_cards(cards, people, days, seed))


def _agents(count: int, rng: Random) -> list[AgentPlan]:
    called = [names.AGENT, *names.names(count - 1, rng)]
    return [
        AgentPlan(
            index=index,
            staff_no=str(FIRST_STAFF_NO + index),
            name=name,
            team=TEAMS[index % len(TEAMS)],
            joined_ago=rng.randint(780, 1800),
            trained_ago=_trained_ago(index, count, rng),
            leaves=index == count - 1 and count > 3,
            on_hold=index == count - 2 and count > 3,
        )
        for index, name in enumerate(called)
    ]


def _trained_ago(index: int, count: int, rng: Random) -> int:
    """Return when the course was passed: most have it, a few are about to lose it, two have lost it."""
    if index == 0:
        return 355
    if index in (count - 3, count - 4) and count > 8:
        return rng.randint(368, 400)
    return rng.randint(337, 363) if index % 16 == 7 else rng.randint(20, 260)


def _cards(count: int, agents: Sequence[AgentPlan], days: int, seed: int) -> list[CardPlan]:
    rng = dice(seed, "cards")
    fates = deal(count, rng)
    plans = [_plan(fate, rng) for fate in fates]
    pools = {
        code: iter(numbers.msisdns(code, sum(plan.carrier == code for plan in plans), rng))
        for code in sorted({plan.carrier for plan in plans})
    }
    drafts = [
        _card(index, plan, fate, next(pools[plan.carrier]), days, seed)
        for index, (plan, fate) in enumerate(zip(plans, fates, strict=True))
    ]
    _hand_out(drafts, agents, days, rng)
    return drafts


def _plan(fate: Fate, rng: Random) -> Plan:
    """Return a plan; whose fate is a matter of their own balance has an account of their own."""
    own = fate.reason == StopReason.ARREARS or fate.code == "running_low"
    plans = [plan for plan in PLANS if not (own and plan.carrier == SHARED_CARRIER)]
    return rng.choices(plans, [plan.share for plan in plans])[0]


def _card(index: int, plan: Plan, fate: Fate, msisdn: str, days: int, seed: int) -> CardPlan:
    rng = dice(seed, "card", index)
    longest = max(days - 3, 0)
    ago = min(rng.randint(*fate.ago), longest)
    is_new = fate.service == ServiceState.PENDING
    card = CardPlan(
        index=index,
        plan=plan,
        fate=fate,
        site="",
        iccid=numbers.iccid(plan.carrier, 10_000 + index),
        msisdn=msisdn,
        imsi=numbers.imsi(plan.carrier, 20_000 + index),
        activated_ago=days + rng.randint(10, 300),
        expires_in=rng.randint(*fate.expires_in),
        ago=ago,
        idle_ago=rng.randint(*fate.idle_since),
        arrives=ago if is_new else None,
    )
    if fate.code == "calm" and days >= 20:
        _give_a_past(card, days, rng)
    return card


def _give_a_past(card: CardPlan, days: int, rng: Random) -> None:
    luck = rng.random()
    if luck < BOUGHT_LATER:
        card.arrives = rng.randint(9, days - 8)
        card.activated_ago = card.arrives
    elif luck < BOUGHT_LATER + CHANGED_HANDS:
        card.changed = rng.randint(4, days - 6)
    elif luck < BOUGHT_LATER + CHANGED_HANDS + WAS_STOPPED:
        card.stopped = rng.randint(5, days - 6)


def _hand_out(drafts: Sequence[CardPlan], agents: Sequence[AgentPlan], days: int, rng: Random) -> None:
    """Give each card its agent, then its place; the demo agent holds a calm, a busy and an awaiting card."""
    free = _holders(drafts, agents)
    trained = cycle([agent for agent in agents[1:] if agent.may_get_cards] or list(agents))
    for card in drafts:
        if card.fate.is_in_hands or card.fate.code in ("voluntary", "cancelling"):
            needs_training = card.fate.code == "awaiting" or card.arrives is not None or card.changed is not None
            card.agent = card.agent or (next(trained) if needs_training else next(free))
        if card.changed is not None:
            card.former = next(trained)
        team = card.agent.team if card.agent else TEAMS[card.index % len(TEAMS)]
        card.site = SITE_OF[team]
        card.purpose = PURPOSES.get(team, Purpose.SALES)
        card.region = rng.choice(REGIONS[card.site])
        card.location = (
            f"{team} 工位 {chr(65 + card.index % 6)}-{card.index % 40 + 1:02}"
            if card.fate.is_in_hands
            else f"{CABINETS[card.site]} {card.index % 3 + 1}-{chr(65 + card.index % 4)}"
        )


def _holders(drafts: Sequence[CardPlan], agents: Sequence[AgentPlan]) -> Iterator[AgentPlan]:
    """Set the cards of the demo agent and of the leaver, and return the others in turn for what is left."""
    calm = [card for card in drafts if card.fate.code == "calm" and card.changed is None and card.arrives is None]
    busy = [card for card in drafts if card.fate.calling == Calling.BUSY and card.fate.service == ServiceState.ACTIVE]
    awaiting = [card for card in drafts if card.fate.code == "awaiting"]
    for card in (*busy[:1], *calm[:1], *awaiting[:1]):
        card.agent = agents[0]
    for card in awaiting[:1]:
        card.ago = 0
    leavers = [agent for agent in agents if agent.leaves]
    for agent in leavers:
        for card in calm[1 : 1 + LEAVER_CARDS]:
            card.agent = agent
    others = [agent for agent in agents[1:] if not agent.leaves] or list(agents)
    return cycle(others)
