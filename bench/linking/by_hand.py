"""Splink models tuned by hand for each published set, after Splink's own tutorials, with the threshold that does best.

Columns, comparisons, blocks and training passes are those of the tutorials on the same data (deduplicate_febrl3,
link_febrl4, the fake_1000 tutorial, deduplicate_50k_synthetic), at Splink 5's names for them. The threshold is chosen
with the labels in hand, which no partnership has: a model to measure against, not one to use.

    CSP_REAL_DATA=... python bench/linking/by_hand.py
"""

import logging
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench.linking.published import SETS, Published, count_pairs_found, group, link_ours
from csp_toolkit.tables.joining import join_smallest

THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999)


def link_by_hand(data: Published) -> tuple[pd.Series, float]:
    """Return the person each record is put with by the hand-tuned model, and the threshold that does best."""
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    comparisons, blocks, passes, rules, recall = _settings(data.name)
    settings = SettingsCreator(
        link_type="link_only" if data.name == "febrl4" else "dedupe_only", comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in blocks],
    )  # fmt: skip
    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false")
    api = DuckDBAPI(connection=connection)
    frames = [frame for _, frame in _columns(data).groupby("source_dataset", sort=True)]
    inputs = [api.register(frame.drop(columns="source_dataset"), dataset_display_name=f"set_{n}")
              for n, frame in enumerate(frames)]  # fmt: skip
    linker = Linker(inputs if len(inputs) > 1 else inputs[0], settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(rules, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for columns in passes:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    found = linker.inference.predict(threshold_match_probability=0.05).as_pandas_dataframe()
    place = pd.Series(range(len(data.records)), index=data.records["record_id"])
    left, right = place[found["unique_id_l"]].to_numpy(), place[found["unique_id_r"]].to_numpy()
    chance = found["match_probability"].to_numpy()
    best: tuple[float, float, pd.Series] = (-1.0, 0.0, pd.Series(dtype="int64"))
    for threshold in THRESHOLDS:
        near = chance >= threshold
        groups = pd.Series(join_smallest(len(place), left[near], right[near]))
        f1 = count_pairs_found(data, groups)[2]
        if f1 > best[0]:
            best = (f1, threshold, groups)
    return best[2], best[1]


def _columns(data: Published) -> pd.DataFrame:
    """Return the columns the tutorials use, under plain names."""
    records = data.records
    frame = pd.DataFrame({
        "unique_id": records["record_id"], "source_dataset": records["source_system"],
        "first_name": records["given_name"].str.lower(), "surname": records["family_name"].str.lower(),
        "dob": pd.to_datetime(records["dob"]).dt.strftime("%Y-%m-%d"),
    })  # fmt: skip
    for column in ("home_address", "postcode", "suburb", "soc_sec_id", "city", "email", "birth_place", "occupation"):
        if column in records:
            frame[column] = records[column].str.lower()
    both = frame["first_name"].str.cat(frame["surname"], sep=" ")
    frame["first_name_surname_concat"] = both
    return frame.astype(object).where(frame.notna(), None)


def _settings(name: str) -> tuple[list[Any], list[tuple[str, ...]], list[tuple[str, ...]], list[str], float]:
    """Return comparisons, blocks, training passes, rules that are nearly always right, and how many links they find."""
    import splink.comparison_library as cl

    same_name = "l.first_name = r.first_name AND l.surname = r.surname"
    birth = cl.DateOfBirthComparison("dob", input_is_string=True)
    if name.startswith("febrl"):
        comparisons = [
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True), birth,
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.LevenshteinAtThresholds("home_address", [2, 5]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            cl.LevenshteinAtThresholds("suburb", [2]),
        ]  # fmt: skip
        blocks = [("first_name", "surname"), ("dob",), ("soc_sec_id",), ("postcode", "surname"),
                  ("postcode", "first_name"), ("home_address",), ("suburb", "first_name"),
                  ("suburb", "surname")]  # fmt: skip
        rules = ["l.soc_sec_id = r.soc_sec_id", f"{same_name} AND l.dob = r.dob", "l.home_address = r.home_address"]
        return comparisons, blocks, [("dob",), ("first_name", "surname"), ("soc_sec_id",)], rules, 0.9
    if name == "fake_1000":
        comparisons = [
            cl.NameComparison("first_name"), cl.NameComparison("surname"), birth,
            cl.ExactMatch("city").configure(term_frequency_adjustments=True), cl.EmailComparison("email"),
        ]  # fmt: skip
        blocks = [("first_name", "city"), ("surname",), ("dob",), ("email",), ("first_name",)]
        rules = [f"{same_name} AND l.dob = r.dob", "l.email = r.email"]
        return comparisons, blocks, [("first_name", "surname"), ("dob",)], rules, 0.7
    comparisons = [
        cl.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
        ),
        birth, cl.PostcodeComparison("postcode"),
        cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ]  # fmt: skip
    blocks = [
        ("substr(first_name,1,3)", "substr(surname,1,4)"), ("surname", "dob"), ("first_name", "dob"),
        ("postcode", "first_name"), ("postcode", "surname"), ("dob", "birth_place"), ("substr(postcode,1,3)", "dob"),
        ("substr(postcode,1,3)", "first_name"), ("substr(postcode,1,3)", "surname"),
        ("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
    ]  # fmt: skip
    rules = [f"{same_name} AND l.dob = r.dob", "substr(l.first_name,1,2) = substr(r.first_name,1,2) "
             "AND l.surname = r.surname AND substr(l.postcode,1,2) = substr(r.postcode,1,2)",
             "l.dob = r.dob AND l.postcode = r.postcode"]  # fmt: skip
    return comparisons, blocks, [("first_name", "surname"), ("dob",)], rules, 0.6


def main() -> None:
    """Print precision, recall and F1 of both on every published set."""
    folder = Path(os.environ.get("CSP_REAL_DATA", "../shared")) / "data" / "linkage"
    for read in SETS.values():
        data = read(folder)
        print(rows(data, group(data, link_ours(data)[0])).to_string(index=False))


def rows(data: Published, ours: pd.Series) -> pd.DataFrame:
    """Return precision, recall and F1 of both, as rows of a table."""
    by_hand, threshold = link_by_hand(data)
    said = {"ours": (count_pairs_found(data, ours), np.nan), "by hand": (count_pairs_found(data, by_hand), threshold)}
    return pd.DataFrame(
        [(data.name, who, *(round(v, 4) for v in values), at) for who, (values, at) in said.items()],
        columns=["set", "model", "precision", "recall", "f1", "threshold"],
    )


if __name__ == "__main__":
    main()
