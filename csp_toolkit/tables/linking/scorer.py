"""Splink at work: candidate pairs counted, then scored on DuckDB, and odds learnt without labels.

Splink is the extra `link`; it is imported where it is used. Chance enters by the seed alone, training runs on one
thread, and everything learnt is rounded, so the same records give the same model.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from csp_toolkit.errors import ParamsError, TableError
from csp_toolkit.tables.linking.levels import UNKNOWN, Level, levels_of
from csp_toolkit.tables.linking.policy import Comparison, LinkModel, Odds

NEEDS_EXTRA = "Linking needs Splink and DuckDB. Install the extra: pip install 'csp-toolkit[link]'."
NOT_MET = 1e-4


def can_link() -> bool:
    """Say whether the extra `link` is installed, without importing it."""
    from importlib.util import find_spec

    return find_spec("splink") is not None and find_spec("duckdb") is not None


def need_extra() -> None:
    """Refuse in one line where the extra `link` is not installed."""
    if not can_link():
        raise ParamsError(NEEDS_EXTRA)


class Scorer:
    """Splink over one set of prepared records: candidates from blocks, or pairs one names."""

    def __init__(self, ready: pd.DataFrame, model: LinkModel, *, threads: int | None = None) -> None:
        need_extra()
        self.model = model
        self.n_candidates = refuse_too_many(ready, model)
        self.linker, self._api = make_linker(ready, model, threads=threads)

    def find(self, least: float) -> pd.DataFrame:
        """Return the candidate pairs whose chance is at least `least`.

        Columns ``left`` < ``right`` (rows of the prepared records), match_weight, p_same, and for each comparison
        ``level_<name>`` and ``weight_<name>``; these weights and the starting weight add up to match_weight.
        """
        if not self.n_candidates:
            return _no_pairs(self.model)
        found = self.linker.inference.predict(threshold_match_probability=least, warning_mode="never")
        return self._read(found)

    def score(self, left: np.ndarray, right: np.ndarray) -> pd.DataFrame:
        """Score pairs whether or not a block holds them; columns as `find` returns."""
        if not len(left):
            return _no_pairs(self.model)
        import pyarrow as pa

        ends = {"match_key": pa.array(["0"] * len(left)), "join_key_l": pa.array(left), "join_key_r": pa.array(right)}
        table = self._api.register(pa.table(ends))
        self.linker.table_management.register_blocked_pairs_for_predict(table)
        return self._read(self.linker.inference.predict(warning_mode="never"))

    def _read(self, found: Any) -> pd.DataFrame:
        columns = ["unique_id_l", "unique_id_r", "match_weight", "match_probability"]
        for comparison in self.model.comparisons:
            columns += [f"gamma_{comparison.name}", f"mw_{comparison.name}"]
            if any(level.common for level in levels_of(comparison, self.model.spelling)):
                columns.append(f"mw_tf_adj_{comparison.name}")
        said = self._api.duckdb_con.sql(f"SELECT {', '.join(columns)} FROM {found.physical_name}")  # noqa: S608
        return _read_pairs(said.df(), self.model)


def start_chance(n_records: int, model: LinkModel) -> float:
    """Return the chance that two records drawn at random are of one person.

    In twice as large a population it is half as large, so the model keeps how many others of the same person a
    record has, and few records are taken to come from a population of `least_population`.
    """
    n = max(n_records, model.least_population)
    return min(0.5, model.trained.links_per_record / (n - 1))


def count_candidates(ready: pd.DataFrame, rule: Iterable[str]) -> int:
    """Return how many pairs a blocking rule makes: of each block of n records, n (n - 1) / 2."""
    sizes = ready.groupby(list(rule), sort=False, dropna=True).size().to_numpy(dtype="int64")
    return int((sizes * (sizes - 1) // 2).sum())


def refuse_too_many(ready: pd.DataFrame, model: LinkModel) -> int:
    """Count candidate pairs before any is made, and refuse where they are too many."""
    counts = {rule: count_candidates(ready, rule) for rule in model.blocking}
    total = sum(counts.values())
    if total > model.most_pairs:
        worst = max(counts, key=lambda rule: counts[rule])
        largest = ready.groupby(list(worst), sort=False).size().max()
        raise TableError(
            f"Linking {len(ready):,} records would compare up to {total:,} pairs; {model.name} allows "
            f"{model.most_pairs:,}. Most, {counts[worst]:,}, come from the block {' + '.join(worst)} (largest: "
            f"{largest:,} records). Make that block narrower or raise most_pairs in params/linking."
        )
    return total


def make_linker(ready: pd.DataFrame, model: LinkModel, *, threads: int | None = None) -> tuple[Any, Any]:
    """Return a Splink linker, and its database, with the model's odds and the records' own frequencies."""
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator

    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(":memory:", config={"threads": threads} if threads else {})
    connection.execute("SET enable_progress_bar = false")
    api = DuckDBAPI(connection=connection)
    comparisons = [_to_splink(comparison, model) for comparison in model.comparisons]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        probability_two_random_records_match=start_chance(len(ready), model),
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            " AND ".join(f"l.{c} = r.{c}" for c in rule) for rule in model.blocking
        ],
        retain_matching_columns=True,  # the only way to be told the levels
        retain_intermediate_calculation_columns=True,
    )
    table = "records"
    connection.register("records_in", to_arrow(ready))
    connection.execute(f"CREATE TABLE {table} AS SELECT * FROM records_in")
    linker = Linker(
        api.register(table, dataset_display_name="people"), settings, log_level=None, validate_settings=False
    )
    for comparison in model.comparisons:
        for level in levels_of(comparison, model.spelling):
            if level.common:
                odds = model.odds(comparison.name, level.name)
                lookup = _frequencies(ready[level.common], odds.u if odds else NOT_MET, model.common_name_weight)
                linker.table_management.register_term_frequency_lookup(api.register(lookup), level.common)
    return linker, api


def to_arrow(ready: pd.DataFrame) -> Any:
    """Return prepared records as Arrow, with lists as lists."""
    import pyarrow as pa

    lists = {"given_roots", "family_parts", "other_names"}
    kinds = {"unique_id": pa.int64(), "birth_year": pa.int32(), "birth_day": pa.int32(), "is_known_given": pa.bool_()}
    columns = {}
    for name in ready.columns:
        kind = pa.list_(pa.string()) if name in lists else kinds.get(name, pa.string())
        columns[name] = pa.array(ready[name], type=kind, from_pandas=True)
    return pa.table(columns)


def _frequencies(values: pd.Series, usual: float, weight: int) -> Any:
    """Return how common each value is, drawn towards the usual commonness where there are few records."""
    import pyarrow as pa

    counts = values.value_counts()
    share = (counts + weight * usual) / (counts.sum() + weight)
    return pa.table(
        {values.name: pa.array(counts.index, pa.string()), f"tf_{values.name}": pa.array(share, pa.float64())}
    )


def _to_splink(comparison: Comparison, model: LinkModel) -> Any:
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    made = []
    for level in levels_of(comparison, model.spelling):
        if level.name == UNKNOWN:
            made.append(cll.CustomLevel(level.sql, UNKNOWN).configure(is_null_level=True))
            continue
        one = cll.ElseLevel() if level.sql == "ELSE" else cll.CustomLevel(level.sql, level.name)
        odds = model.odds(comparison.name, level.name)
        fixed = level.name in model.fixed.get(comparison.name, {})
        one.configure(label_for_charts=level.name, fix_m_probability=fixed, fix_u_probability=fixed)
        one.configure(m_probability=odds.m if odds else NOT_MET, u_probability=odds.u if odds else NOT_MET)
        if level.common:
            one.configure(tf_adjustment_column=level.common, disable_tf_exact_match_detection=True)
        made.append(one)
    return cl.CustomComparison(output_column_name=comparison.name, comparison_levels=made)


def level_names(levels: tuple[Level, ...]) -> dict[int, str]:
    """Return the levels by the numbers Splink gives them: -1 says nothing, 0 fits all, the first is the highest."""
    told = [level.name for level in levels if level.name != UNKNOWN]
    return {-1: UNKNOWN} | {len(told) - 1 - place: name for place, name in enumerate(told)}


def _no_pairs(model: LinkModel) -> pd.DataFrame:
    columns: dict[str, str] = {"left": "int64", "right": "int64", "match_weight": "float64", "p_same": "float64"}
    for comparison in model.comparisons:
        columns |= {f"level_{comparison.name}": "str", f"weight_{comparison.name}": "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def _read_pairs(found: pd.DataFrame, model: LinkModel) -> pd.DataFrame:
    pairs = pd.DataFrame({
        "left": found["unique_id_l"].to_numpy("int64"), "right": found["unique_id_r"].to_numpy("int64"),
        "match_weight": found["match_weight"].round(4), "p_same": found["match_probability"].round(6),
    })  # fmt: skip
    for comparison in model.comparisons:
        name, levels = comparison.name, levels_of(comparison, model.spelling)
        pairs[f"level_{name}"] = found[f"gamma_{name}"].map(level_names(levels)).astype("str")
        weight = found[f"mw_{name}"]
        if any(level.common for level in levels):
            weight = weight + found[f"mw_tf_adj_{name}"]
        pairs[f"weight_{name}"] = weight.round(4)
    return pairs.sort_values(["left", "right"], ignore_index=True)


def learn_odds(ready: pd.DataFrame, model: LinkModel, *, seed: int) -> tuple[dict[str, dict[str, Odds]], float]:
    """Learn from records alone how often each level is met, and how many others of one person a record has.

    Training begins from what the policy assumes, so it does not matter what was learnt before. A level that was never
    met keeps what is assumed; nothing is ever impossible or certain.
    """
    need_extra()
    how, model = model.training, model.untrained()
    linker, _ = make_linker(ready, model, threads=1)
    linker.training.estimate_u_using_random_sampling(max_pairs=how.random_pairs, seed=seed)
    for columns in how.passes:
        if count_candidates(ready, columns) == 0:
            continue
        linker.training.estimate_parameters_using_expectation_maximisation(
            " AND ".join(f"l.{c} = r.{c}" for c in columns),
            estimate_without_term_frequencies=True, max_pairs=how.most_pairs, record_sample_proportion=0.1,
        )  # fmt: skip
    learnt: dict[str, dict[str, Odds]] = {}
    settings = linker.misc.save_model_to_json()
    for comparison, said in zip(model.comparisons, settings["comparisons"], strict=True):
        odds = {}
        for level in said["comparison_levels"]:
            name = level.get("label_for_charts")
            if level.get("is_null_level") or name in model.fixed.get(comparison.name, {}):
                continue
            before = model.odds(comparison.name, name) or Odds(m=NOT_MET, u=NOT_MET)
            m, u = level.get("m_probability", before.m), level.get("u_probability", before.u)
            odds[name] = Odds(m=_keep_within(m, before.m, how.least_m), u=_keep_within(u, before.u, how.least_u))
        if odds:
            learnt[comparison.name] = odds
    trained = model.model_copy(update={"trained": model.trained.model_copy(update={"levels": learnt})})
    return learnt, _expect_links(ready, trained)


def _keep_within(found: object, before: float, least: float) -> float:
    if not isinstance(found, float | int) or not math.isfinite(found):
        return before
    return float(f"{min(max(float(found), least), 1 - least):.4g}")


def _expect_links(ready: pd.DataFrame, model: LinkModel) -> float:
    """Return how many others of its person a record has on average, by the pairs found; settles in few rounds."""
    least = 1e-4
    weight = Scorer(ready, model, threads=1).find(least)["match_weight"].to_numpy()
    links = model.trained.links_per_record
    evidence = weight - _log_odds(start_chance(len(ready), model))
    for _ in range(50):
        now = model.model_copy(update={"trained": model.trained.model_copy(update={"links_per_record": links})})
        total = float((1 / (1 + 2 ** -(evidence + _log_odds(start_chance(len(ready), now))))).sum())
        links = min(max(2 * total / len(ready), 0.01), 50.0)
    return float(f"{links:.4g}")


def _log_odds(chance: float) -> float:
    return math.log2(chance / (1 - chance))
