"""What people share over time: lines, phones that passed between lines, homes, groups. The evidence before pairs.

A link lasts from a day to a day. Homes where many live (hostels, children's homes, prisons) say nothing of who knows
whom and are left out. Memberships rest on reports that are counted already, so they stand in a layer of their own.
"""

import pandas as pd

from csp_toolkit.networks.evidence.sources import NO_GRADE, people_kept_out, without_people
from csp_toolkit.networks.evidence.weighing import LONG_AGO
from csp_toolkit.networks.policy import TiePolicy
from csp_toolkit.tables.view import View

LONG_PAST = pd.Timestamp(LONG_AGO)
SHARED_COLUMNS = (
    "kind", "prefix", "place_ref", "link_ref", "person_id", "grade", "handling", "from_on", "to_on", "p_item", "p_pair",
    "truth", "mark",
)  # fmt: skip


def list_shared(view: View, policy: TiePolicy, line_links: pd.DataFrame) -> pd.DataFrame:
    """List who is linked to which line, phone, home and group, and from when to when.

    Returns
    -------
    `SHARED_COLUMNS`; `p_item` is the chance that the link is true, `p_pair` that two such links make two people
    associates; `truth` names what a draw decides it by (empty: by pair); `mark` is the line of a phone, or the family
    name of a home.
    """
    lines = _fill(
        line_links, kind="shared line", prefix="line:", place_ref=line_links["line_ref"], p_pair=1.0,
        truth=line_links["link_ref"], mark="",
    )  # fmt: skip
    parts = [lines, _phones(view, policy, lines), _homes(view, policy), _groups(view, policy)]
    rows = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    rows = without_people(rows, people_kept_out(view)).dropna(subset=["place_ref"])
    order = ["kind", "place_ref", "person_id", "link_ref", "from_on"]
    return rows.sort_values(order, kind="stable").reset_index(drop=True)


def _phones(view: View, policy: TiePolicy, lines: pd.DataFrame) -> pd.DataFrame:
    """List those on two lines that used one number, while the number was in use."""
    phones = view["line_phones"].dropna(subset=["number", "line_ref", "from_on"])
    phones = phones[phones.groupby("number")["line_ref"].transform("nunique") > 1]
    rows = lines.merge(
        phones[["number", "line_ref", "phone_ref", "from_on", "to_on"]], left_on="place_ref", right_on="line_ref",
        suffixes=("", "_used"),
    )  # fmt: skip
    to_on = rows["to_on_used"].fillna(pd.Timestamp(view.as_of)) + pd.Timedelta(days=policy.phone_gap_days)
    return _fill(
        rows, kind="shared phone", prefix="phone:", handling="C", p_pair=policy.shared_phone, mark=rows["line_ref"],
        place_ref=rows.groupby("number")["phone_ref"].transform("min").astype("str"),
        from_on=rows["from_on"].where(rows["from_on"] >= rows["from_on_used"], rows["from_on_used"]),
        to_on=rows["to_on"].where(rows["to_on"] <= to_on, to_on),
    ).query("from_on <= to_on")  # fmt: skip


def _homes(view: View, policy: TiePolicy) -> pd.DataFrame:
    """List the homes of people some table names as a suspect; not those of tenants, pupils or patients at large."""
    tables = ("crime_suspects", "custody", "intel_subjects", "line_people", "police_list")
    suspects = set().union(*(view[name]["person_id"].dropna() for name in tables))
    rows = view["person_records"].dropna(subset=["home_address", "person_id"])
    home = read_homes(rows["home_address"])
    is_home = home.ne("") & ~home.map(lambda text: any(word in text for word in policy.communal_words)).astype(bool)
    rows = rows.assign(place_ref=home)[is_home]
    lived = rows.groupby("place_ref")["person_id"].transform("nunique")
    rows = rows[(lived > 1) & (lived <= policy.largest_household_people) & rows["person_id"].isin(suspects)]
    rows = rows.sort_values(["place_ref", "person_id", "source_ref"], kind="stable")
    as_of = pd.Timestamp(view.as_of)
    return _fill(
        rows, kind="shared address", prefix="home:", place_ref=_number(rows["place_ref"], rows["source_ref"]),
        link_ref=rows["source_ref"], grade=NO_GRADE, handling="C", from_on=rows["address_from_on"].fillna(LONG_PAST),
        to_on=rows["address_to_on"].fillna(as_of).clip(upper=as_of), p_item=1.0, p_pair=policy.shared_address, truth="",
        mark=rows["family_name"].fillna("").str.casefold().str.replace(r"[^\w]", "", regex=True),
    ).drop_duplicates(["place_ref", "person_id"])  # fmt: skip


def _groups(view: View, policy: TiePolicy) -> pd.DataFrame:
    rows = view["group_members"]
    rows = rows[~rows["role"].isin(["FORMER", "EXPLOITED"])].dropna(subset=["group_ref", "person_id"])
    rows = rows[rows["confidence"].isin(list(policy.membership))]
    as_of = pd.Timestamp(view.as_of)
    return _fill(
        rows, kind="shared group", prefix="group:", place_ref=rows["group_ref"],
        link_ref=rows["group_ref"] + " " + rows["person_ref"], grade=NO_GRADE, handling="C",
        from_on=rows["from_on"].fillna(LONG_PAST), to_on=rows["to_on"].fillna(as_of).clip(upper=as_of),
        p_item=rows["confidence"].map(policy.membership), p_pair=1.0, truth="", mark="",
    ).drop_duplicates(["place_ref", "person_id"])  # fmt: skip


def read_homes(addresses: pd.Series) -> pd.Series:
    """Bring addresses to one form: lower case, no postcode, no punctuation."""
    text = addresses.str.casefold().str.replace(r",?\s*[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\s*$", "", regex=True)
    return text.str.replace(r"[^\w ]+", " ", regex=True).str.replace(r"\s+", " ", regex=True).str.strip()


def _number(homes: pd.Series, refs: pd.Series) -> pd.Series:
    """Name each home by the smallest reference recorded there: an address is nobody's to read in an id."""
    return refs.groupby(homes).transform("min").astype("str")


def _fill(rows: pd.DataFrame, **columns: object) -> pd.DataFrame:
    texts = dict.fromkeys(("kind", "prefix", "place_ref", "link_ref", "person_id", "grade", "handling", "mark"), "str")
    numbers = dict.fromkeys(("p_item", "p_pair"), "float64")
    dates = dict.fromkeys(("from_on", "to_on"), "datetime64[us]")
    return rows.assign(**columns)[list(SHARED_COLUMNS)].astype(texts | numbers | dates | {"truth": "str"})
