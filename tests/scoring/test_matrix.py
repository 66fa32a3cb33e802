"""The example matrix: its numbers, its words, and what a wrong file is told."""

import pytest
import yaml

from csp_toolkit.errors import ParamsError
from csp_toolkit.params import packaged, read_policy
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from tests.scoring.by_hand import CAPS, DOMAIN_CAPS, STEPS, WINDOWS
from tests.scoring.small_views import MATRIX

FILE = packaged("params") / "matrices" / "csp_example_v1.yaml"


def changed(tmp_path, **updates) -> Matrix:
    content = yaml.safe_load(FILE.read_text(encoding="utf-8")) | updates
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return read_policy(path, Matrix)


def test_windows_caps_and_steps_are_those_of_the_description() -> None:
    assert {c.id: c.window_days for c in MATRIX.criteria} == WINDOWS
    assert {c.id: c.cap for c in MATRIX.criteria} == CAPS
    assert [d.cap for d in MATRIX.domains] == list(DOMAIN_CAPS.values())
    assert [(s.days, s.factor) for s in MATRIX.recency] == [(days, float(factor)) for days, factor in STEPS]
    assert MATRIX.intelligence_cap == 16
    assert sum(d.cap for d in MATRIX.domains) == 100


def test_it_says_everywhere_that_it_is_an_example() -> None:
    assert "not Essex Police's matrix" in MATRIX.note
    assert "example" in MATRIX.title.lower()
    assert MATRIX.approved_on is None


def test_every_criterion_says_what_counts_what_does_not_and_gives_an_example() -> None:
    for criterion in MATRIX.criteria:
        assert all(len(words) > 5 for words in (criterion.counts, criterion.does_not_count, criterion.example))


def test_grades_never_rise_as_source_or_information_gets_worse() -> None:
    for source, information in ((s, i) for s in "123" for i in "ABCDE"):
        factor = MATRIX.weigh_grade(source + information)
        worse = [
            MATRIX.grades.get(f"{int(source) + 1}{information}", 0),
            MATRIX.grades.get(source + chr(ord(information) + 1), 0),
        ]
        assert factor >= max(worse)
    assert len(MATRIX.grades) == 15


def test_a_key_nobody_knows_is_refused(tmp_path) -> None:
    with pytest.raises(ParamsError, match="inteligence_cap"):
        changed(tmp_path, inteligence_cap=20)


@pytest.mark.parametrize(
    ("updates", "says"),
    [
        ({"line_criterion": "D9"}, "no criterion is called 'D9'"),
        ({"court_results": {"CONVICTED": "guilty"}}, "no outcome is called 'guilty'"),
        ({"suspect_parts": {"PRINCIPAL": "boss"}}, "no role is called 'boss'"),
        ({"recency": [{"days": 91, "factor": 1.0}, {"days": 91, "factor": 0.8}]}, "rising order"),
        ({"recency": [{"days": 91, "factor": 1.0}]}, "beyond the last recency step"),
        ({"assessment_led_share": 0.12345}, "at most three decimals"),
        ({"intelligence_cap": -1}, "greater than 0"),
        ({"clock": "report"}, "clock"),
    ],
)
def test_a_file_that_does_not_hold_together_is_told_what_to_mend(tmp_path, updates, says) -> None:
    with pytest.raises(ParamsError) as refused:
        changed(tmp_path, **updates)
    assert says in str(refused.value)


def test_a_matrix_cannot_be_changed_once_read() -> None:
    with pytest.raises(Exception, match="frozen"):
        MATRIX.intelligence_cap = 20


def test_an_unknown_name_is_told_which_there_are() -> None:
    with pytest.raises(ParamsError, match="csp_example_v1"):
        read_matrix("essex")


def test_the_criteria_can_be_read_as_a_table() -> None:
    table = MATRIX.list_criteria()
    assert table.index.tolist() == [c.id for c in MATRIX.criteria]
    assert table.loc["V1", ["points", "cap", "days"]].tolist() == [30, 40, 1095]
    assert table["does_not_count"].str.len().gt(0).all()
