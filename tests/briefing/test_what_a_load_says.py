"""What a load prints: what was noted of each file stands beneath the table of its rows."""

import io
from pathlib import Path

from rich.console import Console

from csp_toolkit.briefing.intake import take_in
from tests.briefing.small_workspace import AT, NOMINALS, RECEIVED, make_workspace


def test_what_was_noted_of_a_file_is_printed(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "ws")
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "police_nominals.csv").write_text(NOMINALS.splitlines()[0])
    (tmp_path / "second" / "other [bold].csv").write_text("a,b")
    taken = take_in(workspace, tmp_path / "second", received_on=RECEIVED, actor="tests", at=AT)
    written = io.StringIO()
    taken.show(Console(file=written, width=200))
    assert "police_nominals: no row stands below the headings" in written.getvalue()
    assert "No mapping yet, not read: other [bold].csv." in written.getvalue()
