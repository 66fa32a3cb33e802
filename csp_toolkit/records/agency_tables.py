"""Canonical tables of what partner agencies hold: youth justice, probation, schools, housing, treatment, rail, A&E."""

from csp_toolkit.records.columns import Column, Table, code, date, flag, ref

AGENCY_TABLES: tuple[Table, ...] = (
    Table(
        "youth_interventions", "A youth justice intervention", ("source_ref", "started_on"),
        (
            ref("source_ref"), code("kind", "youth_order"), date("started_on", required=True), date("ended_on"),
            flag("is_in_breach"), code("rosh", "level"), code("safety", "level", sensitivity="harm"),
            Column("n_hours_occupied", "whole"), Column("school"),
        ),
        subject="person", person="source_ref",
    ),
    Table(
        "probation_cases", "What probation holds on a person it supervises", ("source_ref",),
        (
            ref("source_ref"), code("rosh", "level"), Column("mappa"), Column("sentence"), date("sentence_ends_on"),
            date("licence_ends_on"), date("recalled_on"), code("iom_cohort", "iom_cohort"), code("iom_rag", "iom_rag"),
            Column("registrations", "refs"),
        ),
        subject="person", person="source_ref",
    ),
    Table(
        "attendance_terms", "A pupil's attendance in one term, in half-day sessions", ("source_ref", "term"),
        (
            ref("source_ref"), Column("term", required=True), Column("school"), Column("n_possible", "whole"),
            Column("n_attended", "whole"), Column("n_unauthorised", "whole"), flag("has_ehcp", "harm"),
            code("sen", "sen", sensitivity="harm"), date("home_taught_from_on", sensitivity="harm"),
        ),
        subject="person", person="source_ref",
    ),
    Table(
        "exclusions", "A suspension or permanent exclusion from school",
        ("source_ref", "excluded_on", "kind", "n_sessions", "reasons"),
        (
            ref("source_ref"), date("excluded_on", required=True), code("kind", "exclusion", required=True),
            Column("school"), Column("n_sessions", "whole"), Column("reasons", "refs"),
        ),
        subject="person", event_on="excluded_on", person="source_ref",
    ),
    Table(
        "tenancies", "A council tenancy", ("tenancy_ref",),
        (
            ref("tenancy_ref"), date("started_on"), date("ended_on"), Column("arrears_pence", "whole"),
            Column("vulnerability", "refs", "harm"), flag("is_cuckoo_concern", "harm"), date("visited_on"),
        ),
        subject="person", person="tenancy_ref",
    ),
    Table(
        "housing_cases", "A case of anti-social behaviour at a council property", ("asb_ref",),
        (
            ref("asb_ref"), Column("uprn", "text", "identity"), ref("tenancy_ref", required=False),
            Column("category"), date("opened_on", required=True), date("closed_on"), Column("ram_score", "whole"),
            Column("steps_taken", "refs"),
        ),
        event_on="opened_on",
    ),
    Table(
        "housing_suspects", "A person named as causing anti-social behaviour", ("asb_ref",),
        (ref("asb_ref"), date("opened_on", required=True)),
        subject="suspect", event_on="opened_on", person="asb_ref",
    ),
    Table(
        "treatment", "A spell in treatment for drugs or alcohol, with the person's consent",
        ("source_ref", "started_on"),
        (
            ref("source_ref"), date("consented_on", sensitivity="harm"), Column("modality", sensitivity="harm"),
            date("started_on", required=True, sensitivity="harm"), date("ended_on", sensitivity="harm"),
            Column("end_reason", sensitivity="harm"),
        ),
        subject="person", person="source_ref",
    ),
    Table(
        "rail_incidents", "A person dealt with on the railway", ("rail_ref",),
        (
            ref("rail_ref"), Column("happened_at", "time", required=True), Column("station"), Column("offence"),
            Column("travelled_from"), Column("travelled_to"), Column("outcome"),
        ),
        subject="suspect", event_on="happened_at", person="rail_ref",
    ),
    Table(
        "rail_welfare", "A person looked after on the railway, such as a child alone", ("rail_ref",),
        (
            ref("rail_ref"), Column("happened_at", "time", "harm", required=True),
            Column("station", sensitivity="harm"), Column("travelled_from", sensitivity="harm"),
            Column("travelled_to", sensitivity="harm"),
            Column("outcome", sensitivity="harm"),
        ),
        subject="victim", event_on="happened_at", person="rail_ref",
    ),
    Table(
        "hospital_assaults", "An assault seen at a hospital: place and time, and nobody's identity",
        ("arrived_at", "assaulted_at", "method", "place_kind", "place"),
        (
            Column("arrived_at", "time"), Column("assaulted_at", "time", required=True),
            code("method", "assault_method", required=True), Column("method_other"),
            code("place_kind", "assault_place", required=True), Column("place"),
        ),
        event_on="assaulted_at", is_anonymous=True,
    ),
)  # fmt: skip
