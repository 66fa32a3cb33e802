"""A hand-made bundle for the pages: the chair's copy, and a redacted one."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from tests.briefing.bundle_people import cut, high, police_list
from tests.briefing.bundle_tables import coverage, network, options, sentences


@dataclass(frozen=True)
class Copy:
    """What a page reads: the same four attributes as a released bundle."""

    recipient: dict[str, Any]
    facts: dict[str, Any]
    tables: dict[str, pd.DataFrame]
    withheld: pd.DataFrame

    def without(self, *tables: str) -> "Copy":
        """Return a copy that lacks some tables."""
        return replace(self, tables={name: t for name, t in self.tables.items() if name not in tables})

    def with_table(self, name: str, table: pd.DataFrame) -> "Copy":
        """Return a copy in which one table is another."""
        return replace(self, tables=self.tables | {name: table})


FACTS: dict[str, Any] = {
    "meeting_on": "2026-11-26",
    "previous_meeting_on": "2026-10-29",
    "as_of": "2026-11-26",
    "known_at": "2026-11-26",
    "stage": "candidates",
    "matrix_name": "CSP example matrix v1",
    "matrix_note": "not Essex Police’s",
    "prepared_by": "partnership analyst, SYN A1",
    "n_register": 106,
    "n_ranked": 31,
    "n_custody": 2,
    "n_returning": 0,
    "n_under_18": 2,
    "n_left_out": 36,
    "gap_10_11": 0.5,
    "is_synthetic": True,
    "most_score": 100,
    "most_violence": 50,
    "most_drugs": 30,
    "most_gang_link": 20,
    "finding_list": "Of the ten, eight are scored; one is a child and one was removed on review.",
    "finding_high": "Two people score at or near the cut and are not on the police list. What do the police know "
    "that the matrix does not?",
    "finding_cut": "Half a point parts the 10th from the 11th: this is where the meeting’s judgement counts most.",
    "finding_left_out": "Thirty-six of 106 people on the register were left out by rule before any point was counted.",
    "finding_network": "The two groups meet in one place only: a tie that rests on one untested report.",
    "finding_actions": "Three actions are open and two are late. The oldest is 28 days late.",
    "finding_coverage": "One feed is held, one is missing and one is stale.",
    "reconciliation": "106 on the register = 31 ranked + 2 in custody + 37 under 18 + 36 left out",
    "list_reconciliation": "On the list since October: opening 10 + new 1 + returned 1 − out 2 = closing 10.",
}
CHAIR: dict[str, Any] = {
    "profile": "chair",
    "title": "panel chair",
    "marking_line": "Recipients only: panel chair",
    "marking": "OFFICIAL-SENSITIVE – PERSONAL DATA",
    "copy_number": 1,
    "n_copies": 2,
    "destroy_by": "2026-12-26",
    "agreement_ref": "SYN-ISA-001",
    "purpose": "preventing crime",
    "is_redacted": False,
}
HOUSING: dict[str, Any] = CHAIR | {
    "profile": "housing",
    "title": "council housing",
    "marking_line": "Recipients only: council housing",
    "copy_number": 2,
    "n_people": 106,
    "n_named": 3,
    "n_withheld": 103,
    "agreement_ref": "SYN-ISA-007",
    "purpose": "preventing crime and protecting tenants",
    "is_redacted": True,
}


def chairs_copy() -> Copy:
    """Return the whole of it, as the chair gets it."""
    nodes, ties = network()
    tables = {
        "police_list": police_list(),
        "high_not_listed": high(),
        "cut": cut(),
        "nodes": nodes,
        "ties": ties,
        "police_list_out": pd.DataFrame(
            {
                "name": ["KELLY, Omar"],
                "reference": ["SYN/001239/21"],
                "place_before": [5],
                "reason": ["not on the police’s list"],
            }
        ),
        "custody": pd.DataFrame(
            {
                "name": ["HOLT, Dean", "MARSH, Kyle"],
                "reference": ["SYN/1", "SYN/2"],
                "establishment": ["HMP SYN Northsea", None],
                "status_text": ["In custody, sentenced", "In custody, on remand"],
                "release_due_on": ["2027-03-01", None],
                "score": [41.0, 22.5],
                "rank_in_block": [1, 2],
            }
        ),
        "returning": pd.DataFrame(
            columns=["name", "reference", "establishment", "status_text", "release_due_on", "score", "rank_in_block"]
        ),
        "under_18": pd.DataFrame(
            {
                "name": ["S. T.", "M. S."],
                "reference": ["SYN/3", "SYN/4"],
                "age_years": [16, 17],
                "authoriser": ["SYN DI 1", None],
                "safeguarding_ref": ["SYN-SG9727", "SYN-SG8876"],
                "next_review_on": ["2026-12-17", "2026-12-07"],
                "place": [4, None],
            }
        ),
        "left_out": pd.DataFrame(
            {
                "gate": ["g1", "g2"],
                "title": ["Removed on review", "Review overdue"],
                "rule": ["No live item", "Last review more than 92 days ago"],
                "n_people": [30, 6],
                "next_step": ["None", "Owner named, then back next month"],
            }
        ),
        "left_out_people": pd.DataFrame(
            {
                "name": ["WRIGHT, Ben", "OTHER, Person"],
                "reference": ["SYN/8", "SYN/9"],
                "gate": ["g1", "g2"],
                "reason": ["removed on review", "overdue"],
                "place": [8, None],
            }
        ),
        "options": options(),
        "actions": pd.DataFrame(
            {
                "action_ref": ["2026-10-29/07", "2026-10-29/04", "2026-10-29/12"],
                "action_text": [
                    "Welfare visit to the address on line SYN-L002",
                    "Regrade the two March reports <b>now</b>",
                    "Name a deputy",
                ],
                "action_type": ["SUPPORT", "INFORMATION", "ADMIN"],
                "action_owner": ["Housing ASB officer", "Op DS", None],
                "agency": ["Council housing", "Essex Police", "Essex Police"],
                "set_on": ["2026-10-29"] * 3,
                "due_on": ["2026-11-17", "2026-10-29", None],
                "days_late": [9, 28, None],
                "status": ["OPEN", "IN_PROGRESS", "OPEN"],
                "n_carried_over": [0, 2, None],
            }
        ),
        "actions_by_agency": pd.DataFrame(
            {
                "agency": ["Essex Police", "Council housing"],
                "n_open": [2, 1],
                "n_late": [1, 1],
                "oldest_due_on": ["2026-10-29", "2026-11-17"],
                "most_days_late": [28, 9],
            }
        ),
        "coverage": coverage(),
        "accounts": pd.DataFrame(
            {
                "feed": ["police_crimes", "police_intel"],
                "file": ["a.csv", "b.csv"],
                "rows_in": [1200, 900],
                "accepted": [1150, 880],
                "repaired": [20, 5],
                "rejected": [30, 10],
                "withdrawn": [0, 5],
            }
        ),
        "rules": pd.DataFrame(
            {
                "feed": ["police_crimes", "police_intel", "police_intel"],
                "rule": ["bad_date", "bad_date", "secret"],
                "action": ["rejected", "rejected", "rejected"],
                "n_rows": [28, 6, 4],
                "meaning": [
                    "the date could not be read",
                    "the date could not be read",
                    "marked above OFFICIAL-SENSITIVE",
                ],
            }
        ),
        "sowhat": sentences(
            "Watson and Bates are almost certain (95 to 99 in 100) to keep a place.",
            "Half a point separates 10th from 11th; the last places are arguable.",
            "Scott is third on the police list and 19th on the matrix: the place needs a reason.",
            "S. T. is a child. Safeguarding leads, and the score is not on this page.",
            "The prison return is held because its agreement expired.",
        ),
        "asked": sentences(
            "Select, or leave, each of the ten, with a reason per seat.",
            "Wright: include again with a written reason, or leave off.",
        ),
        "method": sentences(
            "Points = what happened × how far it is settled × how recent × role.", "One event counts once."
        ),
        "limits": sentences("Not what anyone will do: no such number is made.", "Records follow police attention."),
        "manifest": pd.DataFrame(
            {
                "label": ["Run", "Casebook log", "To verify"],
                "value": ["gangs_intelligence · as of 2026-11-26", "head " + "7c1e" * 16, "csp verify --copy 1"],
            }
        ),
    }
    return Copy(CHAIR, FACTS, tables, pd.DataFrame(columns=["what", "in_chairs_copy", "in_yours", "why"]))


def housing_copy() -> Copy:
    """Return a redacted copy: three people asked about, housing's own actions, what is withheld."""
    chair = chairs_copy()
    asked = pd.DataFrame(
        {
            "name": ["WILKINSON, Tyler", "DOUGLAS, Yusuf", "BATES, Kwame"],
            "reference": ["H-07", "H-11", "H-19"],
            "age_years": [25, 31, None],
            "band": ["Amber", "Red", "Red"],
            "question": [
                "Who lives there now?",
                "Is the tenancy occupied by anyone else?",
                "Any visit under this name?",
            ],
            "answer_by": ["2026-12-04", "2026-12-10", "2026-12-10"],
            "harm_state": ["recorded", "none recorded", "not known"],
            "harm_text": ["reported threats, July 2026", None, "housing has not been asked before"],
        }
    )
    tables = {name: chair.tables[name] for name in ("method", "limits", "manifest")}
    tables |= {
        "people_asked": asked,
        "actions": chair.tables["actions"].head(1),
        "coverage": chair.tables["coverage"].query("agency == 'Council housing'").assign(state="missing"),
    }
    withheld = pd.DataFrame(
        {
            "what": ["People", "The police list", "Score, rank, range"],
            "in_chairs_copy": ["All in the papers", "Shown", "Shown"],
            "in_yours": ["3, those you are asked about", "Withheld", "Band only"],
            "why": [
                "You need only these to act",
                "Being named here does not mean being on it",
                "Scores invite decisions housing should not make",
            ],
        }
    )
    facts = {k: v for k, v in FACTS.items() if not k.startswith(("finding", "n_", "gap", "reconciliation", "list_"))}
    return Copy(HOUSING, facts, tables, withheld)
