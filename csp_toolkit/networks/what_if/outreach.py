"""The support twin: the fewest people a partner can reach so that a message comes to everybody, or to a contact.

Focused deterrence and offers of support both live on who passes a message on. Anybody may be reached, of any age; who
can be is for partners to say.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.errors import TableError
from csp_toolkit.networks.draws.plausible import Plausible
from csp_toolkit.networks.evidence.pairs import Pairs

REACH_COLUMNS = ("person_id", "how", "p_reached")
MESSENGER, BY_CONTACT, OUT = "reached directly", "by a contact", "not reached"


@dataclass(frozen=True, eq=False)
class Outreach:
    """Who would hear a message, and from how few.

    Attributes
    ----------
    messengers : who is reached directly, by id.
    table : one row a person (`REACH_COLUMNS`); `p_reached` is the share of plausible networks in which the message
        comes to them, where draws were given, else 1 or 0.
    n_draws : over how many plausible networks the message was followed; 0 if on the record alone.
    n_out_of_reach : people whom no choice of messengers among those a partner can engage would reach.
    """

    messengers: tuple[str, ...]
    table: pd.DataFrame
    n_out_of_reach: int
    n_draws: int = 0

    def __repr__(self) -> str:
        return (
            f"Outreach(messengers={len(self.messengers)}, reached={self.n_reached}, out_of_reach={self.n_out_of_reach})"
        )

    @property
    def n_reached(self) -> int:
        """The number of people who hear the message on the record."""
        return int((self.table["how"] != OUT).sum())

    def explain(self) -> str:
        """Say in one sentence how many would hear a message from how few."""
        said = f"A message to {count_in_words(len(self.messengers), 'person', 'people')} comes to {self.n_reached} of "
        said += f"{len(self.table)} on the record"
        if self.n_draws:
            said += f", and to {self.table['p_reached'].sum():.0f} where doubtful ties may not be there"
        out = f"; {self.n_out_of_reach} are tied to nobody a partner can engage" if self.n_out_of_reach else ""
        return check_sentence(f"{said}{out}.")


def find_messengers(
    pairs: Pairs, *, engageable: Collection[str] | None = None, plausible: Plausible | None = None
) -> Outreach:  # fmt: skip
    """Find the fewest people to reach so that everybody who can be is reached, themselves or through a contact.

    Exact: a smallest dominating set, by integer programming. Of several as small, the first that is found is given, and
    always the same one.

    Parameters
    ----------
    engageable : those a partner can engage; everybody by default.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import eye_array

    can = np.ones(pairs.n) if engageable is None else np.zeros(pairs.n)
    if engageable is not None:
        can[pairs.find(set(engageable) & set(pairs.people))] = 1.0
    hears = pairs.matrix() + eye_array(pairs.n, format="csr")
    in_reach = hears @ can > 0
    if not in_reach.any():
        raise TableError("Nobody in the network can be engaged, or is tied to somebody who can.")
    found = milp(
        np.ones(pairs.n), integrality=np.ones(pairs.n), bounds=Bounds(0, can),
        constraints=LinearConstraint(hears[np.flatnonzero(in_reach)], lb=1),
    )  # fmt: skip
    if found.x is None:
        raise TableError("The smallest set could not be worked out. Take a part of the network.")
    chosen = np.flatnonzero(found.x > 0.5)
    return follow_message(pairs, pairs.people[chosen].tolist(), plausible=plausible, n_out=int((~in_reach).sum()))


def follow_message(
    pairs: Pairs, messengers: Collection[str], *, plausible: Plausible | None = None, n_out: int = 0
) -> Outreach:  # fmt: skip
    """Follow a message from some people to those tied to them."""
    chosen = sorted(set(messengers))
    numbers = pairs.find(chosen)
    direct = np.zeros(pairs.n, dtype=bool)
    direct[numbers] = True
    heard = _hear(pairs, direct)
    share = heard.astype("float64")
    if plausible is not None:
        drawn = [_hear(plausible.draw(k), direct)[: pairs.n] for k in range(plausible.n_draws)]
        share = np.mean(drawn, axis=0)
    how = np.where(direct, MESSENGER, np.where(heard, BY_CONTACT, OUT))
    table = pd.DataFrame({"person_id": pairs.people.astype("str"), "how": how, "p_reached": share})
    n_draws = plausible.n_draws if plausible is not None else 0
    return Outreach(tuple(chosen), table[list(REACH_COLUMNS)], n_out, n_draws)


def _hear(pairs: Pairs, direct: np.ndarray) -> np.ndarray:
    known = np.zeros(pairs.n, dtype=bool)
    known[: len(direct)] = direct
    heard = known.copy()
    heard[pairs.second[known[pairs.first]]] = True
    heard[pairs.first[known[pairs.second]]] = True
    return heard
