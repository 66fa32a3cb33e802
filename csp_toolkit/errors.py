"""Every error this package raises on purpose, under one base class.

A message says what, where, how many and what to do, and never holds a cell's value:
an error ends in logs, consoles and e-mails, where nobody's name may be.
The command line prints the message as one line and leaves with `exit_code`.
"""


class ToolkitError(Exception):
    """Anything the toolkit refuses to do, with a message fit for the person who asked."""

    exit_code = 2


class ParamsError(ToolkitError):
    """A policy file is missing, unreadable or says something the model does not allow."""


class WorkspaceError(ToolkitError):
    """The workspace, its casebook or a folder in it cannot be used."""


class DeliveryError(ToolkitError):
    """A delivery or one of its files cannot be read at all."""


class TableError(ToolkitError):
    """A frame lacks a column, or holds one of the wrong type, that a function needs."""


class DecisionError(ToolkitError):
    """A decisions workbook is incomplete, or contradicts what is recorded."""


class GovernanceError(ToolkitError):
    """A document the law asks for is missing or expired, so nothing may be produced."""


class ReleaseError(ToolkitError):
    """Something would leave that may not; nothing left."""


class CheckFailed(ToolkitError):
    """The work was done and a check on it failed: a sum that does not add up, a chain that does not hold."""

    exit_code = 1


class NotebookError(ToolkitError):
    """A notebook stopped at a cell; the failed run is kept for the analyst."""

    exit_code = 3
