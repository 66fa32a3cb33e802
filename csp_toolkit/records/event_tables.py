"""Canonical tables of what happened: crimes, detentions, stops, orders, missing episodes, reports."""

from csp_toolkit.records.columns import Column, Table, code, date, flag, identity, ref

EVENT_TABLES: tuple[Table, ...] = (
    Table(
        "crimes", "A recorded crime", ("crime_ref",),
        (
            ref("crime_ref"), Column("offence", required=True), Column("ho_code"),
            date("from_on", required=True), date("to_on"), date("recorded_on"),
            Column("area"), Column("ward"),
            flag("has_knife"), flag("has_firearm"), flag("is_gang"), flag("is_county_lines"),
            Column("outcome_code"), date("outcome_on"),
            code("court_result", "court_result"), date("court_on"), code("detection", "detection"),
        ),
        event_on="from_on",
    ),
    Table(
        "crime_suspects", "A person suspected of a crime", ("crime_ref", "person_ref"),
        (
            ref("crime_ref"), ref("person_ref"),
            *identity("family_name", "given_name"), date("dob", sensitivity="identity"),
            code("status", "suspect_status", required=True), code("part", "suspect_part"),
        ),
        subject="suspect", person="person_ref",
    ),
    Table(
        "crime_victims", "A person a crime was done to", ("crime_ref", "person_ref"),
        (
            ref("crime_ref"), ref("person_ref"),
            *identity("family_name", "given_name"), date("dob", sensitivity="identity"),
        ),
        subject="victim", person="person_ref",
    ),
    Table(
        "custody", "A detention at a police station", ("custody_ref",),
        (
            ref("custody_ref"), ref("person_ref"),
            Column("arrived_at", "time", required=True), Column("force"), Column("station"), Column("offence"),
            ref("crime_ref", required=False), Column("home_area"), flag("has_appropriate_adult"),
            code("disposal", "disposal"), date("disposed_on"), Column("bail_conditions"),
        ),
        subject="suspect", event_on="arrived_at", person="person_ref",
    ),
    Table(
        "stops", "A stop and search of a person", ("stop_ref",),
        (
            ref("stop_ref"), Column("stopped_at", "time", required=True),
                Column("latitude"), Column("longitude"),
            Column("searched_for"), code("outcome", "stop_outcome"), flag("is_outcome_linked"),
            ref("person_ref", required=False),
        ),
        subject="suspect", event_on="stopped_at", person="person_ref",
    ),
    Table(
        "orders", "A court order, notice or bail condition", ("order_ref",),
        (
            ref("order_ref"), code("order_type", "order_type", required=True), ref("person_ref"),
            Column("issuer"), date("made_on", required=True), date("expires_on"),
            code("status", "order_status"), Column("conditions", "text", "free_text"),
            Column("basis"), Column("n_breaches", "whole"), date("last_breach_on"),
        ),
        subject="suspect", event_on="made_on", person="person_ref",
    ),
    Table(
        "missing_episodes", "A time a person was missing", ("missing_ref",),
        (
            ref("missing_ref"), *identity("family_name", "given_name"),
            date("dob", sensitivity="identity"), code("dob_precision", "dob_precision", sensitivity="identity"),
            Column("missing_from", sensitivity="harm"), Column("last_seen_at", "time", "harm"),
            Column("reported_at", "time", "harm", required=True), Column("found_at", "time", "harm"),
            Column("risk", sensitivity="harm"), Column("found_area", sensitivity="harm"),
            flag("had_interview", "harm"), flag("is_exploitation", "harm"),
        ),
        subject="victim", event_on="reported_at", person="missing_ref",
    ),
    Table(
        "intel_reports", "A sanitised intelligence report", ("report_ref",),
        (
            ref("report_ref"), date("submitted_on", required=True, sensitivity="intelligence"),
            date("event_on", sensitivity="intelligence"),
            Column("provenance", sensitivity="intelligence"), flag("is_partner", "intelligence"),
            Column("grade", sensitivity="intelligence"), Column("grade_original", sensitivity="intelligence"),
            code("grade_scheme", "grade_scheme", sensitivity="intelligence"),
            Column("grade_previous", sensitivity="intelligence"),
            code("handling", "handling", sensitivity="intelligence"),
            Column("handling_conditions", sensitivity="intelligence"),
            Column("origin_ref", sensitivity="intelligence"),
            Column("derived_from", "refs", "intelligence"), Column("corroborated_by", "refs", "intelligence"),
            code("theme", "theme", sensitivity="intelligence"),
            Column("group_name", sensitivity="intelligence"), Column("line_brand", sensitivity="intelligence"),
            Column("report_text", "text", "free_text"), Column("marking", required=True),
            code("status", "report_status", required=True),
        ),
        event_on="submitted_on",
    ),
    Table(
        "intel_subjects", "A person named in a report, in the order named", ("report_ref", "person_ref"),
        (
            ref("report_ref"), ref("person_ref"),
            *identity("family_name", "given_name"), Column("position", "whole", "intelligence", required=True),
        ),
        subject="suspect", person="person_ref",
    ),
)  # fmt: skip
