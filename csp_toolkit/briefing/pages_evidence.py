"""What each place rests on, and the questions whose answers could change the list most."""

from markupsafe import Markup

from csp_toolkit.briefing.bundle import Bundle
from csp_toolkit.briefing.sections import render
from csp_toolkit.display.values import show_text, show_whole
from csp_toolkit.display.wording import check_sentence, count_in_words

SEATS = 10


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
    return render("rests_on.html.j2", finding=finding, rows=rows, n_missing=max(0, SEATS - len(rows)))


def questions(bundle: Bundle) -> Markup:
    """Show the questions, each with what it decides, its effect, who knows and by when."""
    columns = ("question", "decides", "effect", "owner", "answer_by")
    rows = [{name: check_sentence(show_text(row[name])) for name in columns} for row in bundle.rows("questions")]
    return render("questions.html.j2", rows=rows)
