"""What came of the last meeting's actions, in words for the meeting: enforcement and safeguarding side by side."""

from collections.abc import Mapping

import pandas as pd

from csp_toolkit.cases.follow_up import DONE, DROPPED, LATE, OPEN, FollowUp
from csp_toolkit.display.values import show_date
from csp_toolkit.display.wording import count_in_words, join_in_words
from csp_toolkit.sharing.papers.words import say_number, start

KIND_WORDS = {
    "DISRUPTION": "disruption", "ENFORCEMENT": "enforcement", "SUPPORT": "support", "INFORMATION": "information",
    "ADMIN": "administration",
}  # fmt: skip
RESULT_WORDS = {
    "ACHIEVED": "achieved", "PARTLY": "achieved in part", "NO_EFFECT": "no effect",
    "REFUSED_BY_PERSON": "refused by the person", "NOT_ELIGIBLE": "not eligible", "SERVICE_FULL": "service full",
    "NOT_POSSIBLE": "not possible", "UNKNOWN": "result not known",
}  # fmt: skip
SAFEGUARDING_WORDS = {
    "REFERRAL_MADE": "safeguarding referral made", "NRM_REFERRAL": "referral to the National Referral Mechanism",
    "MOVED_TO_SUPPORT": "moved to support", "REMOVED_FOR_SAFETY": "moved away for safety",
}  # fmt: skip
DROPPED_WORDS = {"NOT_DONE": "not done", "CANCELLED": "cancelled", "SUPERSEDED": "replaced by another"}
LAST_COLUMNS = (
    "action_ref", "person_id", "name", "is_child", "action_text", "action_type", "action_owner", "agency", "due_on",
    "state", "days_late", "completed_on", "n_carried_over", "escalate", "result", "safeguarding", "words",
)  # fmt: skip


def list_last_actions(followed: FollowUp, people: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """List the last meeting's actions one by one, by kind, and what they did for anybody's safety.

    Returns
    -------
    `last_actions` (`LAST_COLUMNS`, late first, then open, dropped and done), `last_by_kind` (the kinds that were
    agreed) and `last_safeguarding` (every kind of safeguarding outcome, the ones that did not happen too).
    """
    order = {LATE: 0, OPEN: 1, DROPPED: 2, DONE: 3}
    last = followed.last.merge(people[["person_id", "name", "is_child"]], on="person_id", how="left")
    last = last.assign(order=last["state"].map(order)).sort_values(["order", "due_on", "action_ref"], kind="stable")
    state = last["status"].map(DROPPED_WORDS).where(last["state"].eq(DROPPED)).fillna(last["state"])
    last = last.assign(
        state=state, result=last["result"].map(RESULT_WORDS), safeguarding=last["safeguarding"].map(SAFEGUARDING_WORDS),
        action_type=last["action_type"].map(KIND_WORDS),
    )[list(LAST_COLUMNS)]  # fmt: skip
    kinds = followed.by_kind[followed.by_kind["n_agreed"] > 0]
    care = followed.safeguarding.assign(outcome=followed.safeguarding["outcome"].map(SAFEGUARDING_WORDS))
    texts = ("result", "safeguarding", "words", "escalate", "state", "name", "is_child", "person_id", "action_type")
    return {
        "last_actions": last.astype(dict.fromkeys(texts, "str")).reset_index(drop=True),
        "last_by_kind": kinds.assign(
            kind=kinds["kind"].map(KIND_WORDS), results=[_say_results(text) for text in kinds["results"]]
        ).reset_index(drop=True),
        "last_safeguarding": care,
    }


def finding_last(followed: FollowUp) -> str:
    """Say what came of the last meeting's actions, safeguarding in its own right, and what goes to the chair."""
    if followed.since is None:
        return "There was no meeting before, so no action to follow up."
    last, day = followed.last, show_date(followed.since)
    if last.empty:
        return f"No action of the meeting of {day} is on record."
    n = last["state"].value_counts()
    parts = [
        f"{say_number(int(n[state]))} {words}"
        for state, words in ((DONE, "done"), (LATE, "late"), (OPEN, "not due yet"), (DROPPED, "not done or dropped"))
        if state in n
    ]
    agreed = count_in_words(len(last), "action", start=True)
    verb = "was" if len(last) == 1 else "were"
    said = f"{agreed} {verb} agreed on {day}: {join_in_words(parts)}. {_say_safeguarding(followed)}"
    return said + _say_escalated(followed)


def _say_safeguarding(followed: FollowUp) -> str:
    led = followed.safeguarding[followed.safeguarding["n_actions"] > 0]
    total = int(led["n_actions"].sum())
    if not total:
        return "None of them is recorded as having made anybody safer."
    what = join_in_words([
        f"{SAFEGUARDING_WORDS[outcome]} ({n})" for outcome, n in zip(led["outcome"], led["n_actions"], strict=True)
    ])  # fmt: skip
    return f"{start(say_number(total))} led to a safeguarding outcome: {what}."


def _say_escalated(followed: FollowUp) -> str:
    """Say how many open actions were carried over too often, and to whom they go; nothing where there are none."""
    counts = followed.escalated["escalate"].value_counts()
    times = {"chair": followed.policy.to_chair_after, "delivery group": followed.policy.to_group_after}
    said = ""
    for whom, limit in times.items():
        n = int(counts.get(whom, 0))
        if n:
            often = "more than once" if limit == 2 else f"{say_number(limit)} times or more"
            subject, verbs = count_in_words(n, "open action", start=True), ("was", "goes") if n == 1 else ("were", "go")
            said += f" {subject} {verbs[0]} carried over {often} and {verbs[1]} to the {whom}."
    return said


def _say_results(text: str) -> str:
    counted = [part.split(": ") for part in text.split("; ") if part]
    words = [f"{RESULT_WORDS.get(name, name.lower())} ({n})" for name, n in counted]
    return ", ".join(words) or "nothing recorded yet"


def name_actions(agreed: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Give agreed actions the name of the person each is about, and their kind in words."""
    named = agreed.merge(people[["person_id", "name", "is_child"]], on="person_id", how="left")
    kinds: Mapping[str, str] = KIND_WORDS
    return named.assign(action_type=named["action_type"].map(kinds).astype("str"))
