"""Train the packaged linking model anew on made-up people, and put what was learnt into its file.

python bench/linking/train.py 2026-11-25
"""

import sys
from datetime import date
from pathlib import Path

import yaml

from bench.made_people import make_people
from csp_toolkit.params import packaged
from csp_toolkit.tables.linking.links import read_link_model, train_model

N_RECORDS, PEOPLE_SEED, SEED = 30_000, 1, 1
ABOUT = "30,000 invented records of bench/made_people.py, seed 1"


def learn(trained_on: date) -> dict[str, object]:
    """Return what a training on the made-up people finds, as it stands in the file."""
    people = make_people(N_RECORDS, seed=PEOPLE_SEED).drop(columns="truth")
    model = train_model(people, read_link_model(), seed=SEED, trained_on=trained_on, about=ABOUT)
    return model.trained.model_dump(mode="python")


def _plain(value: float) -> str:
    return f"{value:.12f}".rstrip("0")


def write(path: Path, trained: dict[str, object]) -> None:
    """Replace the part ``trained:`` at the end of a model's file, leaving its comments."""
    text = path.read_text(encoding="utf-8")
    levels = {c: {name: dict(o) for name, o in odds.items()} for c, odds in trained.pop("levels").items()}  # type: ignore[attr-defined]
    lines = yaml.safe_dump({"trained": trained}, sort_keys=False, width=120)
    lines += "  levels:\n"
    for comparison, odds in levels.items():
        lines += f"    {comparison}:\n"
        for name, o in odds.items():
            lines += f"      {name}: {{m: {o['m']:.4g}, u: {_plain(o['u'])}}}\n"
    path.write_text(text[: text.index("\ntrained:") + 1] + lines, encoding="utf-8")


if __name__ == "__main__":
    write(packaged("params") / "linking" / "csp_default_v1.yaml", learn(date.fromisoformat(sys.argv[1])))
