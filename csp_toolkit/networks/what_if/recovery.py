"""What may come after: whom a gap would leave well placed, asked as a question of intelligence and never scored.

A position on record that another could take over is no sign that anybody will. The table says who shares the contacts
of somebody who leaves and what that rests on, so that a collector knows what to ask.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from csp_toolkit.display.wording import check_sentence, count_in_words
from csp_toolkit.networks.ties import Ties

QUESTION_COLUMNS = ("person_id", "asked_of", "n_shared", "n_contacts", "n_untested", "question")


def ask_recovery(
    ties: Ties, leaving: Collection[str], *, under_18: Collection[str], labels: Mapping[str, str] | None = None,
    most: int = 3,
) -> pd.DataFrame:  # fmt: skip
    """Ask who shares the contacts of each person who leaves: at most so many questions a person.

    Returns
    -------
    `QUESTION_COLUMNS`: `asked_of` shares `n_shared` of the `n_contacts` of `person_id`, `n_untested` of these ties
    being untested. Sorted by person and by how many are shared. No one under eighteen is asked about as taking over.
    """
    labels, young = labels or {}, set(under_18)
    contacts: dict[str, set[str]] = {}
    for a, b in zip(ties.table["person_a"], ties.table["person_b"], strict=True):
        contacts.setdefault(a, set()).add(b)
        contacts.setdefault(b, set()).add(a)
    rows: list[tuple[str, str, int, int, int, str]] = []
    for person in sorted(set(leaving)):
        own = contacts.get(person, set())
        shared = {p: contacts[p] & own for contact in own for p in contacts[contact]}
        ranked = sorted(
            (p for p in shared if p != person and p not in young and p not in set(leaving) and len(shared[p]) > 1),
            key=lambda p: (-len(shared[p]), p),
        )
        for other in ranked[:most]:
            weak = _count_untested(ties, other, shared[other])
            rows.append((person, other, len(shared[other]), len(own), weak,
                         _ask(person, other, len(shared[other]), len(own), weak, labels)))  # fmt: skip
    return pd.DataFrame(rows, columns=list(QUESTION_COLUMNS))


def _ask(person: str, other: str, n: int, of: int, weak: int, labels: Mapping[str, str]) -> str:
    name, who = labels.get(person, person), labels.get(other, other)
    rests = f", {count_in_words(weak, 'tie')} of these untested" if weak else ""
    return check_sentence(
        f"If {name} is away, what is {who} doing? They share {n} of {of} contacts on record{rests}. A question to ask, "
        "not a finding."
    )


def _count_untested(ties: Ties, person: str, contacts: set[str]) -> int:
    table = ties.table
    own = ((table["person_a"] == person) & table["person_b"].isin(contacts)) | (
        (table["person_b"] == person) & table["person_a"].isin(contacts)
    )
    return int((table.loc[own, "is_tested"] != "Y").sum())
