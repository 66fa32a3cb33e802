"""Linking made-up people: `link_records` and its stored model beside Splink as it comes, end to end, and F1 of both.

Splink as it comes: comparisons of its library for names, dates of birth and postcodes, with term frequencies; u from
random pairs, the chance of two random records and m by expectation maximisation, once for each training rule, as its
tutorials train; then predict and cluster. Both begin from the same frame of records and end in a person for each.
Splink is given the threshold that does best with the truth in hand; ours joins where its costs say.

    CSP_BENCH_LINKED=500000 python bench/linking/run.py
"""

import logging
import os
import time

import pandas as pd

from bench.made_people import count_pairs, make_people
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.linking.links import LINKED, link_records, read_link_model

N_RECORDS = tuple(int(n) for n in os.environ.get("CSP_BENCH_LINKED", "50000").split(","))
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


def link_ours(records: pd.DataFrame) -> tuple[pd.Series, dict[str, float]]:
    """Link with the stored model; return the person of each record and the seconds it took."""
    began = time.perf_counter()
    links = link_records(records, read_link_model())
    place = pd.Series(range(len(records)), index=records["record_id"])
    sure = links.pairs[links.pairs["verdict"].eq(LINKED)]
    groups = join_smallest(len(place), place[sure["record_a"]].to_numpy(), place[sure["record_b"]].to_numpy())
    return pd.Series(groups), {"all": time.perf_counter() - began}


def link_default(records: pd.DataFrame, truth: pd.Series) -> tuple[pd.Series, dict[str, float]]:
    """Link with Splink as it comes; return the person of each record and the seconds of each stage."""
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    began = time.perf_counter()
    plain = pd.DataFrame({
        "unique_id": records["record_id"], "first_name": records["given_name"].str.lower(),
        "surname": records["family_name"].str.lower(),
        "dob": records["dob"].dt.strftime("%Y-%m-%d").where(records["dob_precision"].eq("EXACT")),
        "sex": records["sex"], "address": records["home_address"].str.lower(), "postcode": records["postcode"],
        "pnc": records["pnc"], "upn": records["upn"],
    })  # fmt: skip
    plain = plain.astype(object).where(plain.notna(), None)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"), cl.ExactMatch("address").configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"), cl.ExactMatch("pnc"), cl.ExactMatch("upn"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "surname"), block_on("surname", "dob"), block_on("first_name", "dob"),
            block_on("surname", "postcode"), block_on("first_name", "address"), block_on("pnc"), block_on("upn"),
        ],
    )  # fmt: skip
    connection = duckdb.connect(":memory:")
    connection.execute("SET enable_progress_bar = false")
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register(plain, dataset_display_name="people"), settings, log_level=None)
    trained_from = time.perf_counter()
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first_name", "surname", "dob"), block_on("pnc"), block_on("upn")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("first_name", "surname"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("dob"))
    trained = time.perf_counter()
    found = linker.inference.predict(threshold_match_probability=0.5)
    clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.95)
    clustered.as_pandas_dataframe()
    ended = time.perf_counter()
    pairs = found.as_pandas_dataframe()
    place = pd.Series(range(len(records)), index=records["record_id"])
    left, right = place[pairs["unique_id_l"]].to_numpy(), place[pairs["unique_id_r"]].to_numpy()
    best = None
    for threshold in THRESHOLDS:
        near = pairs["match_probability"].to_numpy() >= threshold
        groups = pd.Series(join_smallest(len(place), left[near], right[near]))
        if best is None or count_pairs(truth, groups)[2] > count_pairs(truth, best)[2]:
            best = groups
    return best, {"all": ended - began, "training": trained - trained_from}


def main() -> None:
    """Print seconds, their ratio, and precision, recall and F1 of both."""
    for n_records in N_RECORDS:
        people = make_people(n_records, seed=2)
        records, truth = people.drop(columns="truth"), people["truth"]
        link_records(records.head(100))  # so that imports count for neither
        ours, seconds = link_ours(records)
        default, splinks = link_default(records, truth)
        print(f"{n_records:,} records, {truth.nunique():,} people")
        print(
            f"  Splink as it comes: {splinks['all']:.1f} s, {splinks['training'] / splinks['all']:.0%} of it training"
        )
        print(f"  link_records: {seconds['all']:.1f} s, {seconds['all'] / splinks['all']:.2f} x")
        for name, groups in (("Splink as it comes", default), ("link_records", ours)):
            print(f"  {name}: precision {{:.4f}}, recall {{:.4f}}, F1 {{:.4f}}".format(*count_pairs(truth, groups)))


if __name__ == "__main__":
    main()
