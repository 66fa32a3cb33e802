"""How the papers were made and what they cannot tell, in the words of the matrix that was used."""

from datetime import date

from csp_toolkit.display.values import show_date, show_decimal
from csp_toolkit.scoring.matrix import Matrix


def write_method(matrix: Matrix, as_of: date, known_at: date) -> list[str]:
    """Write how the score was made, with the numbers of the matrix in use."""
    caps = ", ".join(f"{domain.title.lower()} {show_decimal(domain.cap, places=0)}" for domain in matrix.domains)
    weights = ", ".join(
        f"{show_decimal(100 * step.factor, places=0)}% to {step.days:,} days" for step in matrix.recency
    )
    return [
        f"{matrix.title}, version {matrix.version}. {matrix.note}",
        f"Events up to {show_date(as_of)}, from records received by {show_date(known_at)}.",
        "Points are base × outcome or grade × recency × role, rounded once an item. Of one event the heaviest item of "
        "a kind counts; reports of one origin count once in "
        f"{matrix.origin_bucket.days} days.",
        f"Recency: {weights}. Caps: {caps}; "
        f"all intelligence together {show_decimal(matrix.intelligence_cap, places=0)}.",
        "Proved is a conviction, caution or order; alleged is a charge or a named suspect; intelligence is a graded "
        "report. The three add to the score and are never shown as one.",
        "Gates come before points: whoever one leaves out has no score. Harm suffered is kept in tables of its own and "
        "is never added.",
        "A tie rests on being charged, arrested, named or stopped together, on a stated association, or on a shared "
        "line. A stop with nothing found counts for nothing.",
    ]


def write_limits(matrix: Matrix) -> list[str]:
    """Write what the papers cannot tell."""
    return [
        "How sure each place is, what it rests on most, and why somebody moved are not assessed yet.",
        f"Red ({show_decimal(matrix.bands.red.at_least, places=0)} points and more, with harm proved or alleged) "
        "stands here without its chance, which is not assessed yet.",
        "Records show what was reported and looked for. Who is stopped or reported on more often has more on record.",
        "Feeds without a mapping, held or missing are not in any figure; of people known mainly from those, less is "
        "known.",
        "Records that may be one person and share no key are held apart; gates see both, scores see one.",
        "No figure here is a chance that anybody will do anything.",
    ]
