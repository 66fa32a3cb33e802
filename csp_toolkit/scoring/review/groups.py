"""The groups of a past meeting's list, and what was recorded of each of its people afterwards.

These rows name people, and stay inside the back-test: `validity` counts them and lets no row of them out.
"""

from datetime import timedelta

import pandas as pd

from csp_toolkit.scoring.blocks import RANKED, list_held
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.review.later_facts import count_before, has_within
from csp_toolkit.scoring.review.past_meetings import PastMeeting, rename_people
from csp_toolkit.scoring.review.policy import ValidityPolicy
from csp_toolkit.tables.view import View

FIRST, NEXT, BASELINE, POLICE, RANKS, APART = GROUPS = (
    "first", "next", "baseline", "police list", "all ranked", "in custody",
)  # fmt: skip
ANY, REPORTED = OUTCOMES = ("any", "reported")
KNOWN, OPEN = "known", "not yet known"


def follow(meeting: PastMeeting, scores: Scores, view: View, facts: pd.DataFrame, policy: ValidityPolicy,
           ) -> pd.DataFrame:  # fmt: skip
    """Follow everybody of a meeting's groups: one row a person, group, horizon and outcome.

    Parameters
    ----------
    scores : of the meeting. view : the present. facts : what `list_facts` returned of it.
    """
    people = _group(meeting, scores, view, facts, policy)
    stays = view["prison_stays"]
    last = min(view.as_of, view.known_at)
    frames = []
    for days in policy.horizons_days:
        end = meeting.on + timedelta(days=days)
        came_in = stays["received_on"].gt(pd.Timestamp(meeting.on)) & stays["received_on"].le(pd.Timestamp(end))
        own = people.assign(horizon_days=days, state=KNOWN if end <= last else OPEN,
                            is_held=people["person_id"].isin(stays.loc[came_in, "person_id"]))  # fmt: skip
        for outcome, counted in ((ANY, facts), (REPORTED, facts[~facts["is_proactive"]])):
            frames.append(own.assign(outcome=outcome, is_new=has_within(own["person_id"], counted, meeting.on, days)))
    return pd.concat(frames, ignore_index=True).assign(meeting_on=pd.Timestamp(meeting.on), basis=meeting.basis)


def _group(meeting: PastMeeting, scores: Scores, view: View, facts: pd.DataFrame, policy: ValidityPolicy,
           ) -> pd.DataFrame:  # fmt: skip
    """Name the groups of a meeting: group, person_id as of now, and `height`, their place from below."""
    table = scores.table.assign(person_id=rename_people(scores.table["person_id"], meeting.view, view))
    table = table.drop_duplicates("person_id")
    ranked = table[table["block"].eq(RANKED)]
    rank = ranked["rank"].astype("int64")
    busiest = count_before(ranked["person_id"], facts, meeting.on, policy.baseline_days)
    busiest = busiest[busiest["n"] > 0].sort_values(["n", "last_on", "person_id"], ascending=[False, False, True])
    lists = meeting.view["police_list"]
    listed = rename_people(lists.loc[lists["meeting_on"].eq(pd.Timestamp(meeting.on)), "person_id"].dropna(),
                           meeting.view, view)  # fmt: skip
    inside = frozenset(rename_people(list_held(meeting.view)["person_id"], meeting.view, view))
    members = {
        FIRST: ranked.loc[rank <= policy.first, "person_id"],
        NEXT: ranked.loc[(rank > policy.first) & (rank <= policy.first + policy.next), "person_id"],
        BASELINE: busiest["person_id"].head(policy.first),
        POLICE: listed[~listed.isin(inside)].drop_duplicates(),
        RANKS: ranked["person_id"],
        APART: pd.concat([table.loc[table["person_id"].isin(inside), "person_id"], listed[listed.isin(inside)]]
                         ).drop_duplicates(),
    }  # fmt: skip
    height = dict(zip(ranked["person_id"], -rank, strict=True))
    found = pd.concat([pd.DataFrame({"group": name, "person_id": own.to_numpy()}) for name, own in members.items()])
    return found.assign(height=found["person_id"].map(height)).reset_index(drop=True)
