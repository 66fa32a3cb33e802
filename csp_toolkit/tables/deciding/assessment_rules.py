"""What an answer given in a form, and an override of a band, carry beside who decided it, when and why.

`slot` says what of a case a decision is about, since one meeting decides more than one thing of it: a question of an
assessment and the agency that answers, or an axis.
"""

ANSWER, OVERRIDE = "answer", "override"
ANSWERED, UP, DOWN = "ANSWERED", "UP", "DOWN"
ANSWER_DETAILS = (
    "slot", "case_ref", "assessment_no", "assessed_on", "indicator", "answer", "last_seen_on", "source_agency", "grade",
    "note", "reason", "suggested",
)  # fmt: skip
OVERRIDE_DETAILS = ("slot", "assessment_ref", "axis", "band", "evidence", "agency", "countersigned_by")
