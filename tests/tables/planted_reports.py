"""Repeats planted among reports: a report said again, days later, in somewhat other words and under another origin."""

from random import Random

import pandas as pd

OPENINGS = ("It is reported that ", "Partner states that ", "Information received today: ", "Source says ")
CLOSINGS = (" Source not known.", " Passed to the neighbourhood team.", " No further detail.")
OTHER_WORDS = {
    "dealing": "selling", "believed": "thought", "several": "many", "seen": "observed", "around": "in", "near": "by",
    "said": "understood", "others": "other people", "male": "man", "most": "many", "address": "property",
    "incident": "event",
}  # fmt: skip


def _slip(text: str, rng: Random) -> str:
    for _ in range(2):
        n = rng.randrange(1, len(text) - 1)
        text = text[: n - 1] + text[n] + text[n - 1] + text[n + 1 :]
    return text


def _shorten(text: str, rng: Random) -> str:
    words = text.split()
    return " ".join(words[: max(4, len(words) - rng.randint(1, max(1, len(words) // 4)))])


def _recast(text: str, rng: Random) -> str:
    return " ".join(OTHER_WORDS.get(word, word) for word in text.split())


def _turn(text: str, rng: Random) -> str:
    words = text.split()
    half = len(words) // 2
    return " ".join([*words[half:], *words[:half]])


KINDS = {
    "as it was": lambda text, rng: text,
    "with an opening": lambda text, rng: rng.choice(OPENINGS) + text,
    "with a closing": lambda text, rng: text + rng.choice(CLOSINGS),
    "with slips": _slip,
    "shortened": _shorten,
    "recast": _recast,
    "turned round": _turn,
    "opening and slips": lambda text, rng: rng.choice(OPENINGS) + _slip(text, rng),
}


def plant_repeats(
    reports: pd.DataFrame, subjects: pd.DataFrame, *, n: int, seed: int, most_days: int = 21
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Add `n` repeats to reports and their subjects; return both, and what was planted (report_ref, repeats, kind)."""
    rng = Random(seed)
    able = reports[reports["report_text"].fillna("").str.len() > 45].sort_values("report_ref")
    chosen = able.iloc[sorted(rng.sample(range(len(able)), n))]
    new, said, kinds = [], [], sorted(KINDS)
    for k, row in enumerate(chosen.to_dict("records")):
        kind = kinds[k % len(kinds)]
        on = row["event_on"] + pd.Timedelta(days=rng.randint(0, most_days))
        new.append(row | {
            "report_ref": f"PLANTED-{k:04d}", "event_on": on, "submitted_on": on, "origin_ref": f"PLANTED-OR-{k:04d}",
            "derived_from": None, "report_text": KINDS[kind](row["report_text"], rng),
        })  # fmt: skip
        said.append((f"PLANTED-{k:04d}", row["report_ref"], kind))
    planted = pd.DataFrame(said, columns=["report_ref", "repeats", "kind"])
    copies = planted.merge(subjects.rename(columns={"report_ref": "repeats"}), on="repeats")[subjects.columns]
    added = pd.DataFrame(new)[reports.columns].astype(reports.dtypes.to_dict())
    return (
        pd.concat([reports, added], ignore_index=True),
        pd.concat([subjects, copies], ignore_index=True),
        planted,
    )
