"""The other tables of a hand-made bundle: ties, options, coverage."""

import pandas as pd

from tests.briefing.bundle_people import police_list


def network() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return five nodes in two parts and their four ties."""
    nodes = pd.DataFrame(
        {
            "node_id": ["n1", "n2", "n3", "n4", "n5"],
            "label": ["Watson", "Bates", "Line SYN-L002", "Adult A", "Read"],
            "kind": ["listed", "scored", "line", "other", "listed"],
            "is_harmed": ["N", "N", "N", "Y", "Y"],
            "x": [120, 380, 620, 800, 300],
            "y": [80, 140, 90, 260, 360],
            "component": [1, 1, 1, 1, 2],
            "degree": [1, 3, 2, 1, 1],
            "betweenness": [0.0, 0.5, 0.2, 0.0, 0.0],
        }
    )
    ties = pd.DataFrame(
        {
            "person_a": ["n1", "n2", "n3", "n2"],
            "person_b": ["n2", "n3", "n4", "n5"],
            "label_a": ["WATSON, Alfie", "BATES, Kwame", "line SYN-L002", "BATES, Kwame"],
            "label_b": ["BATES, Kwame", "line SYN-L002", "Adult A (occupier)", "READ, Brandon"],
            "kinds": ["charged together", "report", "report", "report"],
            "n_items": [4, 2, 1, 1],
            "n_origins": [4, 2, 1, 1],
            "is_tested": ["Y", "Y", "N", "N"],
            "p_exists": [1.0, 0.97, 0.5, 0.3],
            "first_seen": ["2026-01-09", "2025-09-10", "2026-06-30", "2026-11-03"],
            "last_seen": ["2026-11-08", "2026-11-15", "2026-06-30", "2026-11-03"],
            "evidence_text": [
                "charged together twice; 2 reports",
                "exhibit; 2 reports",
                "1 report, 2C",
                "1 report, 2B",
            ],
        }
    )
    return nodes, ties


def options() -> pd.DataFrame:
    menu = [
        (
            "DISRUPTION",
            "D01",
            "Joint welfare and disruption visit",
            "common law, consent or tenancy access",
            "police and housing",
        ),
        ("DISRUPTION", "D05", "Civil injunction: exclusion area", "injunction law, civil standard", "council legal"),
        ("ENFORCEMENT", "E02", "Bail conditions: non-contact, curfew", "Bail Act 1976", "police"),
        ("SUPPORT", "S08", "One-to-one mentor on exploitation and groups", "consent", "commissioned youth provider"),
        ("SUPPORT", "S17", "Housing move: managed transfer", "Housing Act 1996", "council"),
    ]
    people = police_list()[["person_id", "name", "is_child"]].itertuples(index=False)
    rows = [
        (p.person_id, p.name, kind, code, title, basis, 18, owner)
        for p in people
        for kind, code, title, basis, owner in menu
        if p.is_child == "N" or kind == "SUPPORT"
    ]
    return pd.DataFrame(rows, columns=["person_id", "name", "kind", "code", "title", "basis", "min_age", "owner"])


def coverage() -> pd.DataFrame:
    arrived = [
        ("police_list", "Police list", "Essex Police"),
        ("police_crimes", "Crimes", "Essex Police"),
        ("police_intel", "Intelligence", "Essex Police"),
        ("csp_reviews", "Review register", "Community safety"),
        ("csp_actions", "Actions", "Community safety"),
        ("childrens_services", "Children’s services", "Essex County Council"),
    ]
    rows = [
        {
            "feed": f,
            "title": t,
            "agency": a,
            "state": "arrived",
            "age_days": 6 + n % 2,
            "received_on": "2026-11-20",
            "used_received_on": "2026-11-20",
            "note": None,
        }
        for n, (f, t, a) in enumerate(arrived)
    ]
    rows += [
        {
            "feed": "prison_status",
            "title": "Prison status",
            "agency": "HM Prison Service",
            "state": "held",
            "age_days": 35,
            "received_on": "2026-11-20",
            "used_received_on": "2026-10-23",
            "note": "agreement expired; October’s is used",
        },
        {
            "feed": "police_stops",
            "title": "Stops",
            "agency": "Essex Police",
            "state": "stale",
            "age_days": 34,
            "received_on": "2026-10-23",
            "used_received_on": "2026-10-23",
            "note": None,
        },
        {
            "feed": "btp_crimes",
            "title": "Rail crimes",
            "agency": "British Transport Police",
            "state": "missing",
            "age_days": None,
            "received_on": None,
            "used_received_on": None,
            "note": None,
        },
        {
            "feed": "housing_asb",
            "title": "Housing nuisance",
            "agency": "Council housing",
            "state": "no mapping yet",
            "age_days": None,
            "received_on": "2026-11-20",
            "used_received_on": None,
            "note": None,
        },
    ]
    return pd.DataFrame(rows)


def sentences(*said: str) -> pd.DataFrame:
    """Return a table of numbered sentences."""
    return pd.DataFrame({"n": range(1, len(said) + 1), "sentence": list(said)})
