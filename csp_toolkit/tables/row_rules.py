"""The rules by which rows are judged, each with what it means in words fit for a page."""

from csp_toolkit.records.readings import CELL_FLAGS, CELL_REPAIRS

# In the order in which they are asked: a row is rejected under the first that fits. What must not be kept at all
# comes first, so that a row above the marking is never read further to see what else is wrong with it.
REJECTIONS = {
    "row_length": "the row has more or fewer cells than there are headings, so none can be trusted",
    "heading_repeated": "the row says the headings once more and is not a record",
    "total_row": "the row is a total or a footer and not a record",
    "marking_above": "the row is marked above OFFICIAL-SENSITIVE and may not be kept here",
    "marking_unknown": "the row has no protective marking, or one that is not known",
    "under_ten": "the row is about a child under ten, who may not be recorded here",
    "no_consent": "the person has not consented to this use, or has withdrawn it, so nothing of the row may be kept",
    "duplicate_row": "the row is identical to an earlier one, which was kept",
    "not_mapped": "the row is of a kind that the feed does not map",
    "unreadable_reference": "the row's own reference cannot be read, so nothing could be tied to it",
    "missing_required": "the row lacks something without which it cannot be used",
    "future_date": "the row speaks of a day after the one it was received on",
    "reference_of_two": "one reference stands for people with different names and dates of birth, so none can be told",
    "key_repeated": "an earlier row has the same reference, and this one adds nothing to it",
}
REPAIRS = {
    "part_under_ten": "a child under ten was named in the row and was left out of it, with the row's free text",
}
FLAGS = {
    "part_incomplete": "a person named in the row lacks something required and was left out of it",
    "key_repeated_differs": "rows under one reference disagree; the first was kept",
    "age_disagrees": "the age stated and the date of birth differ by more than a year; both were left as sent",
    "before_birth": "the row speaks of a day before the person in it was born; both were left as sent",
    "dates_out_of_order": "an end stands before its beginning; both were left as sent",
}
WITHDRAWALS = {"withdrawn_by_sender": "the sender has withdrawn the record; its text was not kept"}

RULES: dict[str, str] = {**CELL_FLAGS, **CELL_REPAIRS, **FLAGS, **REPAIRS, **WITHDRAWALS, **REJECTIONS}

IN_ORDER: dict[str, tuple[tuple[str, str], ...]] = {
    "crimes": (("from_on", "to_on"),),
    "custody": (("arrived_at", "disposed_on"),),
    "missing_episodes": (("last_seen_at", "reported_at"), ("reported_at", "found_at")),
    "orders": (("made_on", "expires_on"),),
    "prison_stays": (("received_on", "released_on"),),
    "agreements": (("signed_on", "expires_on"),),
    "reviews": (("last_review_on", "next_review_on"),),
    "actions": (("set_on", "completed_on"),),
    "cases": (("opened_on", "closed_on"),),
    "referrals": (("received_on", "decided_on"),),
    "youth_interventions": (("started_on", "ended_on"),),
    "tenancies": (("started_on", "ended_on"),),
    "housing_cases": (("opened_on", "closed_on"),),
    "treatment": (("started_on", "ended_on"),),
    "hospital_assaults": (("assaulted_at", "arrived_at"),),
}
