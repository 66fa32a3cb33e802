"""Ten invented people for the pages, each the bearer of one difficulty."""

from typing import Any

import pandas as pd

RLO, LRI = "\u202e", "\u2066"
HOSTILE_HTML = '<script>alert("x")</script>, <img src=x onerror=alert(1)>'
HOSTILE_FORMULA = '=HYPERLINK("http://example.org","click")'
HOSTILE_BIDI = f"EVANS{RLO}, lived{LRI} Mateusz"
LONG_NAME = "WOLFESCHLEGELSTEINHAUSENBERGERDORFFWELCHEVORALTERN, " + "Hubert" * 12


def person(n: int, name: str, **given: Any) -> dict[str, Any]:
    """Return one row of a list, of an ordinary person unless said otherwise."""
    row = {
        "place": n,
        "person_id": f"PER-{n:012d}",
        "name": name,
        "reference": f"SYN/00{1200 + n}/24",
        "age_years": 20 + n,
        "area": "Basildon",
        "group_name": "Tallow End",
        "police_score": 90 - 5 * n,
        "score": 64.0 - 4 * n,
        "proved": 36.8 - 2 * n,
        "alleged": 16.0 - n,
        "intelligence": 11.2 - n,
        "violence": 24.0 - 2 * n,
        "drugs": 30.0 - n,
        "gang_link": max(0.0, 10.0 - n),
        "rank": n,
        "n_ranked": 31,
        "rank_low": "not assessed",
        "rank_high": "not assessed",
        "p_top10": "not assessed",
        "band": "Red" if n < 3 else "Amber",
        "block": "ranked",
        "is_child": "N",
        "last_event_on": "2026-11-15",
        "next_review_on": "2027-01-14",
        "status_text": "At liberty, as far as recorded",
        "movement": "NO_CHANGE",
        "movement_text": "nothing new, nothing aged",
        "harm_state": "none recorded",
        "harm_text": None,
        "no_score_reason": None,
    }
    return row | given


NO_SCORE = dict.fromkeys(
    ("score", "proved", "alleged", "intelligence", "violence", "drugs", "gang_link", "rank", "band")
)


def police_list() -> pd.DataFrame:
    """Return the ten: a child, a removed person, unknown harm, hostile names, a missing police score, a tie."""
    return pd.DataFrame(
        [
            person(1, "WATSON, Alfie"),
            person(
                2,
                HOSTILE_HTML,
                harm_state="recorded",
                harm_text="knife injury, Mar 2026",
                movement="UP",
                movement_text="charged with wounding in November",
                status_text="Bail to 11 Dec 2026",
            ),
            person(
                3,
                "SCOTT, Andre",
                rank=19,
                score=0.0,
                proved=0.0,
                alleged=0.0,
                intelligence=0.0,
                violence=0.0,
                drugs=0.0,
                gang_link=0.0,
                band="Green",
                movement="NEW_IN",
                movement_text="first charge, affray",
            ),
            person(
                4,
                "S. T.",
                is_child="Y",
                age_years=16,
                score=55.5,
                police_score=77,
                harm_state="recorded",
                harm_text="child; exploitation referral accepted",
                no_score_reason="Under 18: no score on this page. "
                "Safeguarding leads; authoriser SYN DI 1, reference SYN-SG9727",
                next_review_on="2026-12-17",
            ),
            person(
                5,
                HOSTILE_BIDI,
                police_score=None,
                intelligence=12.3,
                score=50.1,
                movement="DOWN",
                movement_text="two crimes passed twelve months",
            ),
            person(
                6,
                LONG_NAME,
                harm_state="not known",
                harm_text="health not asked",
                area="a place with a very long name that will not end",
                group_name="none recorded",
            ),
            person(7, "WILKINSON, Tyler", rank=7, score=36.0, harm_state="recorded", harm_text="stabbed, Jun 2026"),
            person(
                8,
                "WRIGHT, Ben",
                **NO_SCORE,
                harm_state="not known",
                harm_text="not checked since July",
                movement="RETURNED",
                movement_text="last on it before July",
                no_score_reason="No score: removed from the review register on 3 July 2026. To be placed again he "
                "needs a written reason resting on two origins",
            ),
            person(
                9,
                HOSTILE_FORMULA,
                rank=7,
                score=36.0,
                proved=36.0,
                alleged=0.0,
                intelligence=0.0,
                movement="NOT_COMPARABLE",
                movement_text="the prison return is held",
                last_event_on=None,
            ),
            person(10, "NULL, None", age_years=None, reference=None),
        ]
    )


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
        person(
            3,
            "WELCH, Brandon",
            what_text="Two robbery convictions, 2026",
            score=52.4,
            proved=32.0,
            alleged=16.0,
            intelligence=4.4,
        ),
        person(
            11,
            "CLARK, Marcus",
            what_text="Nothing proved; two charges",
            score=37.8,
            proved=0.0,
            alleged=25.8,
            intelligence=12.0,
            harm_state="not known",
            harm_text="not asked",
        ),
    ]
    return pd.DataFrame(rows).drop(columns="place")


def cut() -> pd.DataFrame:
    """Return ranks 1 to 15 in the matrix's order."""
    names = [
        "WATSON, Alfie",
        "DOUGLAS, Yusuf",
        "WELCH, Brandon",
        "BATES, Kwame",
        "PATTERSON, Ryan",
        "EVANS, Mateusz",
        "KELLY, Omar",
        "WILKINSON, Tyler",
        "CLARK, Marcus",
        "DAVIS, Bradley",
        "READ, Brandon",
        "DICKINSON, Zane",
        "SHAW, Adil",
        "SIMPSON, Rafael",
        "BENNETT, Louis",
    ]
    places = [1, 2, None, 5, None, 6, None, 7, None, 9, None, None, None, None, None]
    return pd.DataFrame(
        {
            "rank": range(1, 16),
            "person_id": [f"PER-{n:012d}" for n in range(1, 16)],
            "name": names,
            "reference": [f"SYN/00{1300 + n}/24" for n in range(15)],
            "place": places,
            "score": [64.0, 57.2, 52.4, 46.0, 44.9, 41.5, 39.6, 38.7, 37.8, 36.9, 36.4, 34.8, 33.0, 30.9, 29.1],
            "band": ["Red"] * 4 + ["Amber"] * 11,
        }
    )
