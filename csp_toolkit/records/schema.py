"""The canonical tables: what the toolkit knows of the world, column by column.

Every feed is mapped to these tables and nothing else is kept. A column has a kind, a vocabulary where it is
coded, and a sensitivity, which is what redaction goes by. Victims stand in tables of their own: no table
holds both the harm a person did and the harm a person suffered.

Kinds, as they stand in a frame:

========  =====================================================================
text      `str`; missing is NaN
code      `str` from the column's vocabulary; missing is NaN
flag      `str`: ``Y``, ``N`` or ``U`` (not stated); never missing
date      `datetime64[us]` at midnight; missing is NaT
time      `datetime64[us]`, local (Europe/London) wall clock; missing is NaT
whole     `Int64`; missing is NA
refs      `str`: references parted by ``"; "``; missing is NaN
========  =====================================================================
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "code", "flag", "date", "time", "whole", "refs"]
Sensitivity = Literal["reference", "identity", "operational", "intelligence", "harm", "free_text", "governance"]
Subject = Literal["suspect", "victim", "person", "nobody"]

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "dob_precision": ("EXACT", "YEAR", "UNK"),
    "sex": ("M", "F", "X"),
    "suspect_status": ("SUSPECT", "NAMED SUSPECT", "CHARGED"),
    "suspect_part": ("PRINCIPAL", "SECONDARY", "DIRECTS"),
    "court_result": ("AWAITING", "CONVICTED", "CONVICTED_LESSER", "ACQUITTED", "DISCONTINUED"),
    "detection": ("PROACTIVE", "REPORTED"),
    "disposal": ("CHARGED", "BAILED", "RUI", "NFA", "PND", "TO_COURT"),
    "handling": ("P", "C"),
    "grade_scheme": ("3x5x2", "5x5x5", "none"),
    "theme": (
        "SUPPLY", "MEMBERSHIP", "WEAPON", "FIREARM", "CONFLICT", "LINE", "CUCKOO", "CCE", "TRAVEL", "DEBT", "LIFESTYLE",
    ),
    "report_status": ("LIVE", "WITHDRAWN"),
    "group_kind": ("LOCAL_GROUP", "LINE_NETWORK", "OCG", "PEER_GROUP"),
    "group_role": ("DIRECTS", "ELDER", "MEMBER", "YOUNGER", "ASSOCIATE", "EXPLOITED", "FORMER"),
    "confidence": ("CONFIRMED", "PROBABLE", "POSSIBLE"),
    "line_status": ("ACTIVE", "DORMANT", "CLOSED"),
    "line_role": ("CONTROLLER", "HOLDER", "DEALER", "DRIVER", "RUNNER", "MONEY_MULE", "HOUSEHOLDER_CUCKOOED", "USER"),
    "address_state": ("SUSPECTED", "VISITED", "CONFIRMED", "PROTECTED", "CLEARED", "CLOSED", "REPEAT"),
    "order_type": ("CBO", "GANG_INJUNCTION", "CPW", "CPN", "CLOSURE_PARTIAL", "CLOSURE_FULL", "BAIL_CONDITIONS"),
    "order_status": ("IN_FORCE", "EXPIRED"),
    "stop_outcome": ("NFA", "ARREST", "COMMUNITY_RESOLUTION", "WARNING", "SUMMONS", "PND"),
    "prison_status": ("SENTENCED", "REMAND", "RECALL", "RELEASED_ON_LICENCE"),
    "review_status": ("ACTIVE", "REMOVED"),
    "legal_status": ("CIN", "CPP", "CLA"),
    "nrm": ("NONE", "REFERRED", "RG_POSITIVE", "RG_NEGATIVE", "CG_POSITIVE", "CG_NEGATIVE"),
    "ric_level": ("LOW", "MEDIUM", "HIGH"),
    "agreement_status": ("IN_FORCE", "EXPIRED", "DRAFT"),
    "meeting_type": ("INTELLIGENCE", "CASE_MANAGEMENT"),
    "attendance": ("PRESENT", "APOLOGY", "ABSENT", "SENT_INFO"),
    "action_type": ("SUPPORT", "DISRUPTION", "ENFORCEMENT", "INFORMATION", "ADMIN"),
    "priority": ("CRITICAL", "NORMAL"),
    "action_status": (
        "OPEN", "IN_PROGRESS", "COMPLETE", "COMPLETE_LATE", "NOT_DONE", "CANCELLED", "SUPERSEDED",
    ),
    "action_outcome": (
        "ACHIEVED", "PARTLY", "NO_EFFECT", "REFUSED_BY_PERSON", "NOT_ELIGIBLE", "SERVICE_FULL", "NOT_POSSIBLE",
        "UNKNOWN",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    kind: Kind = "text"
    sensitivity: Sensitivity = "operational"
    vocabulary: str | None = None
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One canonical table: whose rows it holds, what makes a row unique, and when it happened.

    `event_on` names the column by which a view as at a date leaves out what had not happened yet.
    `person` names the column that refers to a person, by which a view adds `person_id`.
    """

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    subject: Subject = "nobody"
    event_on: str | None = None
    person: str | None = None
    names: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(c.name for c in self.columns))

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(c for c in self.columns if c.name == name)


def _ref(name: str, *, required: bool = True) -> Column:
    return Column(name, "text", "reference", required=required)


def _code(name: str, vocabulary: str, *, sensitivity: Sensitivity = "operational", required: bool = False) -> Column:
    return Column(name, "code", sensitivity, vocabulary, required)


def _date(name: str, *, required: bool = False, sensitivity: Sensitivity = "operational") -> Column:
    return Column(name, "date", sensitivity, required=required)


def _identity(*names: str) -> tuple[Column, ...]:
    return tuple(Column(n, "text", "identity") for n in names)


def _flag(name: str, sensitivity: Sensitivity = "operational") -> Column:
    return Column(name, "flag", sensitivity)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "person_records", "One agency's record of one person", ("source_ref",),
            (
                _ref("source_ref"),
                *_identity("family_name", "given_name", "other_names", "aliases"),
                _date("dob", sensitivity="identity"),
                _code("dob_precision", "dob_precision", sensitivity="identity"),
                _code("sex", "sex", sensitivity="identity"),
                *_identity("pnc", "upn", "home_address", "postcode"),
                Column("home_area"),
                Column("markers", "refs", "intelligence"),
                _flag("is_deceased"),
                _date("deceased_on"),
                _ref("merged_into", required=False),
                _date("updated_on"),
            ),
            subject="person", person="source_ref",
        ),
        Table(
            "crimes", "A recorded crime", ("crime_ref",),
            (
                _ref("crime_ref"), Column("offence", required=True), Column("ho_code"),
                _date("from_on", required=True), _date("to_on"), _date("recorded_on"),
                Column("area"), Column("ward"),
                _flag("has_knife"), _flag("has_firearm"), _flag("is_gang"), _flag("is_county_lines"),
                Column("outcome_code"), _date("outcome_on"),
                _code("court_result", "court_result"), _date("court_on"), _code("detection", "detection"),
            ),
            event_on="from_on",
        ),
        Table(
            "crime_suspects", "A person suspected of a crime", ("crime_ref", "person_ref"),
            (
                _ref("crime_ref"), _ref("person_ref"),
                *_identity("family_name", "given_name"), _date("dob", sensitivity="identity"),
                _code("status", "suspect_status", required=True), _code("part", "suspect_part"),
            ),
            subject="suspect", person="person_ref",
        ),
        Table(
            "crime_victims", "A person a crime was done to", ("crime_ref", "person_ref"),
            (
                _ref("crime_ref"), _ref("person_ref"),
                *_identity("family_name", "given_name"), _date("dob", sensitivity="identity"),
            ),
            subject="victim", person="person_ref",
        ),
        Table(
            "custody", "A detention at a police station", ("custody_ref",),
            (
                _ref("custody_ref"), _ref("person_ref"),
                Column("arrived_at", "time", required=True), Column("force"), Column("station"), Column("offence"),
                _ref("crime_ref", required=False), Column("home_area"), _flag("has_appropriate_adult"),
                _code("disposal", "disposal"), _date("disposed_on"), Column("bail_conditions"),
            ),
            subject="suspect", event_on="arrived_at", person="person_ref",
        ),
        Table(
            "intel_reports", "A sanitised intelligence report", ("report_ref",),
            (
                _ref("report_ref"), _date("submitted_on", required=True, sensitivity="intelligence"),
                _date("event_on", sensitivity="intelligence"),
                Column("provenance", sensitivity="intelligence"), _flag("is_partner", "intelligence"),
                Column("grade", sensitivity="intelligence"), Column("grade_original", sensitivity="intelligence"),
                _code("grade_scheme", "grade_scheme", sensitivity="intelligence"),
                Column("grade_previous", sensitivity="intelligence"),
                _code("handling", "handling", sensitivity="intelligence"),
                Column("handling_conditions", sensitivity="intelligence"),
                Column("origin_ref", sensitivity="intelligence"),
                Column("derived_from", "refs", "intelligence"), Column("corroborated_by", "refs", "intelligence"),
                _code("theme", "theme", sensitivity="intelligence"),
                Column("group_name", sensitivity="intelligence"), Column("line_brand", sensitivity="intelligence"),
                Column("report_text", "text", "free_text"), Column("marking", required=True),
                _code("status", "report_status", required=True),
            ),
            event_on="submitted_on",
        ),
        Table(
            "intel_subjects", "A person named in a report, in the order named", ("report_ref", "person_ref"),
            (
                _ref("report_ref"), _ref("person_ref"),
                *_identity("family_name", "given_name"), Column("position", "whole", "intelligence", required=True),
            ),
            subject="suspect", person="person_ref",
        ),
        Table(
            "groups", "A group on record", ("group_ref",),
            (
                _ref("group_ref"), Column("group_name"), _code("kind", "group_kind"), Column("status"),
                _date("since_on"), Column("comment", "text", "free_text"),
            ),
        ),
        Table(
            "group_members", "A person recorded as linked to a group", ("group_ref", "person_ref"),
            (
                _ref("group_ref"), _ref("person_ref"), _code("role", "group_role", sensitivity="intelligence"),
                Column("basis", sensitivity="intelligence"),
                _code("confidence", "confidence", sensitivity="intelligence"),
                Column("report_refs", "refs", "intelligence"), _date("from_on"), _date("to_on"),
            ),
            subject="suspect", person="person_ref",
        ),
        Table(
            "group_relations", "How two groups stand to each other", ("group_ref", "other_group", "relation"),
            (
                _ref("group_ref"), Column("other_group", required=True), Column("relation"), Column("status"),
                _date("since_on"),
            ),
        ),
        Table(
            "lines", "A branded drug line", ("line_ref",),
            (
                _ref("line_ref"), Column("brand"), Column("also_known_as"), _code("status", "line_status"),
                Column("controlling_group"), Column("home_area"), Column("host_areas", "refs"),
                Column("drugs", "refs"), _date("first_seen_on"), _date("last_active_on"), _date("closed_on"),
                Column("grade", sensitivity="intelligence"),
                _code("handling", "handling", sensitivity="intelligence"),
            ),
        ),
        Table(
            "line_phones", "A number a line used", ("phone_ref",),
            (
                _ref("phone_ref"), _ref("line_ref"), Column("number", "text", "identity"),
                _date("from_on"), _date("to_on"), Column("status"),
            ),
        ),
        Table(
            "line_people", "A person's part in a line", ("link_ref",),
            (
                _ref("link_ref"), _ref("line_ref"), _ref("person_ref"),
                _code("role", "line_role", sensitivity="intelligence"), _date("from_on"), _date("to_on"),
                _flag("is_coerced", "harm"), Column("grade", sensitivity="intelligence"),
                Column("grade_original", sensitivity="intelligence"),
                _code("handling", "handling", sensitivity="intelligence"),
            ),
            subject="suspect", person="person_ref",
        ),
        Table(
            "line_cuckooed", "A householder whose home a line took over", ("link_ref",),
            (
                _ref("link_ref"), _ref("line_ref"), _ref("person_ref"), _date("from_on"), _date("to_on"),
                _flag("is_coerced", "harm"), Column("grade", sensitivity="intelligence"),
                _code("handling", "handling", sensitivity="intelligence"),
            ),
            subject="victim", person="person_ref",
        ),
        Table(
            "line_addresses", "An address a line used", ("link_ref",),
            (
                _ref("link_ref"), _ref("line_ref"), Column("uprn", "text", "identity"), Column("use"),
                _code("state", "address_state", sensitivity="harm"), _date("from_on"), _date("to_on"),
                Column("grade", sensitivity="intelligence"),
                _code("handling", "handling", sensitivity="intelligence"),
            ),
        ),
        Table(
            "line_groups", "A group that controls a line", ("link_ref",),
            (_ref("link_ref"), _ref("line_ref"), _ref("group_ref"), _date("from_on"), _date("to_on")),
        ),
        Table(
            "missing_episodes", "A time a person was missing", ("missing_ref",),
            (
                _ref("missing_ref"), *_identity("family_name", "given_name"),
                _date("dob", sensitivity="identity"), _code("dob_precision", "dob_precision", sensitivity="identity"),
                Column("missing_from", sensitivity="harm"), Column("last_seen_at", "time", "harm"),
                Column("reported_at", "time", "harm", required=True), Column("found_at", "time", "harm"),
                Column("risk", sensitivity="harm"), Column("found_area", sensitivity="harm"),
                _flag("had_interview", "harm"), _flag("is_exploitation", "harm"),
            ),
            subject="victim", event_on="reported_at", person="missing_ref",
        ),
        Table(
            "orders", "A court order, notice or bail condition", ("order_ref",),
            (
                _ref("order_ref"), _code("order_type", "order_type", required=True), _ref("person_ref"),
                Column("issuer"), _date("made_on", required=True), _date("expires_on"),
                _code("status", "order_status"), Column("conditions", "text", "free_text"),
                Column("basis"), Column("n_breaches", "whole"), _date("last_breach_on"),
            ),
            subject="suspect", event_on="made_on", person="person_ref",
        ),
        Table(
            "stops", "A stop and search of a person", ("stop_ref",),
            (
                _ref("stop_ref"), Column("stopped_at", "time", required=True), Column("place"),
                Column("searched_for"), _code("outcome", "stop_outcome"), _flag("is_outcome_linked"),
                _ref("person_ref", required=False),
            ),
            subject="suspect", event_on="stopped_at", person="person_ref",
        ),
        Table(
            "police_list", "The people the police identified for one meeting", ("meeting_on", "place"),
            (
                _date("meeting_on", required=True), Column("place", "whole", required=True), _ref("person_ref"),
                Column("area"), Column("group_name", sensitivity="intelligence"),
                Column("police_score", "whole", "intelligence"), Column("last_place", "whole"),
                Column("rationale", "text", "free_text"), Column("officer"), Column("custody_status"),
            ),
            subject="suspect", person="person_ref",
        ),
        Table(
            "prison_stays", "A prison's record of a person", ("source_ref",),
            (
                _ref("source_ref"), Column("establishment"), _code("status", "prison_status"),
                _date("received_on"), _date("release_due_on"), _date("licence_ends_on"), _date("released_on"),
                Column("release_area"),
            ),
            subject="person", person="source_ref",
        ),
        Table(
            "reviews", "The review register: why a person is included, by whom, until when", ("person_ref",),
            (
                _ref("person_ref"), Column("categories", "refs", required=True), _date("included_on"),
                Column("inclusion_reason", "text", "free_text"), Column("items_relied_on", "refs"),
                Column("review_owner"), _date("last_review_on"), _date("next_review_on"),
                Column("authoriser"), Column("safeguarding_ref", "text", "harm"),
                _code("status", "review_status", required=True), _date("removed_on"),
                Column("removal_reason", "text", "free_text"),
            ),
            subject="person", person="person_ref",
        ),
        Table(
            "agreements", "A sharing agreement, with its impact assessments", ("agreement_ref",),
            (
                Column("agreement_ref", "text", "governance", required=True),
                Column("agency", sensitivity="governance"), Column("regime", sensitivity="governance"),
                Column("feeds_covered", "refs", "governance"), _date("signed_on", sensitivity="governance"),
                _date("expires_on", sensitivity="governance"), Column("dpia_ref", sensitivity="governance"),
                _date("dpia_expires_on", sensitivity="governance"), Column("eia_ref", sensitivity="governance"),
                _date("eia_expires_on", sensitivity="governance"),
                _code("status", "agreement_status", sensitivity="governance"),
            ),
        ),
        Table(
            "attendance", "Who came to a meeting", ("meeting_ref", "agency"),
            (
                _ref("meeting_ref"), _code("meeting_type", "meeting_type"), _date("meeting_on", required=True),
                Column("agency"), _code("attendance", "attendance"),
            ),
        ),
        Table(
            "panel_decisions", "What a meeting decided on a case", ("meeting_ref", "case_ref", "decision"),
            (
                _ref("meeting_ref"), _code("meeting_type", "meeting_type"), _date("meeting_on", required=True),
                _ref("case_ref"), Column("decision"), Column("decision_text", "text", "free_text"),
                Column("rationale", "text", "free_text"), Column("decided_by"), Column("dissent", "text", "free_text"),
            ),
        ),
        Table(
            "actions", "An agreed action", ("action_ref",),
            (
                _ref("action_ref"), _date("meeting_on"), _ref("case_ref", required=False),
                Column("action_text", "text", "free_text"), _code("action_type", "action_type"),
                Column("intervention_code"), Column("action_owner"), Column("agency"), _date("set_on"), _date("due_on"),
                _code("priority", "priority"), _code("status", "action_status", required=True),
                _date("completed_on"), _code("outcome", "action_outcome"), Column("n_carried_over", "whole"),
            ),
        ),
        Table(
            "child_records", "What children's services hold on a child", ("source_ref",),
            (
                _ref("source_ref"), _code("legal_status", "legal_status", sensitivity="harm"),
                Column("placement", sensitivity="harm"), Column("placing_area", sensitivity="harm"),
                Column("factors", "refs", "harm"), _code("ric_level", "ric_level", sensitivity="harm"),
                _flag("has_mace", "harm"), _code("nrm", "nrm", sensitivity="harm"),
                _date("nrm_on", sensitivity="harm"),
            ),
            subject="victim", person="source_ref",
        ),
    )
}  # fmt: skip
