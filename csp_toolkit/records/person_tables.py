"""Canonical tables of who and what is on record: people, groups, drug lines."""

from csp_toolkit.records.columns import Column, Table, code, date, flag, identity, ref

PERSON_TABLES: tuple[Table, ...] = (
    Table(
        "person_records", "One agency's record of one person", ("source_ref",),
        (
            ref("source_ref"),
            *identity("family_name", "given_name", "other_names", "aliases"),
            date("dob", sensitivity="identity"),
            code("dob_precision", "dob_precision", sensitivity="identity"),
            code("sex", "sex", sensitivity="identity"),
            *identity("pnc", "upn", "urn", "case_ref"),
            *identity("home_address", "postcode", "uprn"),
            date("address_from_on", sensitivity="identity"), date("address_to_on", sensitivity="identity"),
            Column("home_area"),
            Column("markers", "refs", "intelligence"),
            flag("is_deceased"),
            date("deceased_on"),
            ref("merged_into", required=False),
            date("updated_on"),
        ),
        subject="person", person="source_ref",
    ),
    Table(
        "groups", "A group on record", ("group_ref",),
        (
            ref("group_ref"), Column("group_name"), code("kind", "group_kind"), Column("status"),
            date("since_on"), Column("comment", "text", "free_text"),
        ),
    ),
    Table(
        "group_members", "A person recorded as linked to a group", ("group_ref", "person_ref"),
        (
            ref("group_ref"), ref("person_ref"), code("role", "group_role", sensitivity="intelligence"),
            Column("basis", sensitivity="intelligence"),
            code("confidence", "confidence", sensitivity="intelligence"),
            Column("report_refs", "refs", "intelligence"), date("from_on"), date("to_on"),
        ),
        subject="suspect", person="person_ref",
    ),
    Table(
        "group_relations", "How two groups stand to each other", ("group_ref", "other_group", "relation"),
        (
            ref("group_ref"), Column("other_group", required=True), Column("relation"), Column("status"),
            date("since_on"),
        ),
    ),
    Table(
        "lines", "A branded drug line", ("line_ref",),
        (
            ref("line_ref"), Column("brand"), Column("also_known_as"), code("status", "line_status"),
            Column("controlling_group"), Column("home_area"), Column("host_areas", "refs"),
            Column("drugs", "refs"), Column("deal"), date("first_seen_on"), date("last_active_on"), date("closed_on"),
            Column("grade", sensitivity="intelligence"),
            code("handling", "handling", sensitivity="intelligence"),
        ),
    ),
    Table(
        "line_phones", "A number a line used", ("phone_ref",),
        (
            ref("phone_ref"), ref("line_ref"), Column("number", "text", "identity"),
            date("from_on"), date("to_on"), Column("status"),
        ),
    ),
    Table(
        "line_people", "A person's part in a line", ("link_ref",),
        (
            ref("link_ref"), ref("line_ref"), ref("person_ref"),
            code("role", "line_role", sensitivity="intelligence"), date("from_on"), date("to_on"),
            flag("is_coerced", "harm"), Column("grade", sensitivity="intelligence"),
            Column("grade_original", sensitivity="intelligence"),
            code("handling", "handling", sensitivity="intelligence"),
        ),
        subject="suspect", person="person_ref",
    ),
    Table(
        "line_cuckooed", "A householder whose home a line took over", ("link_ref",),
        (
            ref("link_ref"), ref("line_ref"), ref("person_ref"), date("from_on"), date("to_on"),
            flag("is_coerced", "harm"), Column("grade", sensitivity="intelligence"),
            code("handling", "handling", sensitivity="intelligence"),
        ),
        subject="victim", person="person_ref",
    ),
    Table(
        "line_addresses", "An address a line used", ("link_ref",),
        (
            ref("link_ref"), ref("line_ref"), Column("uprn", "text", "identity"), Column("use"),
            code("state", "address_state", sensitivity="harm"), date("from_on"), date("to_on"),
            Column("grade", sensitivity="intelligence"),
            code("handling", "handling", sensitivity="intelligence"),
        ),
    ),
    Table(
        "line_groups", "A group that controls a line", ("link_ref",),
        (ref("link_ref"), ref("line_ref"), ref("group_ref"), date("from_on"), date("to_on")),
    ),
)  # fmt: skip
