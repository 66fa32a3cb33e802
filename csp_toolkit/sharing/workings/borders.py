"""The tables that stay beside the workings of the cross-border meeting: every measure with its reasons.

They carry references and counts, and no names.
"""

import pandas as pd

from csp_toolkit.networks.borders.study import Borders
from csp_toolkit.sharing.papers.ground import Papers
from csp_toolkit.tables.view import View


def list_border_workings(view: View, borders: Borders, papers: Papers) -> dict[str, pd.DataFrame]:
    """List every table of a run by the name of its file; references and counts, no names."""
    return {
        "measures": borders.table,
        "flows": borders.flows.table,
        "flow_people": borders.flows.reasons,
        "events": borders.activity.table,
        "homes": borders.homes.table,
        "inflow_months": borders.flows.months,
        "district_links": borders.links,
        "district_link_reasons": borders.link_reasons,
        "mixing": borders.mixing_by_slice,
        "lines": borders.reach.table,
        "line_areas": borders.reach.areas_of,
        "rebrands": borders.rebrands.table,
        "rebrand_signs": borders.rebrands.signs,
        "rebrands_considered": borders.rebrands.considered,
        "rebrands_settled": borders.rebrands.settled,
        "areas_not_listed": borders.unread.rename("n_records").rename_axis("name").reset_index(),
        "gravity": borders.gravity.table,
        "gravity_fit": borders.gravity.exponents,
        "journeys": borders.journeys,
        "journey_legs": borders.legs,
        "found": borders.found.table,
        "found_episodes": borders.found.reasons,
        "handovers": borders.handovers.table,
        "handovers_wanting": borders.handovers.wanting,
        "co_arrests": borders.co_arrests,
        "asks": borders.asks,
        "rejected": view.rejected,
        "people": view.person_keys.sort_values(["person_id", "source_system", "source_ref"], ignore_index=True),
        "coverage": papers["coverage"],
        "accounts": papers["accounts"],
    }
