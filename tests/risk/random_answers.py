"""Random assessments with everything that can go wrong with an answer, from a seed."""

import random
from datetime import timedelta

import pandas as pd

from csp_toolkit.risk.answers import Answers, weigh_answers
from csp_toolkit.risk.facts import FACT_COLUMNS
from csp_toolkit.risk.toolkit import Toolkit
from tests.risk.small_answers import ON, as_rows

GRADES = [None, None, None, "1A", "2B", "1C", "2C", "3A", "1D", "2E"]


def make(n: int, toolkit: Toolkit, seed: int) -> list[dict]:
    """Return so many assessments: answers, age and facts, sparse and full, quiet and grave."""
    rng = random.Random(seed)
    made = []
    for number in range(n):
        ask, worry, doubt = rng.random() ** 0.4, rng.random(), rng.random() * 0.6
        answers = []
        for question in toolkit.indicators:
            agencies = ["POL", "CSC"][: 1 + (rng.random() < 0.1)] if rng.random() < ask else []
            for agency in agencies:
                answers.append(_answer(question.id, agency, rng, worry, doubt))
        facts = {f for f in FACT_COLUMNS if rng.random() < 0.07}
        age = rng.choice([None, 11, 12, 13, 15, 17, 18, 25, 47])
        made.append({"ref": f"R{number:04d}/1", "answers": answers, "age": age, "facts": facts})
    return made


def _answer(question: str, agency: str, rng: random.Random, worry: float, doubt: float) -> dict:
    kind = rng.random()
    if kind < doubt * 0.5:
        answer = rng.choice(["UNKNOWN", "UNKNOWN", "NOT_APPLICABLE"])
    else:
        answer = str(rng.choices([0, 1, 2, 3], [2, worry, worry, worry / 2])[0])
    days = rng.choice([None, None, 0, 30, 183, 184, 365, 366, 900, -1]) if rng.random() < doubt else None
    return {
        "indicator": question, "answer": answer, "days": days, "agency": rng.choice([agency, None]),
        "grade": rng.choice(GRADES) if rng.random() < doubt else None, "note": "seen" if rng.random() > 0.1 else None,
    }  # fmt: skip


def weigh(made: list[dict], toolkit: Toolkit) -> Answers:
    """Return them as the package weighs them."""
    rows = [
        {
            "assessment_ref": m["ref"], "indicator": a["indicator"], "answer": a["answer"], "grade": a["grade"],
            "last_seen_on": None if a["days"] is None else ON - timedelta(days=a["days"]),
            "source_agency": a["agency"], "note": a["note"],
        }
        for m in made for a in m["answers"]
    ]  # fmt: skip
    people = [{"assessment_ref": m["ref"], "assessed_on": ON, "age_years": m["age"], **{f: True for f in m["facts"]}}
              for m in made]  # fmt: skip
    return weigh_answers(as_rows(rows), pd.DataFrame(people), toolkit)
