"""Which events a webhook asks for, and what is kept in order. Pure."""

from collections.abc import Collection, Mapping, Sequence

ANY = "*"
BELOW = ".*"


def fits(pattern: str, action: str) -> bool:
    """Tell whether an action is meant by a code, a beginning (`cards.*`) or `*`."""
    if pattern == ANY:
        return True
    return action.startswith(pattern[:-1]) if pattern.endswith(BELOW) else pattern == action


def unknown(patterns: Sequence[str], actions: Collection[str]) -> list[str]:
    """Return the patterns that no action fits."""
    return [pattern for pattern in patterns if not any(fits(pattern, action) for action in actions)]


def is_asked_for(
    *,
    actions: Sequence[str],
    kinds: Sequence[str],
    about: Sequence[str],
    action: str,
    subjects: Sequence[str],
    belongings: Mapping[str, Collection[str]],
) -> bool:
    """Tell whether an event is asked for: its action fits, and where there are conditions, one of its things does.

    `subjects` are the event's subject and what it names besides. `kinds` are kinds the subject itself may be of
    (`cards.card`); `about` are things it is about or names (`cards.card:7`, `accounts.team:3`), or that one of these
    belongs to by `belongings`: `cards.carrier:2` for whatever happens to the cards of a carrier.
    """
    if not any(fits(pattern, action) for pattern in actions):
        return False
    if kinds and subjects[0].partition(":")[0] not in kinds:
        return False
    if not about:
        return True
    return not set(about).isdisjoint([*subjects, *(owner for thing in subjects for owner in belongings.get(thing, ()))])


def lanes_of(subjects: Sequence[str], *, kept_in_order: str) -> list[str]:
    """Return what an event is kept in order by: the things of a kind that it names, else its subject."""
    named = [thing for thing in subjects if thing.partition(":")[0] == kept_in_order]
    return sorted(set(named)) or [subjects[0]]
