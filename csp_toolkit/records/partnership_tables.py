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
