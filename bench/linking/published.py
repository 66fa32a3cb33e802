"""Published linkage data in our form: which column is which, and what of our policy speaks of it.

The data lie outside the project (`CSP_REAL_DATA`); only figures from them stand here. Our model is trained on each set
without labels; both mistakes count alike, and a look at a pair a fifth of one, so records are joined from p = .8.
The rules that hold brothers and namesakes apart are left out: these sets have none, and birth dates wrong beyond
recognition.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from csp_toolkit.tables.joining import join_smallest
from csp_toolkit.tables.linking.links import LINKED, Links, link_records, read_link_model, train_model
from csp_toolkit.tables.linking.policy import Comparison, Costs, LinkModel, Odds, Verdicts

EQUAL = Costs(wrong_merge=5, missed_link=5, review=1)
NAMES = [Comparison(name=n, kind=k) for n, k in (("given", "given_name"), ("family", "family_name"),
                                                 ("birth", "birth_date"))]  # fmt: skip
HOME = Comparison(name="home", kind="home")


@dataclass(frozen=True)
class Published:
    """One published set: its records as `link_records` takes them, who is who, and what they are compared by."""

    name: str
    records: pd.DataFrame
    truth: pd.Series
    comparisons: tuple[Comparison, ...]
    blocking: tuple[tuple[str, ...], ...]
    passes: tuple[tuple[str, ...], ...]
    one_register_weight: float = 0.0
    links_per_record: float = 1.0


def our_model(data: Published) -> LinkModel:
    """Return the packaged policy, fitted to the columns of the set, before training."""
    model = read_link_model()
    training = model.training.model_copy(update={"passes": data.passes, "links_per_record": data.links_per_record})
    extra = {"same": Odds(m=0.8, u=0.001), "near": Odds(m=0.1, u=0.001), "different": Odds(m=0.1, u=0.99)}
    return model.model_copy(update={
        "costs": EQUAL, "comparisons": data.comparisons, "blocking": data.blocking, "training": training,
        "fixed": {}, "sure_numbers": (), "verdicts": Verdicts(queue_events=True), "least_population": 2,
        "one_register_weight": data.one_register_weight,
        "assumed": model.assumed | {c.name: extra for c in data.comparisons if c.name not in model.assumed},
    })  # fmt: skip


def link_ours(data: Published) -> tuple[Links, LinkModel]:
    """Train on the set without labels and link it."""
    model = train_model(data.records, our_model(data), seed=1, trained_on=date(2026, 11, 25), about=data.name)
    return link_records(data.records, model), model


def group(data: Published, links: Links) -> pd.Series:
    """Return the person each record is put with, in the order of the records."""
    place = pd.Series(range(len(data.records)), index=data.records["record_id"])
    sure = links.pairs[links.pairs["verdict"].eq(LINKED)]
    ends = place[sure["record_a"]].to_numpy(), place[sure["record_b"]].to_numpy()
    return pd.Series(join_smallest(len(place), *ends))


def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype="str", skipinitialspace=True)
    return frame.rename(columns=lambda name: name.strip())


def _febrl(frame: pd.DataFrame, system: str) -> pd.DataFrame:
    return pd.DataFrame({
        "record_id": frame["rec_id"], "source_system": system, "source_ref": frame["rec_id"],
        "family_name": frame["surname"], "given_name": frame["given_name"],
        "dob": pd.to_datetime(frame["date_of_birth"], format="%Y%m%d", errors="coerce"),
        "home_address": frame["street_number"].fillna("").str.cat(frame["address_1"], sep=" "),
        "postcode": frame["postcode"], "suburb": frame["suburb"], "soc_sec_id": frame["soc_sec_id"],
    })  # fmt: skip


FEBRL_COMPARED = (*NAMES, HOME, Comparison(name="suburb", kind="near_text", column="suburb"),
                  Comparison(name="number", kind="near_text", column="soc_sec_id"))  # fmt: skip
FEBRL_BLOCKS = (("number",), ("name_pair",), ("birth_key", "given_initial"), ("birth_key", "family_sound"),
                ("postcode", "birth_year"), ("address", "postcode"),
                ("family_sound", "given_sound", "postcode"))  # fmt: skip
FEBRL_PASSES = (("number",), ("birth", "given"))


def febrl3(folder: Path) -> Published:
    """FEBRL 3: one file of 5,000 records of 2,000 people, up to six each."""
    records = _febrl(_read(folder / "dataset3.csv"), "febrl3")
    truth = records["record_id"].str.extract(r"rec-(\d+)-")[0]
    records["is_register"] = False
    return Published("febrl3", records, truth, FEBRL_COMPARED, FEBRL_BLOCKS, FEBRL_PASSES, links_per_record=2.0)


def febrl4(folder: Path) -> Published:
    """FEBRL 4: two files of 5,000 records, each person once in each."""
    parts = [_febrl(_read(folder / f"dataset4{side}.csv"), f"febrl4{side}") for side in "ab"]
    records = pd.concat(parts, ignore_index=True)
    truth = records["record_id"].str.extract(r"rec-(\d+)-")[0]
    return Published("febrl4", records, truth, FEBRL_COMPARED, FEBRL_BLOCKS, FEBRL_PASSES, -30.0, 0.9)


def fake_1000(folder: Path) -> Published:
    """Splink's fake_1000: 1,000 records with many slips and empty cells."""
    frame = _read(folder / "fake_1000.csv")
    records = pd.DataFrame({
        "record_id": frame["unique_id"], "source_system": "fake", "source_ref": frame["unique_id"],
        "family_name": frame["surname"], "given_name": frame["first_name"],
        "is_register": False, "dob": pd.to_datetime(frame["dob"], errors="coerce"),
        "city": frame["city"], "email": frame["email"],
    })  # fmt: skip
    compared = (*NAMES, Comparison(name="city", kind="near_text", column="city"),
                Comparison(name="email", kind="near_text", column="email"))  # fmt: skip
    blocks = (("birth",), ("email",), ("name_pair",), ("birth_key",), ("given", "city"), ("family", "city"),
              ("family_sound", "birth_year"), ("given_sound", "birth_year"))  # fmt: skip
    return Published("fake_1000", records, frame["cluster"], compared, blocks, (("birth",), ("email",)),
                     links_per_record=3.0)  # fmt: skip


def historical(folder: Path) -> Published:
    """Splink's historical figures, 600 people: names, births and places as several hands wrote them."""
    frame = _read(folder / "historical_sample_600clusters.csv")
    records = pd.DataFrame({
        "record_id": frame["unique_id"], "source_system": "figures", "source_ref": frame["unique_id"],
        "family_name": frame["surname"], "given_name": frame["first_name"], "other_names": frame["full_name"],
        "dob": pd.to_datetime(frame["dob"], errors="coerce").astype("datetime64[us]"),
        "postcode": frame["postcode_fake"],
        "is_register": False, "birth_place": frame["birth_place"], "occupation": frame["occupation"],
    })  # fmt: skip
    compared = (*NAMES, HOME, Comparison(name="birth_place", kind="near_text", column="birth_place"),
                Comparison(name="occupation", kind="text", column="occupation"))  # fmt: skip
    blocks = (("name_pair",), ("birth",), ("birth_key",), ("postcode", "given_initial"), ("postcode", "family_sound"),
              ("birth_place", "family_sound"), ("occupation", "family_sound"), ("given", "postcode"))  # fmt: skip
    return Published("historical", records, frame["cluster"], compared, blocks, (("birth",), ("name_pair",)),
                     links_per_record=8.0)  # fmt: skip


SETS: dict[str, Callable[[Path], Published]] = {
    "febrl3": febrl3, "febrl4": febrl4, "fake_1000": fake_1000, "historical": historical,
}  # fmt: skip


def count_pairs_found(data: Published, found: pd.Series) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pairs; of two files that are linked, over pairs across them."""
    from bench.made_people import count_pairs

    systems = data.records["source_system"]
    if systems.nunique() == 1:
        return count_pairs(data.truth, found)

    def across(groups: pd.Series) -> float:
        sizes = pd.crosstab(groups, systems.to_numpy())
        return float(np.prod(sizes.to_numpy(), axis=1).sum())

    both = across(data.truth.astype("str") + "|" + found.astype("str").to_numpy())
    precision, recall = both / max(across(found), 1), both / max(across(data.truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)
