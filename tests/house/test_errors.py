"""One base for every error, each with a way out of the program."""

from csp_toolkit.errors import ToolkitError
from tests.house.tracked import modules


def _ours() -> set[type[Exception]]:
    found = [thing for module in modules() for thing in vars(module).values() if isinstance(thing, type)]
    return {c for c in found if issubclass(c, Exception) and c.__module__.startswith("csp_toolkit")}


def test_every_error_has_the_one_base() -> None:
    assert [c.__qualname__ for c in _ours() if not issubclass(c, ToolkitError)] == []


def test_every_error_leaves_with_a_code_that_the_scheduler_knows() -> None:
    assert {c.exit_code for c in _ours()} <= {1, 2, 3}


def test_every_error_is_defined_where_one_looks_for_it() -> None:
    assert {c.__module__ for c in _ours()} == {"csp_toolkit.errors"}
