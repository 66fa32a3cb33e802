"""Networks like those of people named in the same crimes, for measuring speed: clustered, and a few with many ties."""

import numpy as np
import pandas as pd


def make_pairs(n_people: int, *, mean_degree: float = 8.0, seed: int = 1) -> pd.DataFrame:
    """Make the pairs of a network: person_a, person_b, p_exists; about `mean_degree` ties a person.

    Events of two to five people, drawn near one another (people live in order along a line) and some oftener than
    others; one in twenty people of an event comes from anywhere.
    """
    rng = np.random.default_rng(seed)
    keys, wanted = np.empty(0, dtype="int64"), int(n_people * mean_degree / 2)
    weight = rng.pareto(2.5, n_people) + 0.2
    running = np.cumsum(weight) / weight.sum()
    while len(keys) < wanted:
        n = max(wanted // 3, 1_000)
        first = np.searchsorted(running, rng.random(n))
        size = rng.choice([2, 3, 4, 5], n, p=[0.6, 0.25, 0.1, 0.05])
        reach = 12 + 30 * (weight[first] > 2)
        offsets = np.rint(rng.normal(0, 1, (n, 4)) * reach[:, None]).astype("int64")
        others = np.clip(first[:, None] + offsets, 0, n_people - 1)
        others = np.where(rng.random((n, 4)) < 0.05, rng.integers(0, n_people, (n, 4)), others)
        members = np.concatenate([first[:, None], others], axis=1)
        for a in range(5):
            for b in range(a + 1, 5):
                at = size > b
                low, high = np.minimum(members[at, a], members[at, b]), np.maximum(members[at, a], members[at, b])
                keys = np.concatenate([keys, (low * n_people + high)[low != high]])
        keys = np.unique(keys)
    keys = np.sort(rng.permutation(keys)[:wanted])
    names = np.array([f"PER-{n:07d}" for n in rng.permutation(n_people)], dtype=object)
    a, b = names[keys // n_people], names[keys % n_people]
    low, high = np.where(a < b, a, b), np.where(a < b, b, a)
    frame = pd.DataFrame({"person_a": low, "person_b": high}, dtype="str")
    return frame.assign(p_exists=rng.uniform(0.05, 1.0, wanted).round(3)).sample(
        frac=1, random_state=seed, ignore_index=True
    )


def make_memberships(n_rows: int, *, seed: int = 1) -> pd.DataFrame:
    """Make rows of who was in which event, about three people an event: the input of `pair_up`."""
    rng = np.random.default_rng(seed)
    n_events, n_people = n_rows // 3, max(n_rows // 8, 10)
    event = np.sort(rng.integers(0, n_events, n_rows))
    person = (rng.pareto(1.5, n_rows) * n_people / 20).astype("int64") % n_people
    frame = pd.DataFrame({"event": event, "person": person}).drop_duplicates()
    graded = frame["event"] % 7
    return pd.DataFrame({
        "event_kind": "report", "event_id": "R" + frame["event"].astype("str"),
        "person_id": "P" + frame["person"].astype("str"), "item_ref": "R" + frame["event"].astype("str"),
        "origin_id": "O" + (frame["event"] // 2).astype("str"),
        "grade": graded.map({0: "1A", 1: "2B", 2: "2C", 3: "2C", 4: "2D", 5: "3C", 6: "1B"}), "handling": "P",
        "seen_on": pd.Timestamp("2026-01-01") + pd.to_timedelta(frame["event"] % 300, unit="D"),
        "p_item": graded.map({0: 1.0, 1: 0.55, 2: 0.25, 3: 0.25, 4: 0.1, 5: 0.05, 6: 0.85}), "is_charged": 0,
        "is_counted": 1, "truth": "O" + (frame["event"] // 2).astype("str"),
        "p_truth": graded.map({0: 1.0, 1: 0.55, 2: 0.25, 3: 0.25, 4: 0.1, 5: 0.05, 6: 0.85}),
    }).astype({"seen_on": "datetime64[us]"})  # fmt: skip
