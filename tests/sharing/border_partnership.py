"""A small invented partnership beside a border: six people with names, a line under a new name, and two agreements."""

from dataclasses import replace
from datetime import date

import pandas as pd

from csp_toolkit.networks.borders.areas import Area, Areas
from csp_toolkit.networks.borders.study import Borders, study_borders
from csp_toolkit.networks.policy import read_tie_policy
from csp_toolkit.networks.ties import collect_ties
from csp_toolkit.params import packaged
from csp_toolkit.sharing.papers.borders import prepare_border_papers
from csp_toolkit.sharing.papers.ground import Occasion, Papers
from csp_toolkit.sharing.recipients import Recipient
from csp_toolkit.sharing.released import Released, release
from csp_toolkit.tables.quality.policy import read_quality_policy
from csp_toolkit.tables.quality.report import Quality
from csp_toolkit.tables.view import COVERAGE_COLUMNS, View
from tests.networks.small_borders import OURS, arrest, make_areas, make_policy
from tests.networks.small_views import crime, joined, make_view
from tests.networks.test_lines import NEW, OLD, link

NEIGHBOUR = "E00000009"
FAMILIES = ("QUILLFEATHER", "ZEPHYRSON", "OAKHOLLOW", "MARLPIT", "TINDERBOX", "FENWEATHER")
IDS = {letter: f"PER-{4 * letter}" for letter in "PQABCD"}
PEOPLE = {IDS[letter]: (family, "Rowan", "1990-05-06") for letter, family in zip("PQABCD", FAMILIES, strict=True)}
CHILD = IDS["D"]
SHARED = [link(line, IDS[p], "2026-01-01" if line == "1" else "2026-10-01") for line in "12" for p in "PQ"]
AGREEMENTS = [
    {"agreement_ref": "SYN-ISA-001", "agency": "Essex Police", "regime": "DPA 2018 Part 3", "status": "IN_FORCE",
     "signed_on": "2026-02-01", "expires_on": "2027-01-31"},
    {"agreement_ref": "SYN-ISA-012", "agency": "Thurrock Council", "regime": "UK GDPR", "status": "IN_FORCE",
     "signed_on": "2026-02-01", "expires_on": "2027-01-31"},
]  # fmt: skip


def border_areas() -> Areas:
    """Return Here, Near, Far, and the neighbour whose council has a profile."""
    near = Area(code=NEIGHBOUR, name="Thurrock", kind="unitary", force=OURS, council="Thurrock Council",
                population=170_000, latitude=51.5, longitude=0.3)  # fmt: skip
    return make_areas(near)


def border_view(*, with_neighbour: bool = True) -> View:
    """Return a view: six people of the neighbour and of Far recorded here, a child among them, and a rebranded line."""
    crimes = joined(
        *[crime(str(n), IDS["A"], IDS[p], on="2026-09-10", area="Here") for n, p in enumerate("BCDPQ", start=1)]
    )
    homes = {"A": "Thurrock", "B": "Far", "C": "Here", "D": "Thurrock", "P": "Thurrock", "Q": "UNK"}
    missing = [
        {"missing_ref": f"M{n}", "person_id": CHILD, "reported_at": f"2026-0{n}-01 09:00", "dob": "2012-01-01",
         "found_at": f"2026-0{n}-02 09:00", "found_area": "Thurrock", "had_interview": "N"}
        for n in range(1, 7)
    ]  # fmt: skip
    view = make_view(
        **crimes, custody=[arrest(IDS[p], "2026-09-10", home, "1") for p, home in homes.items()], lines=[OLD, NEW],
        line_people=SHARED, agreements=AGREEMENTS if with_neighbour else AGREEMENTS[:1], missing_episodes=missing,
    )  # fmt: skip
    lines = view["lines"].assign(handling="P")
    links = view["line_people"].assign(handling="P")
    ids = list(PEOPLE)
    born = ["2012-01-01" if p == CHILD else PEOPLE[p][2] for p in ids]
    people = pd.DataFrame({
        "person_id": ids, "source_refs": ids, "family_name": [PEOPLE[p][0] for p in ids],
        "given_name": [PEOPLE[p][1] for p in ids], "dob": pd.to_datetime(born).astype("datetime64[us]"),
        "dob_precision": "EXACT",
    })  # fmt: skip
    refs = [f"42SYN/00000{n}/20" for n in range(len(ids))]
    keys = pd.DataFrame({"person_id": ids, "source_system": "police", "source_ref": refs})
    coverage = pd.DataFrame({c: pd.Series(dtype="str") for c in COVERAGE_COLUMNS}).astype(
        {c: "Int64" for c in ("age_days", "rows_in", "accepted", "repaired", "rejected", "withdrawn")}
    )
    return replace(view, people=people, person_keys=keys, is_synthetic=True, coverage=coverage,
                   tables={**view.tables, "lines": lines, "line_people": links})  # fmt: skip


def border_study(view: View) -> Borders:
    """Study the view."""
    ties, since = collect_ties(view, read_tie_policy()), pd.Timestamp("2026-10-29")
    return study_borders(view, ties, areas=border_areas(), policy=make_policy(), seed=1, since=since)


def border_papers(view: View, borders: Borders | None = None) -> Papers:
    """Prepare the papers of the meeting, with nothing to say of the data's quality."""
    none = pd.DataFrame({c: pd.Series(dtype="str") for c in ("feed", "agency", "kind", "sentence")})
    quality = Quality(
        pd.DataFrame({"feed": pd.Series(dtype="str"), "n_findings": pd.Series(dtype="int64")}), none, none, none, none,
        read_quality_policy(), date(2026, 11, 26),
    )  # fmt: skip
    occasion = Occasion(
        meeting="cross_border", title="Cross-border briefing", as_of=view.as_of, known_at=view.known_at,
        previous_on=date(2026, 10, 29), stage="candidates", prepared_by="analyst", feed_titles={}, rule_meanings={},
        checks=(("Seed", "1"),),
    )  # fmt: skip
    return prepare_border_papers(occasion, view, borders or border_study(view), quality)


def copy_for(recipient: str | Recipient, view: View | None = None) -> Released:
    """Release the papers to one recipient."""
    view = view or border_view()
    return release(border_papers(view), recipient=recipient, view=view, params=packaged("params"))
