"""The toolkit as data: what the example holds, and what a file may not say."""

from pathlib import Path

import pytest
import yaml

from csp_toolkit.display.wording import find_banned
from csp_toolkit.errors import ParamsError
from csp_toolkit.params import packaged
from csp_toolkit.risk.toolkit import read_toolkit
from tests.risk.small_answers import AREAS, RAT


def changed(tmp_path: Path, change: object, name: str = "csp_rat_v1") -> Path:
    content = yaml.safe_load((packaged("params") / "toolkits" / f"{name}.yaml").read_text(encoding="utf-8"))
    change(content)  # type: ignore[operator]
    folder = tmp_path / "toolkits"
    folder.mkdir()
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return tmp_path


def test_the_example_has_its_14_domains_86_questions_and_8_protective_factors() -> None:
    assert len(RAT.domains) == 14 and len(RAT.indicators) == 86 and len(RAT.protective) == 8
    assert sum(i.critical for i in RAT.indicators) == 23
    assert [sum(d.weight for d in axis.domains) for axis in RAT.axes] == [18, 8]
    assert [sum(i.applies != other for i in RAT.indicators) for other in ("adult", "child")] == [80, 78]
    assert {i.id for i in RAT.indicators if i.lifetime} == {"V3.1", "V3.6", "V8.1", "V8.8"}


def test_the_other_design_has_eight_areas_and_three_bands() -> None:
    assert len(AREAS.axes) == 1 and len(AREAS.indicators) == 8 and AREAS.band_names == ("LOW", "MEDIUM", "HIGH")
    assert AREAS.judgement is not None and AREAS.scale == 24


def test_nothing_about_a_person_but_age_is_a_question() -> None:
    words = " ".join(i.text.lower() for i in (*RAT.indicators, *AREAS.indicators))
    assert not [w for w in ("ethnic", "religio", "nationality", "postcode", "music", "lifestyle") if w in words]


def test_no_question_floor_or_check_is_in_words_a_page_may_not_use() -> None:
    for toolkit in (RAT, AREAS):
        said = [i.text for i in toolkit.indicators] + [c.ask for c in toolkit.contradictions.checks.values()]
        said += [f.words for axis in toolkit.axes for f in axis.floors] + [b.words for b in toolkit.bands]
        assert [found for text in said for found in find_banned(text)] == []


def test_both_say_that_they_are_judgement_and_predict_nothing() -> None:
    for toolkit in (RAT, AREAS):
        assert "structured professional judgement" in toolkit.statement and "predicts nothing" in toolkit.statement


REFUSED = {
    "owner X is not among": lambda c: c["axes"][0]["domains"][0]["indicators"][0].update(owner="X"),
    "stands twice": lambda c: c["axes"][0]["domains"][0]["indicators"][1].update(id="V1.1"),
    "no question of axis V": lambda c: c["axes"][0]["floors"][3]["grounds"][0].update(answers=["H1.1"]),
    "no such band": lambda c: c["axes"][0]["floors"][0].update(band="EXTREME"),
    "begin at 0 and rise": lambda c: c["bands"][1].update(min=50),
    "count less": lambda c: c["caps"]["recency"][1].update(days=90),
    "falling order": lambda c: c["levels"].reverse(),
    "provisional is above": lambda c: c["completeness"].update(provisional_percent=90),
    "row for each band": lambda c: c["tiers"]["table"].pop("LOW"),
    "not in the order": lambda c: c["tiers"]["table"].update(LOW=["T0", "T1", "T2", "T9"]),
    "may not be enforcement-led": lambda c: c["routes"].update(child="ENFORCEMENT_LED"),
    "one that no child is given": lambda c: c["routes"].update(never_for_a_child=[]),
    "rows and columns": lambda c: c["tiers"].update(columns="W"),
    "write two grounds": lambda c: c["axes"][0]["floors"][0]["grounds"][0].update(domain_level=3),
    "names nothing": lambda c: c["axes"][0]["floors"][0].update(grounds=[{}]),
}


@pytest.mark.parametrize("problem", REFUSED)
def test_a_file_that_does_not_hold_together_is_refused_with_the_reason(problem: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=problem):
        read_toolkit("csp_rat_v1", changed(tmp_path, REFUSED[problem]))


def test_a_partnership_can_retire_a_question_and_reweight(tmp_path: Path) -> None:
    def change(content: dict) -> None:
        content["axes"][0]["domains"][5]["indicators"].pop()
        content["axes"][0]["domains"][5]["weight"] = 3
        content["version"] = "1.1.0"

    own = read_toolkit("csp_rat_v1", changed(tmp_path, change))
    assert len(own.indicators) == 85 and own.key == "csp_rat_v1 1.1.0"
