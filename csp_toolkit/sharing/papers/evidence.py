"""What each place rests on, and the questions most worth asking, in words for the meeting.

A record is named by its kind, its grade or outcome and its month, never by a reference. A row carries the handling of
every report it speaks of, so that a copy keeps or loses it whole.
"""

from collections.abc import Sequence

import pandas as pd

from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.scoring.evidence.item_words import describe_records
from csp_toolkit.scoring.ranking import Scores, print_points
from csp_toolkit.scoring.what_if.fragility import Fragility
from csp_toolkit.scoring.what_if.requirements import Questions, Requirements
from csp_toolkit.scoring.what_if.search import INCLUSION
from csp_toolkit.sharing.papers.words import say_ordinal, surname
from csp_toolkit.tables.view import View

_LEAST_SETTLED = ("intelligence", "alleged", "proved")
_FREE, _CONDITIONAL = "P", "C"
SHOWN_PLACES = 15  # as far down as any copy that has the order shows it for certain


def say_rests_on(fragility: Fragility, scores: Scores, view: View, people: pd.DataFrame) -> pd.DataFrame:
    """Say of each of the first ten what the place rests on: person_id, name, rank, sentence, handling and conditions.

    `n_cited` is how many records that can be relied on the register cites, where inclusion would not be shown without
    any one of them; else it is missing.

    Of several sets as small the least settled is named: intelligence before alleged before proved.
    """
    sets = fragility.sets.assign(own=fragility.sets["refs"].str.split("; "))
    words = describe_records(sets["own"].explode().dropna(), view, scores)
    by_person = {person: own.to_dict("records") for person, own in sets.groupby("person_id")}
    rows = []
    for seat in fragility.table.to_dict("records"):
        own = [one for one in by_person.get(seat["person_id"], []) if one["route"] != INCLUSION]
        least = [one for one in own if one["n_units"] == seat["n_least"]]
        named = min(least, key=lambda one: _place(one["own"], words), default=None)
        is_thin = pd.notna(seat["n_least_cited"]) and seat["n_least_cited"] == 1
        rows.append({"person_id": seat["person_id"], "rank": seat["rank"],
                     "sentence": _say_points(named, len(least), words),
                     "n_cited": int(seat["n_cited"]) if is_thin else None,
                     **_gather_handling(named["own"] if named else [], words)})  # fmt: skip
    columns = ["person_id", "rank", "sentence", "n_cited", "handling", "handling_conditions"]
    table = pd.DataFrame(rows, columns=columns).astype({"n_cited": "Int64"})
    return table.merge(people[["person_id", "name", "is_child"]], on="person_id")


def say_questions(questions: Questions, policy: Requirements, people: pd.DataFrame) -> pd.DataFrame:
    """Say the questions most worth asking, one a record: question, what it decides, its effect, who knows, by when."""
    names = dict(zip(people["person_id"], people["name"], strict=True))
    is_shown = people["block"].eq("ranked") & people["rank"].le(SHOWN_PLACES).fillna(False).astype(bool)
    shown = {person: names[person] for person in people.loc[is_shown, "person_id"]}
    first = questions.table.drop_duplicates("ref").head(policy.shown)
    rows = []
    for number, row in enumerate(first.to_dict("records"), start=1):
        answers = questions.answers[questions.answers["n"].eq(row["n"])]
        asked = row["question"]
        conditional = row["handling"] == _CONDITIONAL
        rows.append({
            "n": number, "person_id": row["person_id"], "name": names.get(row["person_id"], "not known"),
            "question": f"{surname(names.get(row['person_id'], 'not known'))}: {asked[:1].lower()}{asked[1:]}",
            "decides": _say_decides(answers, shown), "effect": _say_effect(row),
            "owner": row["owner"], "answer_by": row["answer_by"],
            "handling": _CONDITIONAL if conditional else _FREE,
            "handling_conditions": row["handling_conditions"] if conditional else None,
        })  # fmt: skip
    columns = ["n", "person_id", "name", "question", "decides", "effect", "owner", "answer_by", "handling",
               "handling_conditions"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"handling_conditions": "str"}).merge(people[["person_id", "is_child"]], on="person_id")


def _say_points(one: dict[str, object] | None, n_ways: int, words: pd.DataFrame) -> str:
    if one is None:
        return "Its points hold without any three records."
    refs: list[str] = one["own"]  # type: ignore[assignment]
    named = join_in_words([f"the {words.loc[ref, 'words']}" for ref in refs])
    left = "nothing recent would be left"
    if pd.notna(one["points_after"]):
        left = (
            f"the score is {print_points(one['points_after'])} and the rank {say_ordinal(int(str(one['rank_after'])))}"
        )
    said = f"{count_in_words(len(refs), 'record', start=True)}. Without {named} {left}."
    more = n_ways - 1
    if more:
        said += f" {count_in_words(more, 'other set' if len(refs) > 1 else 'other record', start=True)} "
        said += "would do the same." if more == 1 else "would each do the same."
    return said


def _place(refs: Sequence[str], words: pd.DataFrame) -> tuple[object, ...]:
    bases = words["basis"].reindex(refs).tolist()
    settled = sorted(_LEAST_SETTLED.index(basis) if basis in _LEAST_SETTLED else 0 for basis in bases)
    return (*settled, *refs)


def _gather_handling(refs: Sequence[str], words: pd.DataFrame) -> dict[str, object]:
    own = words.reindex(refs)
    conditional = own[own["handling"].eq(_CONDITIONAL)]
    parts = {part.strip() for text in conditional["handling_conditions"].dropna() for part in text.split(";")}
    return {"handling": _CONDITIONAL if len(conditional) else _FREE,
            "handling_conditions": "; ".join(sorted(parts)) or None}  # fmt: skip


def _say_decides(answers: pd.DataFrame, shown: dict[str, str]) -> str:
    """Name who would leave the ten and who would come in; of who is further down than any copy shows, how many.

    A word stands between any two names: two family names side by side can spell somebody else.
    """
    parts = []
    for column, verb in (("leaves", "could leave"), ("enters", "could come in")):
        moved = dict.fromkeys(person for text in answers[column].dropna() for person in text.split("; "))
        said = [surname(shown[person]) for person in moved if person in shown]
        n_others = len(moved) - len(said)
        said += [f"{count_in_words(n_others, 'person', 'people')} further down"] if n_others else []
        parts += [f"{' or '.join(said)} {verb}"] if said else []
    return f"a place among the ten: {'; '.join(parts)}" if parts else "the order among the ranked"


def _say_effect(row: dict[str, object]) -> str:
    if row["has_chance"]:
        return f"changes {float(str(row['names_mean'])):.1f} names of ten on average"
    return f"changes {row['names_low']} to {row['names_high']} names of ten; no chance is stated"
