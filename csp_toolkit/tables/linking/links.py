"""Which records of different agencies are one person, how likely it is, and why.

    model = read_link_model()
    links = link_records(records, model)
    links.pairs                     # every pair that was not plainly two people, with its verdict
    links.explain("yjs:7", "pol:3") # why, in words, with weights that add up
    links.show("yjs:7", "pol:3")    # the same as a picture

The score is Fellegi and Sunter's, by Splink on DuckDB (the extra `link`): each comparison adds the logarithm to base 2
of how much more often its level is met among records of one person than of two, and a name weighs less the commoner it
is. Thresholds come from what mistakes cost. What no chance overrides stands in the policy: brothers, namesakes, father
and son stay apart however alike their records are, and two different PNC numbers are never joined unseen.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from csp_toolkit.display.formatted import Fragment
from csp_toolkit.display.waterfall import waterfall_svg
from csp_toolkit.errors import TableError
from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.linking.levels import REGISTER, TWICE_WORDS, UNKNOWN, levels_of
from csp_toolkit.tables.linking.policy import LinkModel, Trained, read_link_model, read_names, save_link_model
from csp_toolkit.tables.linking.prepared import prepare_records
from csp_toolkit.tables.linking.scorer import Scorer, can_link, learn_odds, start_chance
from csp_toolkit.tables.linking.verdicts import (
    APART,
    LINKED,
    NO_REGISTER,
    POSSIBLE,
    follow_registers,
    hold_contradictions,
    judge_pairs,
    leave_events,
    say_levels,
    weigh_registers,
)

__all__ = ["APART", "LINKED", "POSSIBLE", "LinkModel", "Links", "can_link", "link_records", "read_link_model",
           "save_link_model", "train_model"]  # fmt: skip

END_COLUMNS = ("system_a", "ref_a", "system_b", "ref_b")
PAIR_COLUMNS = ("record_a", "record_b", *END_COLUMNS, "match_weight", "p_same", "verdict", "held_by", "reason")
STEP_COLUMNS = ("step", "words", "weight")


@dataclass(frozen=True, eq=False)
class Links:
    """What linking found.

    Attributes
    ----------
    pairs : one row per pair (`PAIR_COLUMNS`) that was not plainly two people, with the level and the weight of each
        comparison; `p_same` is the chance that both are one person, `verdict` is ``linked``, ``possible`` or
        ``apart``, `held_by` the rule that overrode the chance, if one did.
    model : the model by which they were linked.
    n_records, n_candidates : how many records there were, and how many pairs were compared at most.
    """

    pairs: pd.DataFrame
    model: LinkModel
    n_records: int
    n_candidates: int

    @cached_property
    def sure(self) -> pd.DataFrame:
        """The references to join: one row per pair of references (`END_COLUMNS`), sorted."""
        sure = self.pairs[self.pairs["verdict"].eq(LINKED)]
        return sure[list(END_COLUMNS)].drop_duplicates().sort_values(list(END_COLUMNS), ignore_index=True)

    @cached_property
    def possible(self) -> pd.DataFrame:
        """The pairs of references to look at: `END_COLUMNS`, p_same (the highest of their records), reason, held_by.

        References that sure links join already, directly or through others, are not among them.
        """
        waiting = self.pairs[self.pairs["verdict"].eq(POSSIBLE)]
        waiting = waiting[~_joined_by(self.sure, waiting)]
        order = ["p_same", "match_weight", "record_a", "record_b"]
        best = waiting.sort_values(order, ascending=[False, False, True, True]).drop_duplicates(list(END_COLUMNS))
        columns = [*END_COLUMNS, "p_same", "reason", "held_by"]
        return best[columns].sort_values(list(END_COLUMNS), ignore_index=True)

    @property
    def start_weight(self) -> float:
        """Where every sum starts: the logarithm of the odds that two records drawn at random are one person's."""
        chance = start_chance(self.n_records, self.model)
        return round(float(np.log2(chance / (1 - chance))), 4)

    def steps(self, one: str, other: str) -> pd.DataFrame:
        """Return how the weight of a pair comes about (`STEP_COLUMNS`): the start and one row per comparison.

        Raises
        ------
        TableError : the pair was not compared, or was plainly two people.
        """
        pair = self._pair(one, other)
        rows: list[tuple[str, str, float]] = [("start", "any two records", self.start_weight)]
        for comparison in self.model.comparisons:
            name = comparison.name
            words = {level.name: level.words for level in levels_of(comparison, self.model.spelling)}
            level = pair[f"level_{name}"]
            if level != UNKNOWN:
                rows.append((name, words[level], float(pair[f"weight_{name}"])))
        if pair[f"level_{REGISTER}"] != UNKNOWN:
            rows.append((REGISTER, TWICE_WORDS, float(pair[f"weight_{REGISTER}"])))
        return pd.DataFrame(rows, columns=list(STEP_COLUMNS))

    def explain(self, one: str, other: str) -> str:
        """Say in words why a pair is linked, possible or apart."""
        pair, steps = self._pair(one, other), self.steps(one, other)
        said = "; ".join(f"{row.words} ({row.weight:+.1f})" for row in steps.itertuples())
        held = f" {say_rule(pair['held_by'], self.model)}" if pair["held_by"] else ""
        return f"{pair['verdict'].capitalize()}, p = {pair['p_same']:.3f}: {said} = {pair['match_weight']:+.1f}.{held}"

    def show(self, one: str, other: str) -> Fragment:
        """Draw a pair's waterfall, above the words that say the same."""
        said = self.explain(one, other)
        return Fragment(f"<p>{escape(said)}</p>{waterfall_svg(self.steps(one, other), label=said)}", said)

    def list_nearest(self, n_each: int = 3) -> list[tuple[str, str]]:
        """List the record ids of the least sure of what was joined, and of the surest of what waits."""
        found = []
        for verdict, ascending in ((LINKED, True), (POSSIBLE, False)):
            some = self.pairs[self.pairs["verdict"].eq(verdict)]
            order = ["p_same", "match_weight", "record_a", "record_b"]
            some = some.sort_values(order, ascending=[ascending, ascending, True, True]).drop_duplicates("reason")
            found += list(some[["record_a", "record_b"]].head(n_each).itertuples(index=False, name=None))
        return found

    def _pair(self, one: str, other: str) -> pd.Series:
        a, b = sorted((one, other))
        found = self.pairs[self.pairs["record_a"].eq(a) & self.pairs["record_b"].eq(b)]
        if found.empty:
            raise TableError(
                "These two records were not compared, or are plainly two people: they share no block of the policy, "
                "or their chance is below that from which a review pays. Check both record ids."
            )
        return found.iloc[0]

    def _repr_html_(self) -> str:
        if not self.n_records:
            return (
                "<p>No links are kept for these records and this linking model: people are joined by shared numbers "
                "and judgements alone. Load a delivery again, with the extra <code>link</code> installed.</p>"
            )
        counts = self.pairs["verdict"].value_counts()
        said = ", ".join(f"{int(counts.get(verdict, 0)):,} {verdict}" for verdict in (LINKED, POSSIBLE, APART))
        trained = self.model.trained
        return (
            f"<p>{self.n_records:,} records, at most {self.n_candidates:,} pairs compared: {said}. Model "
            f"{self.model.name}, trained on {trained.trained_on} on {trained.n_records:,} records.</p>"
        )


def no_links(model: LinkModel) -> Links:
    """Return the links of no records at all."""
    types = {name: "float64" if name in ("match_weight", "p_same") else "str" for name in PAIR_COLUMNS}
    return Links(pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()}), model, 0, 0)


def say_rule(rule: str, model: LinkModel) -> str:
    """Say in words which rule of the policy overrode the chance."""
    words = {
        f"{c.name}: {level.name}": level.words for c in model.comparisons for level in levels_of(c, model.spelling)
    }
    said = " and ".join(words.get(part, part) for part in rule.split(" and "))
    if rule in model.verdicts.apart or rule == NO_REGISTER:
        return f"Kept apart whatever the chance: {said}."
    return f"Waits for a person whatever the chance: {said}."


def link_records(records: pd.DataFrame, model: LinkModel | None = None, *, params: Path | None = None) -> Links:
    """Find which records are one person. Neither the order of rows nor of columns matters.

    Parameters
    ----------
    records : one row per record: record_id (unique text), source_system, source_ref, family_name, given_name, dob,
        and as known other_names, aliases, dob_precision, sex, home_address, postcode, address_from_on, address_to_on,
        pnc, upn; is_register (the reference stands for a person in that agency's own register: one agency seldom keeps
        a person twice); person_id (records known to be one person before); table_name (the canonical table it comes
        from).
    model : the packaged model by default.
    params : a workspace's `params` folder, for its own list of names.

    Raises
    ------
    TableError : a column is missing, a record comes from an anonymous table, or there would be too many pairs.
    ParamsError : Splink is not installed.
    """
    model = model or read_link_model(folder=params)
    ready = prepare_records(records, model, read_names(model.names, params))
    keys = _read_keys(records)
    scorer = Scorer(ready, model)
    pairs = scorer.find(model.costs.possible_from)
    strange = keys["group"].to_numpy()[pairs["left"]] != keys["group"].to_numpy()[pairs["right"]]
    pairs = weigh_registers(pairs[strange].reset_index(drop=True), keys, model)
    pairs = judge_pairs(pairs[pairs["p_same"] >= model.costs.possible_from].reset_index(drop=True), model)
    pairs = follow_registers(pairs, keys)
    pairs = leave_events(hold_contradictions(pairs, keys, scorer), keys, model)
    return Links(_name_ends(pairs, keys, model), model, len(records), scorer.n_candidates)


def _read_keys(records: pd.DataFrame) -> pd.DataFrame:
    """Return ids and references in order of `record_id`, with the group of records known to be one person."""
    keys = records.sort_values("record_id", kind="stable").reset_index(drop=True)
    is_register = keys["is_register"].astype(bool) if "is_register" in keys else True
    person = keys["person_id"] if "person_id" in keys else pd.Series(np.nan, index=keys.index, dtype="str")
    keys = keys[["record_id", "source_system", "source_ref"]].assign(is_register=is_register)
    rows = np.arange(len(keys))
    place = pd.Series(rows)
    by_ref = place.groupby([keys["source_system"], keys["source_ref"]]).transform("min").fillna(place)
    by_person = place.groupby(person).transform("min").fillna(place)
    left, right = np.r_[rows, rows], np.r_[by_ref, by_person].astype("int64")
    return keys.assign(group=join_smallest(len(keys), left, right))


def _joined_by(sure: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """Say of each pair of references whether sure links join them, however far round."""
    ends = [frame[f"system_{side}"] + "\x1f" + frame[f"ref_{side}"] for frame in (sure, pairs) for side in "ab"]
    codes, names = pd.factorize(pd.concat(ends, ignore_index=True))
    a, b, one, other = np.split(codes, np.cumsum([len(end) for end in ends])[:-1])
    group = join_smallest(len(names), a, b)
    return group[one] == group[other]


def _name_ends(pairs: pd.DataFrame, keys: pd.DataFrame, model: LinkModel) -> pd.DataFrame:
    ends = pairs.assign(reason=say_levels(pairs, model))
    for side, place in (("a", "left"), ("b", "right")):
        at = keys.iloc[pairs[place].to_numpy()]
        ends[f"record_{side}"] = at["record_id"].to_numpy()
        ends[f"system_{side}"], ends[f"ref_{side}"] = at["source_system"].to_numpy(), at["source_ref"].to_numpy()
    details = [c for c in pairs if c.startswith(("level_", "weight_"))]
    ends = ends.astype({name: "str" for name in PAIR_COLUMNS if name not in ("match_weight", "p_same")})
    return ends[[*PAIR_COLUMNS, *details]].sort_values(["record_a", "record_b"], ignore_index=True)


def train_model(
    records: pd.DataFrame, model: LinkModel, *, seed: int, trained_on: date, about: str, name: str | None = None,
    params: Path | None = None,
) -> LinkModel:  # fmt: skip
    """Learn the odds of a model anew from records, without labels; see `save_link_model` to keep it.

    A sample of the policy's size is drawn by the seed. What the records cannot tell stays as in `model`.

    Parameters
    ----------
    trained_on, about : the day, and whose records they are, in words; both stand in the model.
    """
    ready = prepare_records(records, model, read_names(model.names, params))
    data = str(pd.util.hash_pandas_object(ready[["given", "family", "birth"]].fillna("").astype("str")).sum())
    if len(ready) > model.training.records:
        picked = np.random.default_rng(seed).choice(len(ready), model.training.records, replace=False)
        sample = ready.iloc[np.sort(picked)].reset_index(drop=True)
        sample["unique_id"] = np.arange(len(sample), dtype="int64")
    else:
        sample = ready
    levels, links_per_record = learn_odds(sample, model, seed=seed)
    trained = Trained(
        trained_on=trained_on, seed=seed, data=data, n_records=len(ready), about=about, levels=levels,
        links_per_record=links_per_record * len(ready) / len(sample),
    )  # fmt: skip
    return model.model_copy(update={"trained": trained, "name": name or model.name})
