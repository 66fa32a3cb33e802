"""The workings as a page: code shown, nothing run, nothing fetched."""

from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from csp_toolkit.briefing.render import find_outside_addresses, render_workings


def test_the_workings_show_code_and_run_nothing() -> None:
    frame = (
        '<div><style scoped>.a{}</style><table class="dataframe"><tr style="text-align:right"><th>a</th></tr></table>'
        '<iframe srcdoc="<script>1</script>"></iframe><script>alert(1)</script><a href="https://example.org">x</a></div>'
    )
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Workings\n\nA [link](https://example.org) and <b>text</b>."),
            new_code_cell(
                "score = 1  # CODE", outputs=[new_output("display_data", data={"text/html": frame, "text/plain": "t"})]
            ),
            new_code_cell(
                "p",
                outputs=[
                    new_output(
                        "display_data", data={"image/png": "aGk=", "text/plain": "p"}, metadata={"alt": "Two clusters"}
                    )
                ],
            ),
        ]
    )
    made = render_workings(notebook, title="Workings, November 2026")
    soup = BeautifulSoup(made, "html.parser")
    assert "CODE" in soup.text and soup.img["alt"] == "Two clusters"
    assert (
        soup.find(["script", "iframe"]) is None and len(soup.find_all("style")) == 1 and len(soup.find_all("h1")) == 1
    )
    assert find_outside_addresses(made) == [] and "style=" not in made.split("</style>")[1]
    assert "interactive picture" in soup.text
    assert "default-src 'none'" in soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
