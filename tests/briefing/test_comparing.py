"""`csp compare`: a proposed matrix beside the one in use; refused without author, version or reason; kept, logged."""

import json
from pathlib import Path

import pandas as pd
import pytest

from csp_toolkit.cli import app
from csp_toolkit.params import packaged
from csp_toolkit.tables.casebook import Casebook
from tests.briefing.small_workspace import make_workspace

IN_USE = (packaged("params") / "matrices" / "csp_example_v1.yaml").read_text(encoding="utf-8")
REASON = "why: The look-back for robbery is longer than its records are any good."


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("made") / "ws"
    make_workspace(root)
    return root


def propose(path: Path, *, version: str = '"2"', why: str = REASON, robbery: str = "365") -> Path:
    head, rest = IN_USE.split("why: >-", 1)
    text = head.replace('version: "1"', f"version: {version}") + why + "\n" + rest[rest.index("title:") :]
    place = text.index("- id: V3")
    path.write_text(
        text[:place] + text[place:].replace("window_days: 730", f"window_days: {robbery}", 1), encoding="utf-8"
    )
    return path


def run(capsys, *args: object) -> tuple[int, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        app([str(a) for a in args])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_it_says_in_words_what_differs_and_keeps_the_tables(home, tmp_path, capsys) -> None:
    draft = propose(tmp_path / "draft.yaml")
    code, out, _ = run(capsys, "compare", draft, "--as-of", "2026-11-26", "--workspace", home)
    assert code == 0
    assert "V3: look-back in days: 730 -> 365" in out and "One rule differs." in out
    assert "Nobody would have entered or left the list at any of 7 meetings" in out  # nobody is on its register
    folder = home / "runs" / "_compared" / "2026-11-26" / "csp_example_v1-2"
    assert {path.name for path in folder.glob("*.csv")} == {"changes.csv", "meetings.csv", "moves.csv", "reasons.csv",
                                                            "said.csv"}  # fmt: skip
    assert "Reason given: The look-back for robbery" in (folder / "said.csv").read_text(encoding="utf-8")
    assert len(pd.read_csv(folder / "meetings.csv")) == 7
    last = Casebook.open(home / "casebook.sqlite").log.entries().iloc[-1]
    assert last["action"] == "consult" and "compare" in str(last.to_dict())


def test_json_is_one_object(home, tmp_path, capsys) -> None:
    draft = propose(tmp_path / "draft.yaml")
    code, out, _ = run(capsys, "compare", draft, "--as-of", "2026-11-26", "--workspace", home, "--json")
    assert code == 0 and json.loads(out)["changes"] == ["V3: look-back in days: 730 -> 365"]


@pytest.mark.parametrize(
    ("change", "said"),
    [({"version": '"1"'}, "version: give it another"), ({"why": "why: ' '"}, "why: give the reason"),
     ({"robbery": "-3.5"}, "draft.yaml"), ({"robbery": "9999"}, "beyond the last recency step")],
)  # fmt: skip
def test_what_lacks_something_is_refused_in_one_line(change, said, home, tmp_path, capsys) -> None:
    draft = propose(tmp_path / "draft.yaml", **change)
    code, out, err = run(capsys, "compare", draft, "--as-of", "2026-11-26", "--workspace", home)
    assert code == 2 and out == "" and said in err and err.count("\n") == 1


def test_a_file_that_is_not_there_is_one_line(home, tmp_path, capsys) -> None:
    code, _, err = run(capsys, "compare", tmp_path / "absent.yaml", "--as-of", "2026-11-26", "--workspace", home)
    assert code == 2 and "absent.yaml" in err and err.count("\n") == 1
