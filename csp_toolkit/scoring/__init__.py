"""Who comes first: gates, items, points, places, and why."""

from csp_toolkit.scoring.assessment import score
from csp_toolkit.scoring.matrix import Matrix, read_matrix
from csp_toolkit.scoring.moves.movement import compare
from csp_toolkit.scoring.ranking import Scores

__all__ = ["Matrix", "Scores", "compare", "read_matrix", "score"]
