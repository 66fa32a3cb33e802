"""How the papers were made and what they cannot tell, in the words of the matrix that was used."""

from csp_toolkit.display.values import show_date, show_decimal
from csp_toolkit.display.wording import join_in_words
from csp_toolkit.scoring.certainty.policy import SOURCE_TITLES, CertaintyPolicy
from csp_toolkit.scoring.matrix import Matrix
from csp_toolkit.tables.view import View

LINKED = (
    "Records of several agencies are one person's where they share a number, where the linking model is sure, or where "
    "somebody judged so; what is in doubt is held apart."
)
NOT_LINKED = (
    "Records of several agencies are one person's where they share a number or somebody judged so. No links are kept "
    "for these records and this linking model: load a delivery again, with the extra `link` installed."
)


def write_method(matrix: Matrix, certainty: CertaintyPolicy, view: View) -> list[str]:
    """Write how the score was made, with the numbers of the matrix in use."""
    caps = ", ".join(f"{domain.title.lower()} {show_decimal(domain.cap, places=0)}" for domain in matrix.domains)
    weights = ", ".join(
        f"{show_decimal(100 * step.factor, places=0)}% to {step.days:,} days" for step in matrix.recency
    )
    return [
        f"{matrix.title}, version {matrix.version}. {matrix.note}",
        f"Events up to {show_date(view.as_of)}, from records received by {show_date(view.known_at)}.",
        LINKED if view.is_linked else NOT_LINKED,
        "Points are base × outcome or grade × recency × role, rounded once an item. Of one event the heaviest item of "
        "a kind counts; reports of one origin count once in "
        f"{matrix.origin_bucket.days} days.",
        f"Recency: {weights}. Caps: {caps}; "
        f"all intelligence together {show_decimal(matrix.intelligence_cap, places=0)}.",
        "Proved is a conviction, caution or order; alleged is a charge or a named suspect; intelligence is a graded "
        "report. The three add to the score and are never shown as one.",
        "Gates come before points: whoever one leaves out has no score. Harm suffered is kept in tables of its own and "
        "is never added.",
        f"How sure a place is: the matrix is scored again {certainty.draws:,} times with its "
        f"{join_in_words([SOURCE_TITLES[source] for source in certainty.sources])} varied. Gates stay, every rule "
        "holds each time, ties share a place, and nobody without points takes one.",
        "A tie rests on being charged, arrested, named or stopped together, on a stated association, or on a shared "
        "line. A stop with nothing found counts for nothing.",
    ]


def write_limits(matrix: Matrix) -> list[str]:
    """Write what the papers cannot tell."""
    return [
        "What a place rests on and what an answer would change are what-ifs about records, and do not say which of "
        "them are wrong.",
        _say_red(matrix),
        "How sure a place is depends on how far the inputs were varied, which is a judgement too and stands in the "
        "parameters. A wrong record that nobody doubts is not among them.",
        "Records show what was reported and looked for. Who is stopped or reported on more often has more on record.",
        "What a held, missing or unmapped delivery would have said is in no figure; where an older one stands in, it "
        "says nothing of the time since.",
        "Records that may be one person are held apart until somebody judges; gates see both, scores see one.",
        "No figure here is a chance that anybody will do anything.",
    ]


def _say_red(matrix: Matrix) -> str:
    """Say what the highest band asks for: points, how many of them for harm, and in how many re-runs."""
    red = matrix.bands.red
    harm = [d.title for d in matrix.domains if d.id in red.harm_domains]
    harm += [c.title.split(" - ")[0] for c in matrix.criteria if c.id in red.harm_criteria]
    named = join_in_words([title.lower() for title in harm], last="or")
    return (
        f"Red asks for {show_decimal(red.at_least, places=0)} points, of which "
        f"{show_decimal(red.harm_at_least, places=0)} proved or alleged for {named}, and for that total in "
        f"{100 * red.chance_at_least:.0f} of 100 re-runs or more."
    )
