"""The manifest: the same work has the same hashes, and a changed byte shows."""

from datetime import UTC, datetime

import nbformat
import pytest

from csp_toolkit.briefing.manifest import hash_notebook, name_run, read_manifest, verify_folder, write_manifest
from csp_toolkit.errors import WorkspaceError
from csp_toolkit.tables.casebook import Casebook


def notebook(*outputs, source: str = "x", **metadata) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)
    return nbformat.v4.new_notebook(cells=[cell])


def said(text: str, name: str = "stdout") -> nbformat.NotebookNode:
    return nbformat.v4.new_output("stream", name=name, text=text)


def test_what_differs_by_nature_does_not_change_the_hash():
    assert hash_notebook(notebook(said("a"), said("b"))) == hash_notebook(notebook(said("ab")))
    assert hash_notebook(notebook(said("Copy 1 of 2"))) == hash_notebook(notebook(said("Copy 3 of 4")))
    assert hash_notebook(notebook(said("head 7c1e")), volatile=["7c1e"]) == hash_notebook(
        notebook(said("head 91be")), volatile=["91be"]
    )
    assert hash_notebook(notebook(tags=["x"])) == hash_notebook(notebook())


@pytest.mark.parametrize("other", [notebook(said("b")), notebook(said("a"), source="y"), notebook(said("a", "stderr"))])
def test_what_a_notebook_says_changes_the_hash(other):
    assert hash_notebook(notebook(said("a"))) != hash_notebook(other)


def test_the_cell_papermill_puts_in_is_no_part_of_what_is_said():
    injected = notebook(source="out = '/tmp/x'", tags=["injected-parameters"])
    assert hash_notebook(injected) == hash_notebook(nbformat.v4.new_notebook())


def test_a_run_is_named_by_what_went_into_it():
    assert name_run({"a": 1, "b": 2}) == name_run({"b": 2, "a": 1}) != name_run({"a": 1, "b": 3})


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "run"
    (home / "tables").mkdir(parents=True)
    (home / "tables" / "a.csv").write_text("x\n1\n")
    (home / "page.html").write_text("<p>")
    return home


def verify(folder, log=None):
    return verify_folder(folder, name="run", log=log, params=None)


def test_an_untouched_folder_holds(folder):
    write_manifest(folder, {"run_id": "a"})
    assert verify(folder).problems == ()
    assert verify(folder).n_files == 2


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda f: (f / "tables" / "a.csv").write_text("x\n2\n"), "tables/a.csv: changed"),
        (lambda f: (f / "page.html").unlink(), "page.html: gone"),
        (lambda f: (f / "tables" / "b.csv").write_text("y"), "tables/b.csv: not part of the run"),
    ],
)
def test_a_file_changed_lost_or_added_shows(folder, harm, problem):
    write_manifest(folder, {"run_id": "a"})
    harm(folder)
    assert verify(folder).problems == (problem,)


def test_a_manifest_that_cannot_be_read_is_a_problem_and_no_crash(folder):
    (folder / "manifest.json").write_text("{")
    assert "cannot be read" in verify(folder).problems[0]
    with pytest.raises(WorkspaceError):
        read_manifest(folder)


def test_a_log_that_was_cut_short_shows(folder, tmp_path):
    book = Casebook.open(tmp_path / "casebook.sqlite", create=True)
    book.log.append("collect", actor="tests", at=datetime(2026, 1, 1, tzinfo=UTC), details={})
    casebook = {"log_length": book.log.length, "log_head": book.log.head}
    write_manifest(folder, {"casebook": casebook})
    assert verify(folder, book.log).problems == ()
    write_manifest(folder, {"casebook": {**casebook, "log_length": 2}})
    assert "entry 2 is not the one the manifest names" in verify(folder, book.log).problems[0]
    book.close()
