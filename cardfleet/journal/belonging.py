"""What the things that entries are about belong to, a card to its carrier and teams, for whoever follows by that.

Apps say so in `journal_actions`: register_belonging("cards.card", belongings_of_cards)
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

Belonging = Callable[[Collection[int]], Mapping[int, Collection[str]]]

_known: dict[str, Belonging] = {}


def register_belonging(label: str, of: Belonging) -> None:
    """Let things of a model be followed by what they belong to: `of` returns it by their ids, as `cards.carrier:3`."""
    _known[label] = of


def belongings(things: Collection[str]) -> dict[str, Collection[str]]:
    """Return what things (`cards.card:7`) belong to now; those that belong to nothing are left out.

    As many queries as there are kinds that belong to something.
    """
    ids = defaultdict(set)
    for thing in things:
        label, _colon, pk = thing.partition(":")
        if label in _known and pk.isdecimal():
            ids[label].add(int(pk))
    return {
        f"{label}:{pk}": owners for label, pks in ids.items() for pk, owners in _known[label](pks).items() if owners
    }
