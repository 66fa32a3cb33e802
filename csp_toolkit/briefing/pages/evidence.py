"""What each place rests on, and the questions whose answers could change the list most."""

from typing import Any

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.values import is_number, show_text, show_whole
from csp_toolkit.display.wording import check_sentence, count_in_words, join_in_words
from csp_toolkit.scoring.certainty.seats import SEATS


def rests_on(bundle: Bundle) -> Markup:
    """Show, place by place in the matrix's order, the fewest records without which a person is below the cut."""
    rows = [
        {"rank": show_whole(row["rank"]), "name": show_text(row["name"]),
         "sentence": check_sentence(show_text(row["sentence"]))}
        for row in bundle.rows("rests_on")
    ]  # fmt: skip
    n_alone = sum(row["sentence"].startswith("One record.") for row in rows)
    verb = "rests" if n_alone == 1 else "rest"
    finding = (
        f"{count_in_words(n_alone, 'place', start=True)} of {count_in_words(len(rows), 'shown', 'shown')} {verb} on a "
        "single record. That says what a check of it is worth, not that it is wrong."
    )
    return render(
        "rests_on.html.j2",
        finding=finding,
        rows=rows,
        n_missing=max(0, SEATS - len(rows)),
        inclusion=_say_inclusion(bundle.rows("rests_on")),
    )


def _say_inclusion(rows: list[dict[str, Any]]) -> str | None:
    """Say once for whom inclusion itself would go with a single record the register cites."""
    thin = [row for row in rows if is_number(row.get("n_cited"))]
    if not thin:
        return None
    every = len(thin) == len(rows)
    who = "all of them" if every else join_in_words([show_text(row["name"]) for row in thin])
    numbers = sorted({int(row["n_cited"]) for row in thin})
    cited = " or ".join(count_in_words(n, "record") for n in numbers)
    return (
        f"Being on the register rests on less still: for {who} it cites {cited} that can be relied on, and inclusion "
        "would not be shown without each of them."
    )


def questions(bundle: Bundle) -> Markup:
    """Show the questions, each with what it decides, its effect, who knows and by when."""
    columns = ("question", "decides", "effect", "owner", "answer_by")
    rows = [{name: check_sentence(show_text(row[name])) for name in columns} for row in bundle.rows("questions")]
    return render("questions.html.j2", rows=rows)
