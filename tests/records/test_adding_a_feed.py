"""CONTRIBUTING says how an analyst adds a feed without programming: what it says is done here, word for word."""

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from csp_toolkit.cli import app

AGREEMENT = (
    "Agreement Ref,Agency,Regime,Feeds covered,Signed,Expires,DPIA Ref,DPIA Expires,EIA Ref,SPOC,Status\r\n"
    "SYN-ISA-1,Council Wardens,UK GDPR,warden_*,01/02/2026,31/01/2027,SYN-D,31/03/2027,SYN-E,SYN SPOC,IN FORCE\r\n"
)
FILE = (
    "Ref,Date,Person,Born,Why,Warden,Shoe size\r\n"
    "SYN-W1,03/11/2026,Mr Ann Lee,01/02/2009,Alone at night,SYN Warden,9\r\n"
    "SYN-W2,04/11/2026,Not known,,Followed home,SYN Warden,8\r\n"
    "SYN-W3,05/11/2026,Bo Small,01/02/2019,Alone at night,SYN Warden,2\r\n"
    "TOTAL,3,,,,,\r\n"
)


def csp(*words: object) -> dict:
    result = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def mapping(repository: Path) -> str:
    """The mapping that stands in CONTRIBUTING, as an analyst would copy it."""
    text = (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"```yaml\n(.*?)```", text[text.index("## Add a feed") :], re.DOTALL)
    assert block is not None
    return "\n".join(line.removeprefix("   ") for line in block[1].splitlines()) + "\n"


def test_the_steps_of_contributing_lead_where_they_say(tmp_path: Path, mapping: str) -> None:
    home, delivery = tmp_path / "ws", tmp_path / "2026-11"
    csp("init", home)
    delivery.mkdir()
    (delivery / "csp_sharing_agreements.csv").write_text(AGREEMENT, newline="")
    (delivery / "warden_referrals_nov.csv").write_text(FILE, newline="")
    before = csp("load", delivery, "--received", "2026-11-20", "--workspace", shutil.copytree(home, tmp_path / "copy"))
    assert before["no_mapping_yet"] == ["warden_referrals_nov.csv"]

    (home / "params" / "feeds" / "warden_referrals.yaml").write_text(mapping, encoding="utf-8")
    told = csp("load", delivery, "--explain", "warden_referrals", "--workspace", home)
    becomes = {(row["column"], row["becomes"]) for row in told["columns"]}
    assert {("Seen On", "referrals.received_on"), ("Person", "person_records.family_name"), ("Born", "check"),
            ("Warden", "not kept")} <= becomes  # fmt: skip
    assert [file["file"] for file in told["files"]] == ["warden_referrals_nov.csv"]
    assert told["files"][0]["notes"] == ["column Shoe size is not known to the feed and was not kept"]

    loaded = csp("load", delivery, "--received", "2026-11-20", "--workspace", home)
    assert not loaded["no_mapping_yet"]
    feed = next(f for f in loaded["files"] if f["feed"] == "warden_referrals")
    assert (feed["rows_in"], feed["accepted"], feed["rejected"]) == (4, 2, 2)
    findings = Path(loaded["findings"]).read_text(encoding="utf-8")
    assert "under_ten" in findings and "total_row" in findings and "Small" not in findings


def test_a_slip_in_it_is_one_line_that_says_where(tmp_path: Path, mapping: str) -> None:
    csp("init", tmp_path)
    slipped = mapping.replace("concern: Why", "concerns: Why")
    (tmp_path / "params" / "feeds" / "warden_referrals.yaml").write_text(slipped, encoding="utf-8")
    result = CliRunner().invoke(app, ["load", "--explain", "warden_referrals", "--workspace", str(tmp_path)])
    assert isinstance(result.exit_code, int) and result.exit_code == 2
    assert "no column 'concerns'" in result.stderr and result.stderr.count("\n") == 1
