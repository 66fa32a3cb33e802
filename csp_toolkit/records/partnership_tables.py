"""Canonical tables of the partnership's own work, and of what partners hold on a person."""

from csp_toolkit.records.columns import Column, Table, code, date, flag, ref

PARTNERSHIP_TABLES: tuple[Table, ...] = (
    Table(
        "police_list", "The people the police identified for one meeting", ("meeting_on", "place"),
        (
            date("meeting_on", required=True), Column("place", "whole", required=True), ref("person_ref"),
            Column("area"), Column("group_name", sensitivity="intelligence"),
            Column("police_score", "whole", "intelligence"), Column("last_place", "whole"),
            Column("rationale", "text", "free_text"), Column("officer"), Column("custody_status"),
        ),
        subject="suspect", person="person_ref",
    ),
    Table(
        "prison_stays", "A prison's record of a person", ("source_ref",),
        (
            ref("source_ref"), Column("establishment"), code("status", "prison_status"),
            date("received_on"), date("release_due_on"), date("licence_ends_on"), date("released_on"),
            Column("release_area"),
        ),
        subject="person", person="source_ref",
    ),
    Table(
        "reviews", "The review register: why a person is included, by whom, until when", ("person_ref",),
        (
            ref("person_ref"), Column("categories", "refs", required=True), date("included_on"),
            Column("inclusion_reason", "text", "free_text"), Column("items_relied_on", "refs"),
            Column("review_owner"), date("last_review_on"), date("next_review_on"),
            Column("authoriser"), Column("safeguarding_ref", "text", "harm"),
            code("status", "review_status", required=True), date("removed_on"),
            Column("removal_reason", "text", "free_text"),
        ),
        subject="person", person="person_ref",
    ),
    Table(
        "agreements", "A sharing agreement, with its impact assessments", ("agreement_ref",),
        (
            Column("agreement_ref", "text", "governance", required=True),
            Column("agency", sensitivity="governance"), Column("regime", sensitivity="governance"),
            Column("feeds_covered", "refs", "governance"), date("signed_on", sensitivity="governance"),
            date("expires_on", sensitivity="governance"), Column("dpia_ref", sensitivity="governance"),
            date("dpia_expires_on", sensitivity="governance"), Column("eia_ref", sensitivity="governance"),
            date("eia_expires_on", sensitivity="governance"),
            code("status", "agreement_status", sensitivity="governance"),
        ),
    ),
    Table(
        "attendance", "Who came to a meeting", ("meeting_ref", "agency"),
        (
            ref("meeting_ref"), code("meeting_type", "meeting_type"), date("meeting_on", required=True),
            Column("agency"), code("attendance", "attendance"),
        ),
    ),
    Table(
        "panel_decisions", "What a meeting decided on a case", ("meeting_ref", "case_ref", "decision"),
        (
            ref("meeting_ref"), code("meeting_type", "meeting_type"), date("meeting_on", required=True),
            ref("case_ref"), Column("decision"), Column("decision_text", "text", "free_text"),
            Column("rationale", "text", "free_text"), Column("decided_by"), Column("dissent", "text", "free_text"),
        ),
    ),
    Table(
        "actions", "An agreed action", ("action_ref",),
        (
            ref("action_ref"), date("meeting_on"), ref("case_ref", required=False),
            Column("action_text", "text", "free_text"), code("action_type", "action_type"),
            Column("intervention_code"), Column("action_owner"), Column("agency"), date("set_on"), date("due_on"),
            code("priority", "priority"), code("status", "action_status", required=True),
            date("completed_on"), code("outcome", "action_outcome"), Column("n_carried_over", "whole"),
        ),
    ),
    Table(
        "cases", "A case of the case management meeting, as it stands", ("case_ref",),
        (
            ref("case_ref"), date("opened_on"), code("status", "case_status", required=True), code("tier", "tier"),
            code("route", "route"), Column("lead_professional"), Column("lead_agency"),
            code("nrm", "nrm", sensitivity="harm"), code("ric_level", "ric_level", sensitivity="harm"),
            date("next_review_on"), date("closed_on"), code("closure_reason", "closure_reason"),
        ),
        subject="person", person="case_ref",
    ),
    Table(
        "referrals", "A referral to the case management meeting, and what came of it", ("referral_ref",),
        (
            ref("referral_ref"), date("received_on", required=True), Column("referrer_agency"),
            Column("concern", sensitivity="harm"), flag("is_immediate", "harm"), code("consent", "consent"),
            code("screening", "screening"), date("decided_on"), ref("case_ref", required=False),
        ),
        subject="person", event_on="received_on", person="referral_ref",
    ),
    Table(
        "assessment_answers", "One agency's answer to one indicator of a case's risk assessment",
        ("case_ref", "assessment_no", "indicator", "source_agency"),
        (
            ref("case_ref"), Column("assessment_no", "whole", required=True), date("assessed_on", required=True),
            Column("indicator", required=True), code("answer", "answer", sensitivity="harm"),
            date("last_seen_on", sensitivity="harm"), Column("source_agency"),
            code("grade", "joint_grade", sensitivity="intelligence"), Column("note", "text", "free_text"),
        ),
        subject="person", event_on="assessed_on", person="case_ref",
    ),
    Table(
        "delivery_actions", "An action of the delivery plan, by priority", ("plan_ref",),
        (
            Column("plan_ref", required=True), Column("priority", required=True), Column("action_text"),
            Column("lead_officer"), Column("lead_agency"), date("start_on"), date("due_on"),
            code("status", "action_status", required=True), code("rag", "rag"), Column("rag_reason"),
            Column("progress"), date("updated_on"), flag("needs_decision"),
        ),
    ),
    Table(
        "delivery_milestones", "A milestone of an action of the delivery plan", ("plan_ref", "milestone"),
        (
            Column("plan_ref", required=True), Column("milestone", required=True), date("due_on"), date("done_on"),
        ),
    ),
    Table(
        "delivery_measures", "What an action of the delivery plan is measured by", ("plan_ref", "measure"),
        (
            Column("plan_ref", required=True), Column("measure", required=True), Column("unit"),
            code("polarity", "polarity"), Column("baseline_hundredths", "whole"), Column("target_hundredths", "whole"),
        ),
    ),
    Table(
        "delivery_values", "What a measure of the delivery plan came to in a period", ("plan_ref", "measure", "period"),
        (
            Column("plan_ref", required=True), Column("measure", required=True), Column("period", required=True),
            Column("value_hundredths", "whole"),
        ),
    ),
    Table(
        "child_records", "What children's services hold on a child", ("source_ref",),
        (
            ref("source_ref"), code("legal_status", "legal_status", sensitivity="harm"),
            Column("placement", sensitivity="harm"), Column("placing_area", sensitivity="harm"),
            Column("factors", "refs", "harm"), code("ric_level", "ric_level", sensitivity="harm"),
            flag("has_mace", "harm"), code("nrm", "nrm", sensitivity="harm"),
            date("nrm_on", sensitivity="harm"),
        ),
        subject="victim", person="source_ref",
    ),
)  # fmt: skip
