"""One page for each subject: why they are on the list, what is known and how, what is not, harm apart, what is open.

Of a child no record stands here, only how many there are: safeguarding leads, and the child's own sheet is held
elsewhere. Of who was left out by a rule nothing is listed, because nothing was counted. A report is named by its grade
and month, never by its text or its reference, and carries its handling, so that a copy keeps or loses the line whole.
"""

from collections.abc import Sequence

import pandas as pd

from csp_toolkit.cases.actions import OPEN_STATES
from csp_toolkit.cases.follow_up import FollowUp
from csp_toolkit.display.printed import to_tenths
from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.risk.vulnerability import Harm
from csp_toolkit.scoring.evidence.item_words import describe_records
from csp_toolkit.scoring.matrix_parts import BASES
from csp_toolkit.scoring.moves.movement import Movement
from csp_toolkit.scoring.ranking import Scores
from csp_toolkit.scoring.what_if.requirements import Questions
from csp_toolkit.sharing.papers.moves import plain_moves
from csp_toolkit.tables.view import View

SHOWN_RECORDS = 5
FREE, CONDITIONAL = "P", "C"
RECORD_COLUMNS = ("person_id", "is_child", "basis", "n", "words", "about", "points", "handling", "handling_conditions")
_SOURCES = {"1": "reliable source", "2": "untested source", "3": "source not reliable"}
_INFORMATION = {"A": "known directly", "B": "indirectly, corroborated", "C": "known indirectly", "D": "not known how",
                "E": "suspected false"}  # fmt: skip
_UNSURE = {
    "outcome not refreshed": ("outcome", "has not changed for 90 days or more",
                              "have not changed for 90 days or more"),
    "grade read lower": ("report", "is graded as corroborated and the corroboration is not on record",
                         "are graded as corroborated and the corroboration is not on record"),
    "cited item scores nothing": ("record the register cites", "carries no points now", "carry no points now"),
    "cited item not found": ("record the register cites", "was not found", "were not found"),
    "possible match": ("record", "may be of the same person and is held apart",
                       "may be of the same person and are held apart"),
}  # fmt: skip


def describe_subjects(
    view: View, scores: Scores, people: pd.DataFrame, *, subjects: Sequence[str], harm: Harm, movement: Movement,
    questions: Questions, followed: FollowUp,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Describe everyone who gets a page of their own.

    Parameters
    ----------
    people : what `describe_people` returned. subjects : person_id of the police list and of who was selected.
    harm : what is recorded of harm suffered. movement : why scores moved. questions : what is open of whom.
    followed : every action on record.

    Returns
    -------
    `subjects`, one row each, with `n_proved`, `n_alleged` and `n_intelligence` records that count; `subject_records`
    (`RECORD_COLUMNS`), the weightiest of each basis in points as printed; `subject_harm`, `subject_gaps` and
    `subject_actions`, one sentence or action a row.
    """
    listed = view["police_list"].sort_values(["meeting_on", "place"]).drop_duplicates("person_id", keep="last")
    newest = view["police_list"]["meeting_on"].max()
    listed = listed[listed["meeting_on"].eq(newest)].set_index("person_id")
    table = (
        people[people["person_id"].isin(list(subjects))].set_index("person_id").reindex(pd.unique(pd.Series(subjects)))
    )
    table = table.rename_axis("person_id").reset_index()
    register = view["reviews"].drop_duplicates("person_id").set_index("person_id")
    for column in ("categories", "included_on", "inclusion_reason"):
        table[column] = table["person_id"].map(register[column])
    counted = _count_records(scores, table)
    table = table.assign(
        place=table["person_id"].map(listed["place"]).astype("Int64"),
        why_listed=table["person_id"].map(listed["rationale"]).astype("str"),
        moved=table["person_id"].map(_say_moves(movement)).astype("str").where(table["is_child"].ne("Y")),
        **{f"n_{basis}": _count_basis(scores, table["person_id"], basis) for basis in BASES},
    )
    return {
        "subjects": table,
        "subject_records": _word_records(counted, view, scores, table),
        "subject_harm": _list_harm(harm, table),
        "subject_gaps": _list_gaps(scores, table, questions),
        "subject_actions": _list_actions(followed, table),
    }


def spell_grade(grade: object) -> str:
    """Spell a 3x5 grade out.

    >>> spell_grade("2C")
    'untested source, known indirectly'
    """
    text = str(grade)
    if len(text) != 2 or text[0] not in _SOURCES or text[1] not in _INFORMATION:
        return "not graded"
    return f"{_SOURCES[text[0]]}, {_INFORMATION[text[1]]}"


def _net_records(scores: Scores) -> pd.DataFrame:
    """Sum what each record counts for, caps taken off: person_id, basis, item_id, event_date, points."""
    own = scores.ledger.groupby(["person_id", "basis", "item_id"], as_index=False).agg(
        points=("points", "sum"), event_date=("event_date", "max"), criterion=("criterion", "first")
    )
    return own[own["points"] > 0]


def _count_basis(scores: Scores, people: pd.Series, basis: str) -> pd.Series:
    """Count the records of a basis that carry points; missing where there is no score."""
    net = _net_records(scores)
    n = net[net["basis"].eq(basis)].groupby("person_id").size()
    is_scored = people.isin(scores.table["person_id"])
    return people.map(n).fillna(0).astype("Int64").where(is_scored)


def _count_records(scores: Scores, table: pd.DataFrame) -> pd.DataFrame:
    """Return the weightiest records of each adult subject, those of one basis in order."""
    adults = table.loc[table["is_child"].ne("Y"), "person_id"]
    own = _net_records(scores)
    own = own[own["person_id"].isin(adults)]
    own = own.sort_values(
        ["person_id", "basis", "points", "event_date", "item_id"], ascending=[True, True, False, False, True]
    )
    first = own.groupby(["person_id", "basis"]).head(SHOWN_RECORDS)
    return first.assign(n=first.groupby(["person_id", "basis"]).cumcount() + 1)


def _word_records(counted: pd.DataFrame, view: View, scores: Scores, table: pd.DataFrame) -> pd.DataFrame:
    words = describe_records(counted["item_id"], view, scores).reindex(counted["item_id"])
    titles = {criterion.id: criterion.title for criterion in scores.matrix.criteria}
    grades = scores.items.drop_duplicates("item_id").set_index("item_id")["evidence"].reindex(counted["item_id"])
    is_report = counted["basis"].eq("intelligence").to_numpy()
    about = counted["criterion"].map(titles)
    spelt = pd.Series([spell_grade(grade) for grade in grades], index=counted.index, dtype="str")
    conditional = words["handling"].eq(CONDITIONAL).to_numpy()
    conditions = words["handling_conditions"].to_numpy()
    rows = counted.assign(
        words=words["words"].to_numpy(),
        handling=pd.Series(conditional).map({True: CONDITIONAL, False: FREE}).to_numpy(),
        handling_conditions=pd.Series(conditions, index=counted.index).where(conditional).astype("str"),
        about=(spelt + ": " + about.str[:1].str.lower() + about.str[1:]).where(is_report).astype("str"),
    )  # fmt: skip
    order = {person: n for n, person in enumerate(table["person_id"])}
    rows = rows.assign(at=rows["person_id"].map(order), by=rows["basis"].map({b: n for n, b in enumerate(BASES)}))
    rows = rows.sort_values(["at", "by", "n"], ignore_index=True).assign(is_child="N")
    rows = rows.assign(points=to_tenths(rows["points"].astype("int64")) / 10)
    return _settle_tenths(rows, table)[list(RECORD_COLUMNS)]


def _settle_tenths(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Let the records of a basis add to its printed figure, where all of them are shown: the first takes the tenth."""
    printed = table.set_index("person_id")
    shown = rows.groupby(["person_id", "basis"])["points"].agg(["sum", "size"])
    for (person, basis), own in shown.iterrows():
        if own["size"] == printed.loc[person, f"n_{basis}"]:
            is_first = rows["person_id"].eq(person) & rows["basis"].eq(basis) & rows["n"].eq(1)
            more = float(printed.loc[person, basis]) - float(own["sum"])
            rows["points"] = rows["points"].mask(is_first, (rows["points"] + more).round(1))
    return rows


def _say_moves(movement: Movement) -> pd.Series:
    if movement.last_on is None:
        return pd.Series(dtype="str")
    return plain_moves(movement.table.set_index("person_id")["sentence"].astype("str"))


def _list_harm(harm: Harm, table: pd.DataFrame) -> pd.DataFrame:
    recorded = table.loc[table["harm_state"].eq("recorded"), "person_id"]
    own = harm.items[harm.items["person_id"].isin(recorded) & harm.items["criterion"].ne("child")]
    own = own.sort_values("harmed_on", ascending=False, kind="stable").drop_duplicates(["person_id", "text"])
    said = own["text"] + own["is_possible_match"].map({"Y": ", on a record that may be theirs"}).fillna("")
    rows = own.assign(words=said.astype("str"), harmed_on=pd.to_datetime(own["harmed_on"]).dt.normalize())
    rows = rows.merge(table[["person_id", "is_child"]], on="person_id")
    return rows[["person_id", "is_child", "words", "harmed_on"]].reset_index(drop=True)


def _list_gaps(scores: Scores, table: pd.DataFrame, questions: Questions) -> pd.DataFrame:
    """Say what is not known of each, first what there is to ask: person_id, is_child, sentence, handling."""
    rows, scored = [], set(scores.table["person_id"])
    asked = questions.table.drop_duplicates("person_id").set_index("person_id")
    counts = scores.flags.drop_duplicates(["person_id", "flag", "ref"]).groupby(["person_id", "flag"]).size()
    for person in table.to_dict("records"):
        key = person["person_id"]
        if key in asked.index and person["is_child"] != "Y":
            one = asked.loc[key]
            handling = one["handling"] if one["handling"] == CONDITIONAL else FREE
            rows.append((key, person["is_child"], f"{one['question']} ({one['owner']})", handling,
                         one["handling_conditions"] if handling == CONDITIONAL else None))  # fmt: skip
        unsure = [_say_flag(flag, int(counts[key, flag])) for flag in _UNSURE if (key, flag) in counts.index]
        said = [*(unsure if key in scored else []), *_say_blanks(person)]
        rows += [(key, person["is_child"], sentence, FREE, None) for sentence in said]
    names = ["person_id", "is_child", "sentence", "handling", "handling_conditions"]
    return pd.DataFrame(rows, columns=names).astype(dict.fromkeys(names, "str"))


def _say_flag(flag: str, n: int) -> str:
    what, one, many = _UNSURE[flag]
    head, _, rest = what.partition(" ")
    several = f"{head}s {rest}".strip()
    return f"{count_in_words(n, what, several, start=True)} {one if n == 1 else many}."


def _say_blanks(person: dict[str, object]) -> list[str]:
    """Name what the register and the lists leave open of somebody."""
    blanks = []
    if person["area"] in ("not known", "no fixed abode"):
        blanks.append(f"where they live ({person['area']})")
    if person["group_name"] == "none recorded":
        blanks.append("any group")
    if pd.isna(person["age_years"]):
        blanks.append("age")
    if pd.isna(person["review_owner"]):
        blanks.append("who owns the record")
    said = [f"Not on record: {join_in_words(blanks)}."] if blanks else []
    if person["harm_state"] == "not known":
        said.append(f"Harm suffered is not known: {person['harm_text']}.")
    elif person["harm_state"] == "none recorded":
        said.append("That no harm is recorded does not say that somebody asked.")
    return said


def _list_actions(followed: FollowUp, table: pd.DataFrame) -> pd.DataFrame:
    own = followed.table[
        followed.table["status"].isin(OPEN_STATES) & followed.table["person_id"].isin(table["person_id"])
    ]
    own = own.merge(table[["person_id", "is_child"]], on="person_id").sort_values(["due_on", "action_ref"])
    names = ["person_id", "is_child", "action_ref", "action_text", "action_owner", "agency", "due_on", "days_late"]
    return own[names].reset_index(drop=True)
