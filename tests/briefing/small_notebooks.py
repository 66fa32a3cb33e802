"""Notebooks of a few cells, made where a test needs them."""

from pathlib import Path

import nbformat

FORM = 'as_of: str = ""  # the day it speaks for\nseed: int = 0'


def make_notebook(path: Path, *cells: str, form: str | None = FORM, tags: tuple[str, ...] = ("parameters",)) -> Path:
    """Write a notebook with a parameters cell and some code cells, without any metadata."""
    notebook = nbformat.v4.new_notebook()
    first = [nbformat.v4.new_code_cell(form, metadata={"tags": list(tags)})] if form is not None else []
    notebook.cells = [nbformat.v4.new_markdown_cell("# A small notebook"), *first]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in cells]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path
