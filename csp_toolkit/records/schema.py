"""The canonical tables: what the toolkit knows of the world, column by column.

Every feed is mapped to these tables and nothing else is kept. A column has a kind, a vocabulary where it is
coded, and a sensitivity, which is what redaction goes by. Victims stand in tables of their own: no table
holds both the harm a person did and the harm a person suffered.

Kinds, as they stand in a frame:

========  =====================================================================
text      `str`; missing is NaN
code      `str` from the column's vocabulary; missing is NaN
flag      `str`: ``Y``, ``N`` or ``U`` (not stated); never missing
date      `datetime64[us]` at midnight; missing is NaT
time      `datetime64[us]`, local (Europe/London) wall clock; missing is NaT
whole     `Int64`; missing is NA
refs      `str`: references parted by ``"; "``; missing is NaN
========  =====================================================================
"""

from csp_toolkit.records.agency_tables import AGENCY_TABLES
from csp_toolkit.records.columns import Column, Kind, Sensitivity, Subject, Table
from csp_toolkit.records.event_tables import EVENT_TABLES
from csp_toolkit.records.partnership_tables import PARTNERSHIP_TABLES
from csp_toolkit.records.person_tables import PERSON_TABLES
from csp_toolkit.records.vocabularies import VOCABULARIES

__all__ = ["TABLES", "VOCABULARIES", "Column", "Kind", "Sensitivity", "Subject", "Table"]

TABLES: dict[str, Table] = {
    table.name: table for table in (*PERSON_TABLES, *EVENT_TABLES, *PARTNERSHIP_TABLES, *AGENCY_TABLES)
}
