"""What is open to judge, for the decisions workbook: possible matches by their effect on the list, reports alike."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from csp_toolkit.briefing.corrections import score_view
from csp_toolkit.briefing.workspace import Workspace
from csp_toolkit.display.values import NOT_ASSESSED
from csp_toolkit.errors import ToolkitError
from csp_toolkit.scoring.what_if.effects import weigh_matches
from csp_toolkit.tables.deciding.rules import IDENTITY, ORIGIN
from csp_toolkit.tables.governance import read_governance
from csp_toolkit.tables.near_duplicates import suggest_origins
from csp_toolkit.tables.view import View

NOTES = {
    IDENTITY: " What a pair would change is weighed by itself, every other pair left open.",
    ORIGIN: "",
}
_END = {"system": "source_system", "ref": "source_ref"}


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of each sheet of judgements, and what to say above it."""

    sheets: dict[str, pd.DataFrame]
    notes: dict[str, str]


def list_pairs_to_judge(workspace: Workspace, view: View, *, most: int | None) -> Pairs:
    """List the pairs of a view that nobody has judged, the weightiest first and at most so many of each kind.

    A match of several people is as many pairs as join them all: the first with each of the others.
    """
    try:
        scores = score_view(workspace, view)
        effects = weigh_matches(view, scores, governance=read_governance(workspace.params))
        said = effects[["match_id", "change", "words"]]
    except ToolkitError:  # nothing may be scored: the pairs are listed all the same
        matches = view.possible_matches[["match_id"]].drop_duplicates()
        said = matches.assign(change=NOT_ASSESSED, words="nothing can be scored now; `csp brief` says why")
    identity = _pair_matches(view, said.reset_index(drop=True))
    alike = suggest_origins(view, params=workspace.params).table
    alike = alike[["report_a", "report_b", "similarity", "days_apart", "n_in_common"]]
    sheets = {IDENTITY: identity, ORIGIN: alike}
    return Pairs({kind: frame.head(len(frame) if most is None else most) for kind, frame in sheets.items()},
                 {kind: _say_how_many(len(frame), most) + NOTES[kind] for kind, frame in sheets.items()})  # fmt: skip


def _pair_matches(view: View, said: pd.DataFrame) -> pd.DataFrame:
    members = view.possible_matches.assign(other=view.possible_matches["source_system"].ne("police"))
    members = members.sort_values(["match_id", "other", "source_system", "source_ref"], kind="stable")
    members = members.drop_duplicates(["match_id", "person_id"])
    pairs = members.drop_duplicates("match_id").merge(members, on="match_id", suffixes=("_a", "_b"))
    pairs = pairs[pairs["person_id_a"].ne(pairs["person_id_b"])]
    pairs = said.assign(place=said.index).merge(pairs, on="match_id")
    pairs = pairs.sort_values(["place", "source_system_b", "source_ref_b"], kind="stable", ignore_index=True)

    one, other = (pairs[f"source_system_{end}"] + "\0" + pairs[f"source_ref_{end}"] for end in ("a", "b"))
    first = pd.Series(np.where(one > other, "b", "a"), index=pairs.index)
    names = view.people.set_index("person_id")
    named = names["family_name"].fillna("") + ", " + names["given_name"].fillna("")
    chance = pairs["p_same_a"].map("{:.2f}".format)
    listed = pd.DataFrame({
        **{f"{short}_{end}": pairs[f"{long}_a"].where(first.eq(end), pairs[f"{long}_b"])
           for end in ("a", "b") for short, long in _END.items()},
        "names": pairs["person_id_a"].map(named).astype("str") + " / " + pairs["person_id_b"].map(named).astype("str"),
        "why": pairs["reason_a"], "effect_on_the_list": pairs["change"], "in_words": pairs["words"],
        "chance_the_same": chance.where(pairs["p_same_a"].notna(), NOT_ASSESSED), "looked_at": pairs["looked_at_a"],
    })  # fmt: skip
    return listed.drop_duplicates(["system_a", "ref_a", "system_b", "ref_b"], ignore_index=True)


def _say_how_many(n_pairs: int, most: int | None) -> str:
    is_cut = most is not None and n_pairs > most
    more = f" The first {most:,} are listed; judge these and export again." if is_cut else ""
    return f"{n_pairs:,} pairs open, the weightiest first.{more}"
