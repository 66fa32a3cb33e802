"""How records are linked: the costs, comparisons and blocks of the policy file, and the odds a training found.

One file under `params/linking` holds both, so that a model says by which policy, when and on what it was trained.
"""

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import Field, model_validator

from csp_toolkit.params import Frozen, Policy, read_named

DEFAULT = "csp_default_v1"
Chance = Annotated[float, Field(gt=0, lt=1)]
Kind = Literal["given_name", "family_name", "birth_date", "home", "number", "code", "text", "near_text"]


class Costs(Frozen):
    """What a mistake costs, in any unit: only their ratios count.

    `missed_link` is two records of one person left apart unseen, `review` is a person looking at one pair.
    """

    wrong_merge: Annotated[float, Field(gt=0)]
    missed_link: Annotated[float, Field(gt=0)]
    review: Annotated[float, Field(gt=0)]

    @property
    def linked_from(self) -> float:
        """Return the chance from which joining unseen costs less than looking: 1 - review / wrong_merge."""
        return 1 - self.review / self.wrong_merge

    @property
    def possible_from(self) -> float:
        """Return the chance from which looking costs less than leaving apart: review / missed_link."""
        return self.review / self.missed_link

    @model_validator(mode="after")
    def _leave_room_for_review(self) -> Self:
        if not 0 < self.possible_from < self.linked_from < 1:
            raise ValueError("a review must cost less than a missed link and than a wrong merge")
        return self


class Comparison(Frozen):
    """One thing two records are compared by: `kind` says in which levels, `column` what of the record."""

    name: str
    kind: Kind
    column: str | None = None
    near: Annotated[float, Field(gt=0, lt=1)] = 0.9


class Spelling(Frozen):
    """Where two spellings count as near: edit distance up to `edits`, or Jaro-Winkler from `jaro_winkler`."""

    edits: Annotated[int, Field(ge=1)]
    jaro_winkler: Chance
    shortest_start: Annotated[int, Field(ge=1)]
    known_name_records: Annotated[int, Field(ge=2)]


class Verdicts(Frozen):
    """What no chance overrides. Each list names levels as ``comparison: level``, or several joined by ``and``.

    `apart`: such a pair is never joined nor queued, unless a number of `sure_numbers` agrees. `at_most_possible`:
    such a pair waits for a person, however likely it looks. `queue_events`: whether a pair waits of which neither
    stands in any register, such as two missing episodes.
    """

    apart: tuple[str, ...] = ()
    at_most_possible: tuple[str, ...] = ()
    queue_events: bool = False


class Training(Frozen):
    """How odds are learnt without labels: from samples, so that half a million records cost what thirty thousand do."""

    records: Annotated[int, Field(ge=100)]
    random_pairs: Annotated[int, Field(ge=1000)]
    most_pairs: Annotated[int, Field(ge=1000)]
    links_per_record: Annotated[float, Field(gt=0)]
    passes: tuple[tuple[str, ...], ...]
    least_m: Chance
    least_u: Chance


class Odds(Frozen):
    """How often a level is met among records of one person (`m`) and of two (`u`)."""

    m: Chance
    u: Chance


class Trained(Frozen):
    """What a training found, and on what.

    `data` is a fingerprint of the records, `links_per_record` how many others of its person a record has on average.
    """

    trained_on: date
    seed: int
    data: str
    n_records: Annotated[int, Field(ge=2)]
    about: str
    links_per_record: Annotated[float, Field(gt=0)]
    levels: dict[str, dict[str, Odds]]


class LinkModel(Policy):
    """A linking policy with the odds it was trained to."""

    names: str
    costs: Costs
    spelling: Spelling
    comparisons: tuple[Comparison, ...]
    sure_numbers: tuple[str, ...]
    fixed: dict[str, dict[str, Odds]]
    assumed: dict[str, dict[str, Odds]]
    one_register_weight: Annotated[float, Field(le=0)]
    blocking: tuple[tuple[str, ...], ...]
    most_pairs: Annotated[int, Field(ge=1)]
    least_population: Annotated[int, Field(ge=2)]
    common_name_weight: Annotated[int, Field(ge=1)]
    verdicts: Verdicts
    training: Training
    trained: Trained

    @property
    def fingerprint(self) -> str:
        """Return a SHA-256 over everything the model says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def odds(self, comparison: str, level: str) -> Odds | None:
        """Return the odds of a level: fixed by policy, else trained, else assumed, else none."""
        for odds in (self.fixed, self.trained.levels, self.assumed):
            if level in odds.get(comparison, {}):
                return odds[comparison][level]
        return None

    def untrained(self) -> Self:
        """Return the model as it is before training: what is fixed and what is assumed."""
        start = {"levels": {}, "links_per_record": self.training.links_per_record}
        return self.model_copy(update={"trained": self.trained.model_copy(update=start)})


class Names(Policy):
    """Which names are one name: short forms and spellings, by the full form.

    `known_given_names` are names that stand in no row and yet are names, not slips of another.
    """

    given_names: dict[str, tuple[str, ...]]
    family_names: dict[str, tuple[str, ...]]
    family_name_endings: dict[str, str]
    known_given_names: tuple[str, ...]


def read_link_model(name: str = DEFAULT, folder: Path | None = None) -> LinkModel:
    """Read the linking model called `name`, from a workspace's `params` folder or the package."""
    return read_named("linking", name, LinkModel, folder)


def read_names(name: str, folder: Path | None = None) -> Names:
    """Read the list of names called `name`, from a workspace's `params` folder or the package."""
    return read_named("names", name, Names, folder)


def save_link_model(model: LinkModel, params: Path) -> Path:
    """Write a model into a workspace's `params` folder, under its own name, and return the file."""
    path = params / "linking" / f"{model.name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(model.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=120)
    path.write_text(text, encoding="utf-8")
    return path
