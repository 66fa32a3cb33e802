"""Taking a delivery in: what is said of how far it is, and that it is true."""

from datetime import date
from pathlib import Path

from csp_toolkit.briefing.intake import take_in
from csp_toolkit.tables.casebook import Casebook
from tests.briefing.small_workspace import AT, NOMINALS, make_workspace

SECOND = date(2026, 12, 18)


def test_how_far_a_load_is_only_grows_and_ends_with_all_of_it(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "ws")
    (tmp_path / "second").mkdir()
    people = [f"42SYN/{n:06d}/20,QUILLFEATHER,Dane{',' * 14}12/06/2025" for n in range(50)]
    (tmp_path / "second" / "police_nominals.csv").write_text(NOMINALS.splitlines()[0] + "\n" + "\n".join(people))
    told: dict[str, list[tuple[int, int]]] = {}

    def tell(what: str, done: int, of: int) -> None:
        told.setdefault(what, []).append((done, of))

    take_in(workspace, tmp_path / "second", received_on=SECOND, actor="tests", at=AT, on_progress=tell)
    assert list(told) == ["files read", "steps of this file", "files judged", "rows written", "days linked"]
    for steps in told.values():
        assert steps == sorted(steps) and len({of for _, of in steps}) == 1
        assert steps[0][0] == 0 and steps[-1][0] == steps[-1][1]
    book = Casebook.open(workspace.casebook)
    assert len(book.view(SECOND)["person_records"]) == 50
    assert told["rows written"][-1][1] == 50 + 50  # the records, and the reference of each
    book.close()
