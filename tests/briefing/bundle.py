"""A hand-made bundle for the pages: ten invented people, each the bearer of one difficulty."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

RLO, LRI = "\u202e", "\u2066"
HOSTILE_HTML = '<script>alert("x")</script>, <img src=x onerror=alert(1)>'
HOSTILE_FORMULA = '=HYPERLINK("http://example.org","click")'
HOSTILE_BIDI = f"EVANS{RLO}, lived{LRI} Mateusz"
LONG_NAME = "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCHEVORALTERN, " + "Hubert" * 12


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


def person(n: int, name: str, **given: Any) -> dict[str, Any]:
    """Return one row of a list, of an ordinary person unless said otherwise."""
    row = {
        "place": n, "person_id": f"PER-{n:012d}", "name": name, "reference": f"SYN/00{1200 + n}/24", "age_years": 20 + n,
        "area": "Basildon", "group_name": "Tallow End", "police_score": 90 - 5 * n, "score": 64.0 - 4 * n,
        "proved": 36.8 - 2 * n, "alleged": 16.0 - n, "intelligence": 11.2 - n, "violence": 24.0 - 2 * n,
        "drugs": 30.0 - n, "gang_link": max(0.0, 10.0 - n), "rank": n, "n_ranked": 31, "rank_low": "not assessed",
        "rank_high": "not assessed", "p_top10": "not assessed", "band": "Red" if n < 3 else "Amber", "block": "ranked",
        "is_child": "N", "last_event_on": "2026-11-15", "next_review_on": "2027-01-14",
        "status_text": "At liberty, as far as recorded", "movement": "NO_CHANGE", "movement_text": "nothing new, nothing aged",
        "harm_state": "none recorded", "harm_text": None, "no_score_reason": None,
    }  # fmt: skip
    return row | given


NO_SCORE = dict.fromkeys(("score", "proved", "alleged", "intelligence", "violence", "drugs", "gang_link", "rank", "band"))


def police_list() -> pd.DataFrame:
    """Return the ten: a child, a removed person, unknown harm, hostile names, a missing police score, a tie."""
    return pd.DataFrame(
        [
            person(1, "WATSON, Alfie"),
            person(2, HOSTILE_HTML, harm_state="recorded", harm_text="knife injury, Mar 2026", movement="UP",
                   movement_text="charged with wounding in November", status_text="Bail to 11 Dec 2026"),
            person(3, "SCOTT, Andre", rank=19, score=0.0, proved=0.0, alleged=0.0, intelligence=0.0, violence=0.0,
                   drugs=0.0, gang_link=0.0, band="Green", movement="NEW_IN", movement_text="first charge, affray"),
            person(4, "S. T.", is_child="Y", age_years=16, score=55.5, police_score=77, harm_state="recorded",
                   harm_text="child; exploitation referral accepted", no_score_reason="Under 18: no score on this page. "
                   "Safeguarding leads; authoriser SYN DI 1, reference SYN-SG9727", next_review_on="2026-12-17"),
            person(5, HOSTILE_BIDI, police_score=None, intelligence=12.3, score=50.1, movement="DOWN",
                   movement_text="two crimes passed twelve months"),
            person(6, LONG_NAME, harm_state="not known", harm_text="health not asked",
                   area="a place with a very long name that will not end", group_name="none recorded"),
            person(7, "WILKINSON, Tyler", rank=7, score=36.0, harm_state="recorded", harm_text="stabbed, Jun 2026"),
            person(8, "WRIGHT, Ben", **NO_SCORE, harm_state="not known", harm_text="not checked since July",
                   movement="RETURNED", movement_text="last on it before July",
                   no_score_reason="No score: removed from the review register on 3 July 2026. To be placed again he "
                   "needs a written reason resting on two origins"),
            person(9, HOSTILE_FORMULA, rank=7, score=36.0, proved=36.0, alleged=0.0, intelligence=0.0,
                   movement="NOT_COMPARABLE", movement_text="the prison return is held", last_event_on=None),
            person(10, "NULL, None", age_years=None, reference=None),
        ]
    )  # fmt: skip


def with_ranges(table: pd.DataFrame) -> pd.DataFrame:
    """Return a list of people in which the stage that says how sure each place is has been run."""
    ranked = table["rank"].notna()
    return table.assign(
        rank_low=[float(max(1, r - 2)) if ok else None for r, ok in zip(table["rank"], ranked, strict=True)],
        rank_high=[float(r + 4) if ok else None for r, ok in zip(table["rank"], ranked, strict=True)],
        p_top10=[max(0.02, 1.02 - 0.07 * r) if ok else None for r, ok in zip(table["rank"], ranked, strict=True)],
    )


def high() -> pd.DataFrame:
    """Return who ranks high and is not on the list."""
    rows = [
        person(3, "WELCH, Brandon", what_text="Two robbery convictions, 2026", score=52.4, proved=32.0, alleged=16.0,
               intelligence=4.4),
        person(11, "CLARK, Marcus", what_text="Nothing proved; two charges", score=37.8, proved=0.0, alleged=25.8,
               intelligence=12.0, harm_state="not known", harm_text="not asked"),
    ]  # fmt: skip
    return pd.DataFrame(rows).drop(columns="place")


def cut() -> pd.DataFrame:
    """Return ranks 1 to 15 in the matrix's order."""
    names = ["WATSON, Alfie", "DOUGLAS, Yusuf", "WELCH, Brandon", "BATES, Kwame", "PATTERSON, Ryan", "EVANS, Mateusz",
             "KELLY, Omar", "WILKINSON, Tyler", "CLARK, Marcus", "DAVIS, Bradley", "READ, Brandon", "DICKINSON, Zane",
             "SHAW, Adil", "SIMPSON, Rafael", "BENNETT, Louis"]  # fmt: skip
    places = [1, 2, None, 5, None, 6, None, 7, None, 9, None, None, None, None, None]
    return pd.DataFrame(
        {
            "rank": range(1, 16), "person_id": [f"PER-{n:012d}" for n in range(1, 16)], "name": names,
            "reference": [f"SYN/00{1300 + n}/24" for n in range(15)], "place": places,
            "score": [64.0, 57.2, 52.4, 46.0, 44.9, 41.5, 39.6, 38.7, 37.8, 36.9, 36.4, 34.8, 33.0, 30.9, 29.1],
            "band": ["Red"] * 4 + ["Amber"] * 11,
        }
    )  # fmt: skip


def network() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return five nodes in two parts and their four ties."""
    nodes = pd.DataFrame(
        {
            "node_id": ["n1", "n2", "n3", "n4", "n5"], "label": ["Watson", "Bates", "Line SYN-L002", "Adult A", "Read"],
            "kind": ["listed", "scored", "line", "other", "listed"], "is_harmed": ["N", "N", "N", "Y", "Y"],
            "x": [120, 380, 620, 800, 300], "y": [80, 140, 90, 260, 360], "component": [1, 1, 1, 1, 2],
            "degree": [1, 3, 2, 1, 1], "betweenness": [0.0, 0.5, 0.2, 0.0, 0.0],
        }
    )  # fmt: skip
    ties = pd.DataFrame(
        {
            "person_a": ["n1", "n2", "n3", "n2"], "person_b": ["n2", "n3", "n4", "n5"],
            "label_a": ["WATSON, Alfie", "BATES, Kwame", "line SYN-L002", "BATES, Kwame"],
            "label_b": ["BATES, Kwame", "line SYN-L002", "Adult A (occupier)", "READ, Brandon"],
            "kinds": ["charged together", "report", "report", "report"], "n_items": [4, 2, 1, 1],
            "n_origins": [4, 2, 1, 1], "is_tested": ["Y", "Y", "N", "N"], "p_exists": [1.0, 0.97, 0.5, 0.3],
            "first_seen": ["2026-01-09", "2025-09-10", "2026-06-30", "2026-11-03"],
            "last_seen": ["2026-11-08", "2026-11-15", "2026-06-30", "2026-11-03"],
            "evidence_text": ["charged together twice; 2 reports", "exhibit; 2 reports", "1 report, 2C", "1 report, 2B"],
        }
    )  # fmt: skip
    return nodes, ties


def _options() -> pd.DataFrame:
    menu = [
        ("DISRUPTION", "D01", "Joint welfare and disruption visit", "common law, consent or tenancy access", "police and housing"),
        ("DISRUPTION", "D05", "Civil injunction: exclusion area", "injunction law, civil standard", "council legal"),
        ("ENFORCEMENT", "E02", "Bail conditions: non-contact, curfew", "Bail Act 1976", "police"),
        ("SUPPORT", "S08", "One-to-one mentor on exploitation and groups", "consent", "commissioned youth provider"),
        ("SUPPORT", "S17", "Housing move: managed transfer", "Housing Act 1996", "council"),
    ]  # fmt: skip
    people = police_list()[["person_id", "name", "is_child"]].itertuples(index=False)
    rows = [
        (p.person_id, p.name, kind, code, title, basis, 18, owner)
        for p in people
        for kind, code, title, basis, owner in menu
        if p.is_child == "N" or kind == "SUPPORT"
    ]
    return pd.DataFrame(rows, columns=["person_id", "name", "kind", "code", "title", "basis", "min_age", "owner"])


def _coverage() -> pd.DataFrame:
    arrived = [
        ("police_list", "Police list", "Essex Police"), ("police_crimes", "Crimes", "Essex Police"),
        ("police_intel", "Intelligence", "Essex Police"), ("csp_reviews", "Review register", "Community safety"),
        ("csp_actions", "Actions", "Community safety"), ("childrens_services", "Children’s services", "Essex County Council"),
    ]  # fmt: skip
    rows = [
        {"feed": f, "title": t, "agency": a, "state": "arrived", "age_days": 6 + n % 2, "received_on": "2026-11-20",
         "used_received_on": "2026-11-20", "note": None}
        for n, (f, t, a) in enumerate(arrived)
    ]  # fmt: skip
    rows += [
        {"feed": "prison_status", "title": "Prison status", "agency": "HM Prison Service", "state": "held", "age_days": 35,
         "received_on": "2026-11-20", "used_received_on": "2026-10-23", "note": "agreement expired; October’s is used"},
        {"feed": "police_stops", "title": "Stops", "agency": "Essex Police", "state": "stale", "age_days": 34,
         "received_on": "2026-10-23", "used_received_on": "2026-10-23", "note": None},
        {"feed": "btp_crimes", "title": "Rail crimes", "agency": "British Transport Police", "state": "missing",
         "age_days": None, "received_on": None, "used_received_on": None, "note": None},
        {"feed": "housing_asb", "title": "Housing nuisance", "agency": "Council housing", "state": "no mapping yet",
         "age_days": None, "received_on": "2026-11-20", "used_received_on": None, "note": None},
    ]  # fmt: skip
    return pd.DataFrame(rows)


def sentences(*said: str) -> pd.DataFrame:
    """Return a table of numbered sentences."""
    return pd.DataFrame({"n": range(1, len(said) + 1), "sentence": list(said)})


FACTS: dict[str, Any] = {
    "meeting_on": "2026-11-26", "previous_meeting_on": "2026-10-29", "as_of": "2026-11-26", "known_at": "2026-11-26",
    "stage": "candidates", "matrix_name": "CSP example matrix v1", "matrix_note": "not Essex Police’s",
    "prepared_by": "partnership analyst, SYN A1", "n_register": 106, "n_ranked": 31, "n_custody": 2, "n_returning": 0,
    "n_under_18": 2, "n_left_out": 36, "gap_10_11": 0.5, "is_synthetic": True, "most_score": 100, "most_violence": 50,
    "most_drugs": 30, "most_gang_link": 20,
    "finding_list": "Of the ten, eight are scored; one is a child and one was removed on review.",
    "finding_high": "Two people score at or near the cut and are not on the police list. What do the police know that the "
                    "matrix does not?",
    "finding_cut": "Half a point parts the 10th from the 11th: this is where the meeting’s judgement counts most.",
    "finding_left_out": "Thirty-six of 106 people on the register were left out by rule before any point was counted.",
    "finding_network": "The two groups meet in one place only: a tie that rests on one untested report.",
    "finding_actions": "Three actions are open and two are late. The oldest is 28 days late.",
    "finding_coverage": "One feed is held, one is missing and one is stale.",
    "reconciliation": "106 on the register = 31 ranked + 2 in custody + 37 under 18 + 36 left out",
    "list_reconciliation": "On the list since October: opening 10 + new 1 + returned 1 − out 2 = closing 10.",
}  # fmt: skip
CHAIR: dict[str, Any] = {
    "profile": "chair", "title": "panel chair", "marking_line": "Recipients only: panel chair", "marking": "OFFICIAL-SENSITIVE – PERSONAL DATA",
    "copy_number": 1, "n_copies": 2, "destroy_by": "2026-12-26", "agreement_ref": "SYN-ISA-001", "purpose":
    "preventing crime", "is_redacted": False,
}  # fmt: skip
HOUSING: dict[str, Any] = CHAIR | {
    "profile": "housing", "title": "council housing", "marking_line": "Recipients only: council housing", "copy_number": 2,
    "n_people": 106, "n_named": 3, "n_withheld": 103,
    "agreement_ref": "SYN-ISA-007", "purpose": "preventing crime and protecting tenants", "is_redacted": True,
}  # fmt: skip


def chairs_copy() -> Copy:
    """Return the whole of it, as the chair gets it."""
    nodes, ties = network()
    tables = {
        "police_list": police_list(), "high_not_listed": high(), "cut": cut(), "nodes": nodes, "ties": ties,
        "police_list_out": pd.DataFrame({"name": ["KELLY, Omar"], "reference": ["SYN/001239/21"], "place_before": [5],
                                         "reason": ["not on the police’s list"]}),
        "custody": pd.DataFrame({"name": ["HOLT, Dean", "MARSH, Kyle"], "reference": ["SYN/1", "SYN/2"],
                                 "establishment": ["HMP SYN Northsea", None],
                                 "status_text": ["In custody, sentenced", "In custody, on remand"],
                                 "release_due_on": ["2027-03-01", None], "score": [41.0, 22.5], "rank_in_block": [1, 2]}),
        "returning": pd.DataFrame(columns=["name", "reference", "establishment", "status_text", "release_due_on", "score",
                                           "rank_in_block"]),
        "under_18": pd.DataFrame({"name": ["S. T.", "M. S."], "reference": ["SYN/3", "SYN/4"], "age_years": [16, 17],
                                  "authoriser": ["SYN DI 1", None], "safeguarding_ref": ["SYN-SG9727", "SYN-SG8876"],
                                  "next_review_on": ["2026-12-17", "2026-12-07"], "place": [4, None]}),
        "left_out": pd.DataFrame({"gate": ["g1", "g2"], "title": ["Removed on review", "Review overdue"],
                                  "rule": ["No live item", "Last review more than 92 days ago"], "n_people": [30, 6],
                                  "next_step": ["None", "Owner named, then back next month"]}),
        "left_out_people": pd.DataFrame({"name": ["WRIGHT, Ben", "OTHER, Person"], "reference": ["SYN/8", "SYN/9"],
                                         "gate": ["g1", "g2"], "reason": ["removed on review", "overdue"],
                                         "place": [8, None]}),
        "options": _options(),
        "actions": pd.DataFrame({
            "action_ref": ["2026-10-29/07", "2026-10-29/04", "2026-10-29/12"],
            "action_text": ["Welfare visit to the address on line SYN-L002", "Regrade the two March reports <b>now</b>",
                            "Name a deputy"], "action_type": ["SUPPORT", "INFORMATION", "ADMIN"],
            "action_owner": ["Housing ASB officer", "Op DS", None], "agency": ["Council housing", "Essex Police", "Essex Police"],
            "set_on": ["2026-10-29"] * 3, "due_on": ["2026-11-17", "2026-10-29", None], "days_late": [9, 28, None],
            "status": ["OPEN", "IN_PROGRESS", "OPEN"], "n_carried_over": [0, 2, None]}),
        "actions_by_agency": pd.DataFrame({"agency": ["Essex Police", "Council housing"], "n_open": [2, 1], "n_late": [1, 1],
                                           "oldest_due_on": ["2026-10-29", "2026-11-17"], "most_days_late": [28, 9]}),
        "coverage": _coverage(),
        "accounts": pd.DataFrame({"feed": ["police_crimes", "police_intel"], "file": ["a.csv", "b.csv"],
                                  "rows_in": [1200, 900], "accepted": [1150, 880], "repaired": [20, 5],
                                  "rejected": [30, 10], "withdrawn": [0, 5]}),
        "rules": pd.DataFrame({"feed": ["police_crimes", "police_intel", "police_intel"], "rule": ["bad_date", "bad_date", "secret"],
                               "action": ["rejected", "rejected", "rejected"], "n_rows": [28, 6, 4],
                               "meaning": ["the date could not be read", "the date could not be read",
                                           "marked above OFFICIAL-SENSITIVE"]}),
        "sowhat": sentences("Watson and Bates are almost certain (95 to 99 in 100) to keep a place.",
                            "Half a point separates 10th from 11th; the last places are arguable.",
                            "Scott is third on the police list and 19th on the matrix: the place needs a reason.",
                            "S. T. is a child. Safeguarding leads, and the score is not on this page.",
                            "The prison return is held because its agreement expired."),
        "asked": sentences("Select, or leave, each of the ten, with a reason per seat.",
                           "Wright: include again with a written reason, or leave off."),
        "method": sentences("Points = what happened × how far it is settled × how recent × role.", "One event counts once."),
        "limits": sentences("Not what anyone will do: no such number is made.", "Records follow police attention."),
        "manifest": pd.DataFrame({"label": ["Run", "Casebook log", "To verify"],
                                  "value": ["gangs_intelligence · as of 2026-11-26", "head " + "7c1e" * 16, "csp verify --copy 1"]}),
    }  # fmt: skip
    return Copy(CHAIR, FACTS, tables, pd.DataFrame(columns=["what", "in_chairs_copy", "in_yours", "why"]))


def housing_copy() -> Copy:
    """Return a redacted copy: three people asked about, housing's own actions, what is withheld."""
    chair = chairs_copy()
    asked = pd.DataFrame(
        {
            "name": ["WILKINSON, Tyler", "DOUGLAS, Yusuf", "BATES, Kwame"], "reference": ["H-07", "H-11", "H-19"],
            "age_years": [25, 31, None], "band": ["Amber", "Red", "Red"],
            "question": ["Who lives there now?", "Is the tenancy occupied by anyone else?", "Any visit under this name?"],
            "answer_by": ["2026-12-04", "2026-12-10", "2026-12-10"], "harm_state": ["recorded", "none recorded", "not known"],
            "harm_text": ["reported threats, July 2026", None, "housing has not been asked before"],
        }
    )  # fmt: skip
    tables = {name: chair.tables[name] for name in ("method", "limits", "manifest")}
    tables |= {
        "people_asked": asked,
        "actions": chair.tables["actions"].head(1),
        "coverage": chair.tables["coverage"].query("agency == 'Council housing'").assign(state="missing"),
    }
    withheld = pd.DataFrame(
        {
            "what": ["People", "The police list", "Score, rank, range"], "in_chairs_copy": ["All in the papers", "Shown", "Shown"],
            "in_yours": ["3, those you are asked about", "Withheld", "Band only"],
            "why": ["You need only these to act", "Being named here does not mean being on it",
                    "Scores invite decisions housing should not make"],
        }
    )  # fmt: skip
    facts = {k: v for k, v in FACTS.items() if not k.startswith(("finding", "n_", "gap", "reconciliation", "list_"))}
    return Copy(HOUSING, facts, tables, withheld)
