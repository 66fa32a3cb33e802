"""One row for each person the meeting's papers speak of: score beside list, status, harm apart.

The police list is the input and keeps its order. The matrix stands beside it. Whoever a gate left out has no
score at all, only the reason; a child has no score on these papers, the police's own score included.
"""

import pandas as pd

from csp_toolkit.display.printed import print_parts
from csp_toolkit.display.values import NOT_ASSESSED, show_date
from csp_toolkit.scoring.evidence.register import read_register
from csp_toolkit.sharing.papers.status import AT_LIBERTY, describe_status
from csp_toolkit.tables.ages import ADULT_YEARS, age_years, youngest_birth
from csp_toolkit.tables.view import View

CERTAINTY = ("rank_low", "rank_high", "p_top10")
NOT_KNOWN = "not known"
BASES = ["proved", "alleged", "intelligence"]
DOMAINS = ["violence", "drugs", "gang_link"]


def describe_people(
    view: View, scores: pd.DataFrame, left_out: pd.DataFrame, harm: pd.DataFrame, certainty: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Describe everyone on the register or on the police list, once.

    Parameters
    ----------
    view : the casebook as at the meeting.
    scores : the scored people, in whole ten-thousandths of a point.
    left_out : person_id, gate, reason.
    harm : person_id, harm_state, harm_text: what is recorded of harm suffered.
    certainty : person_id, rank_low, rank_high, p_top10; without it these say "not assessed".

    Returns
    -------
    One row a person_id with the columns the papers' tables choose from; printed figures in points, one decimal.
    """
    listed = view["police_list"].sort_values(["meeting_on", "place"]).drop_duplicates("person_id", keep="last")
    register = view["reviews"].drop_duplicates("person_id")
    ids = pd.Index(pd.concat([register["person_id"], listed["person_id"]]).unique(), name="person_id").sort_values()

    people = view.people.set_index("person_id").reindex(ids)
    table = pd.DataFrame(index=ids)
    table["name"] = name_people(people)
    table["reference"] = _references(view, ids)
    table["dob"] = people["dob"]
    table["age_years"] = age_years(youngest_birth(people), view.as_of)
    table["is_child"] = (table["age_years"] < ADULT_YEARS).fillna(False).map({True: "Y", False: "N"})
    table["group_name"] = _groups(view).reindex(ids).fillna("none recorded")
    area = listed.set_index("person_id")["area"].reindex(ids).fillna(people["home_area"])
    table["area"] = area.replace({"UNK": NOT_KNOWN, "NFA": "no fixed abode"}).fillna(NOT_KNOWN)

    review = register.set_index("person_id").reindex(ids)
    for column in ("review_owner", "last_review_on", "next_review_on", "authoriser", "safeguarding_ref"):
        table[column] = review[column]
    table = table.join(_printed_scores(scores), how="left")
    table = table.join(left_out.drop_duplicates("person_id").set_index("person_id")[["gate", "reason"]], how="left")
    table["no_score_reason"] = ("No score: " + table.pop("reason") + ".").astype("str")
    table = table.join(describe_status(view).set_index("person_id"), how="left")
    table["status_text"] = table["status_text"].fillna(AT_LIBERTY)
    table = table.join(
        harm.drop_duplicates("person_id").set_index("person_id")[["harm_state", "harm_text"]], how="left"
    )
    table["harm_state"] = table["harm_state"].fillna(NOT_KNOWN)
    table["harm_text"] = table["harm_text"].fillna("not looked at: no record of this person beside the register")
    sure = None if certainty is None else certainty.set_index("person_id").reindex(ids)
    for column in CERTAINTY:
        table[column] = NOT_ASSESSED if sure is None else sure[column]
    return _hide_childrens_scores(table.reset_index())


def name_people(people: pd.DataFrame) -> pd.Series:
    """Name people as ``FAMILY, Given``, in the order of the frame."""
    family = people["family_name"].fillna("NAME NOT RECORDED").str.upper()
    given = people["given_name"].fillna("")
    return (family + ", " + given).str.rstrip(", ")


def _references(view: View, ids: pd.Index) -> pd.Series:
    """Return the reference the register knows a person by, else the police list's, else any of their own."""
    used = [view[table][["person_id", "person_ref"]].set_axis(["person_id", "source_ref"], axis=1)
            for table in ("reviews", "police_list")]  # fmt: skip
    own = view.person_keys.sort_values(["person_id", "source_system", "source_ref"], ascending=[True, False, True])
    first = pd.concat([*used, own[["person_id", "source_ref"]]]).drop_duplicates("person_id")
    return first.set_index("person_id")["source_ref"].reindex(ids)


def _groups(view: View) -> pd.Series:
    order = {"CONFIRMED": 0, "PROBABLE": 1, "POSSIBLE": 2}
    members = view["group_members"].merge(view["groups"][["group_ref", "group_name"]], on="group_ref")
    members = members[members["to_on"].isna() | (members["to_on"] >= pd.Timestamp(view.as_of))]
    members = members.assign(order=members["confidence"].map(order).fillna(3))
    return members.sort_values(["order", "group_ref"]).drop_duplicates("person_id").set_index("person_id")["group_name"]


def _printed_scores(scores: pd.DataFrame) -> pd.DataFrame:
    table = scores.set_index("person_id")
    by_basis = print_parts(table, "score", BASES)
    by_domain = print_parts(table, "score", DOMAINS)[DOMAINS]
    kept = [c for c in ("block", "rank", "band", "last_event_on", "is_dual", "is_assessment_led") if c in table]
    return by_basis.join(by_domain).join(table[kept])


def _hide_childrens_scores(table: pd.DataFrame) -> pd.DataFrame:
    child = table["is_child"] == "Y"
    hidden = ["score", *BASES, *DOMAINS]
    table[hidden] = table[hidden].astype("Float64").mask(child)
    table["rank"] = table["rank"].astype("Int64").mask(child)
    for column in CERTAINTY:
        table[column] = table[column].mask(child)
    table["band"] = table["band"].mask(child)
    table["no_score_reason"] = table["no_score_reason"].mask(
        child & table["no_score_reason"].isna(), "Under 18: no score on this page. Safeguarding leads."
    )
    return table


def place_beside_matrix(people: pd.DataFrame, view: View, before: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the police list in the police's order, and who was on the last list and is not on this one.

    Parameters
    ----------
    people : what `describe_people` returned.
    before : the police list of the meeting before (person_id, place), empty when there was none.
    """
    newest = view["police_list"]["meeting_on"].max()
    now = view["police_list"][view["police_list"]["meeting_on"] == newest]
    table = now[["place", "person_id", "police_score", "rationale"]].merge(people, on="person_id", how="left")
    table["police_score"] = table["police_score"].astype("Int64").mask(table["is_child"] == "Y")
    earlier = find_places(before)
    back = _say_back(view)
    moves = [_movement(row.person_id, int(row.place), earlier, back.get(row.person_id)) for row in table.itertuples()]
    table = table.assign(movement=[kind for kind, _ in moves], movement_text=[text for _, text in moves])
    gone = before[~before["person_id"].isin(now["person_id"])]
    out = gone.rename(columns={"place": "place_before"}).merge(people, on="person_id", how="left")
    out = out.assign(reason="not on the police list sent for this meeting; the police gave no reason")
    columns = ["person_id", "name", "reference", "is_child", "place_before", "reason"]
    return table.sort_values("place").reset_index(drop=True), out[columns]


def find_places(listed: pd.DataFrame) -> pd.Series:
    """Return each person's place on a police list, by person_id; of one listed twice, by two references, the first."""
    return listed.sort_values("place").drop_duplicates("person_id").set_index("person_id")["place"]


def _say_back(view: View) -> dict[str, str]:
    """Say of everyone who was once removed, or on a list before the last, that they were here before."""
    register = read_register(view)
    removed = register.dropna(subset=["was_removed_on"]).set_index("person_id")["was_removed_on"]
    lists = view["police_list"].sort_values("meeting_on")
    days = sorted(lists["meeting_on"].dropna().unique())
    older = lists[lists["meeting_on"].isin(days[:-2])].drop_duplicates("person_id", keep="last").set_index("person_id")
    said = {
        person: f"returned to the list; was on that of {show_date(day)}" for person, day in older["meeting_on"].items()
    }
    return said | {
        person: f"returned to the list; was removed from the register on {show_date(day)}"
        for person, day in removed.items()
    }


def _movement(person_id: str, place: int, earlier: pd.Series, back: str | None) -> tuple[str, str]:
    if earlier.empty:
        return "NOT_COMPARABLE", "no earlier list to compare with"
    if person_id not in earlier.index:
        return ("RETURNED", back) if back else ("NEW_IN", "new to the list since last month")
    was = int(earlier[person_id])
    if was == place:
        return "NO_CHANGE", "same place as last month"
    step = abs(was - place)
    return ("UP", f"up {step} from place {was}") if place < was else ("DOWN", f"down {step} from place {was}")


def say_what_counts(ledger: pd.DataFrame, view: View, person_ids: list[str], *, most: int = 2) -> pd.Series:
    """Say the heaviest items behind a score in a few words, by person_id: the offence, order or kind of report."""
    offences = view["crimes"].drop_duplicates("crime_ref").set_index("crime_ref")["offence"]
    own = ledger[ledger["person_id"].isin(person_ids) & (ledger["points"] > 0) & (ledger["criterion"] != "G2")]
    top = (
        own.sort_values(["person_id", "points", "item_id"], ascending=[True, False, True])
        .groupby("person_id")
        .head(most)
    )
    what = top["item_id"].map(offences)
    what = what.fillna(top["basis"].map({"intelligence": "Graded report"}).fillna("Order, or arrest elsewhere"))
    said = what + " (" + top["basis"] + ")"
    return said.groupby(top["person_id"]).agg(lambda texts: "; ".join(dict.fromkeys(texts)))
