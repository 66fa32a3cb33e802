"""The stories planted in the demo: who they are about, what is recorded, and what a briefing ought to show.

Each story is one entry of `STORIES`: a sentence of what happens, where it should be seen, the people and their
dossiers. The first person named is the one the story is about.
"""

from dataclasses import dataclass
from datetime import date

from csp_toolkit.records.demo.dossiers import CONDITION, Deed, Dossier, Entry, Word
from csp_toolkit.records.demo.people import Sketch


@dataclass(frozen=True)
class Story:
    """One planted story."""

    key: str
    what: str
    seen_as: str
    people: tuple[Sketch, ...]
    dossiers: tuple[Dossier, ...] = ()


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _charged(offence: str, on: str, charged_on: str, **more: object) -> Deed:
    """Return a crime someone was charged with and whose trial is awaited."""
    charged = _day(charged_on)
    return Deed(offence, _day(on), charged, outcome="1", outcome_on=charged, **more)  # type: ignore[arg-type]


def _convicted(offence: str, on: str, charged_on: str, court_on: str, **more: object) -> Deed:
    return _charged(offence, on, charged_on, court="Convicted", court_on=_day(court_on), **more)


def _solid(key: str, theme: str = "SUPPLY") -> tuple[Word, ...]:
    """Return two tested reports from two origins: what inclusion asks for."""
    return (Word(theme, _day("2026-07-14"), "1AP", f"{key}/a"), Word(theme, _day("2026-08-20"), "2BP", f"{key}/b"))


def _who(key: str, given_name: str, family_name: str, born_on: str, **more: object) -> Sketch:
    return Sketch(key, given_name, family_name, _day(born_on), **more)  # type: ignore[arg-type]


def _word(theme: str, on: str, grade: str, origin: str, **more: object) -> Word:
    return Word(theme, _day(on), grade, origin, **more)  # type: ignore[arg-type]


def _authorised(safeguarding_ref: str) -> Entry:
    """Return a child's place on the register, with all that the law asks for."""
    authoriser = "SYN Inspector 1"
    return Entry(reviewed_on=date(2026, 10, 14), authoriser=authoriser, safeguarding_ref=safeguarding_ref)


STORIES: tuple[Story, ...] = (
    Story("first", "A man first on the police list and on the matrix: convictions, charges, an injunction",
          "police list place 1; highest score",
          (_who("first", "Osric", "Ravensike", "1998-05-06", markers="GANG; VIOLENT"),),
          (Dossier("first", "Copperkiln", (
              _charged("attempt", "2026-08-08", "2026-08-10", has_knife=True, is_gang=True),
              _convicted("s18", "2026-02-14", "2026-02-16", "2026-08-28", has_knife=True),
              _charged("pwits_a", "2026-08-08", "2026-08-10"),
              _convicted("blade", "2025-11-20", "2025-11-21", "2026-03-02", has_knife=True)),
              (*_solid("first", "FIREARM"), *_solid("first", "MEMBERSHIP"))),)),
    Story("mover", "A named suspect of a wounding in September is charged with it in November",
          "movement UP in November, because suspect became charged",
          (_who("mover", "Dane", "Quillfeather", "2001-12-02"),),
          (Dossier("mover", "Ropewalk", (
              Deed("s18", _day("2026-09-05"), _day("2026-11-03"), outcome="1", outcome_on=_day("2026-11-03"),
              has_knife=True),
              _convicted("robbery", "2025-12-11", "2025-12-20", "2026-05-18", has_knife=True)), _solid("mover")),)),
    Story("acquitted", "A man charged with a robbery in June is acquitted in November",
          "movement DOWN in November, because the court acquitted",
          (_who("acquitted", "Lorcan", "Wainfleet-Orr", "1997-03-19"),),
          (Dossier("acquitted", "Ropewalk", (
              _charged("robbery", "2026-06-02", "2026-06-20", court="Acquitted", court_on=_day("2026-11-06")),
              _convicted("weapon", "2026-01-15", "2026-01-16", "2026-06-09")), _solid("acquitted", "WEAPON")),)),
    Story("removed", "A man removed from the register in July is still on the police list in both months",
          "no score: removed; said beside his place on the police list",
          (_who("removed", "Silas", "Penhurst", "1999-08-30"),),
          (Dossier("removed", "Copperkiln", (_convicted("robbery", "2025-01-20", "2025-02-01", "2025-07-07"),),
                   _solid("removed"), Entry("Convicted", removed_on=date(2026, 7, 3))),)),
    Story("overdue", "A man whose review should have been in September and was not",
          "no score: review overdue (g4)",
          (_who("overdue", "Tobin", "Hallowfen", "1996-01-11"),),
          (Dossier("overdue", "Ropewalk", (_convicted("s20", "2026-03-09", "2026-03-12", "2026-09-01",
          has_knife=True),),
                   _solid("overdue"), Entry("Convicted", reviewed_on=date(2026, 6, 22), is_overdue=True)),)),
    Story("deceased", "A man who died in September and is still on the register",
          "no score: deceased (g10)",
          (_who("deceased", "Corin", "Vanestone", "1994-10-02", died_on=_day("2026-09-18")),),
          (Dossier("deceased", "Copperkiln", (_charged("supply_a", "2026-05-05", "2026-05-19"),),
          _solid("deceased")),)),
    Story("victim_only", "A woman on the register as a victim and nothing else",
          "no score: victim or witness only (g2); in no ranked view",
          (_who("victim_only", "Elowen", "Foxcotte", "2000-07-21", sex="F"),),
          (Dossier("victim_only", "", (), _solid("victim_only", "TRAVEL"), Entry("Victim")),)),
    Story("child_16", "A boy of 16 with an authoriser and a safeguarding reference",
          "ranked among the under 18s, initials only in any copy not approved for children's names",
          (_who("child_16", "Kit", "Larkenby", "2010-03-14"),),
          (Dossier("child_16", "Copperkiln", (_charged("robbery", "2026-08-01", "2026-08-30", also=("child_15",)),
                                             _charged("blade", "2026-09-12", "2026-09-13", has_knife=True)),
                   _solid("child_16", "WEAPON"), _authorised("SYN-SG0016")),)),
    Story("child_15", "A boy of 15 charged with the boy of 16", "ranked among the under 18s",
          (_who("child_15", "Hal", "Emberton", "2011-06-30"),),
          (Dossier("child_15", "Copperkiln", (), _solid("child_15"), _authorised("SYN-SG0015")),)),
    Story("child_unauthorised", "A girl of 17 for whom nobody has given authority",
          "no score: no authoriser (g5)",
          (_who("child_unauthorised", "Wren", "Dovecross", "2009-01-25", sex="F"),),
          (Dossier("child_unauthorised", "Ropewalk", (_charged("pwits_b", "2026-07-07", "2026-07-20"),),
                   _solid("child_unauthorised"), Entry(reviewed_on=date(2026, 10, 14))),)),
    Story("child_13", "A boy of 13 on the register", "never scored: safeguarding only (g5)",
          (_who("child_13", "Ivo", "Birchanger", "2013-05-02"),),
          (Dossier("child_13", "Ropewalk", (_charged("blade", "2026-09-20", "2026-09-29"),), _solid("child_13"),
                   _authorised("SYN-SG0013")),)),
    Story("exploited", "A boy of 17 with an open exploitation referral that only children's services record",
          "no score until the chair decides (g7); a possible match on name and birth date, held apart",
          (_who("exploited", "Zeki", "Nettlecombe", "2009-02-11"),),
          (Dossier("exploited", "Ropewalk", (_charged("pwits_a", "2026-08-18", "2026-08-27"),), _solid("exploited"),
                   _authorised("SYN-SG0017")),)),
    Story("decided", "A man of 19 with a referral on whom the chair decided in October",
          "no score (g7) until the decision is recorded; scored in November",
          (_who("decided", "Idris", "Tanglewood", "2007-04-04", markers="NRM"),),
          (Dossier("decided", "Ropewalk", (_charged("pwits_a", "2026-07-11", "2026-07-30"),
                                          _charged("s20", "2026-09-02", "2026-09-15", has_knife=True)),
                                          _solid("decided")),)),
    Story("brothers", "Two brothers at one address, each on the register for what he did",
          "two people, no tie and no point for being brothers",
          (_who("brother_a", "Jago", "Cinderford", "2000-02-17"),
           _who("brother_b", "Perran", "Cinderford", "2003-11-09", lives_with="brother_a")),
          (Dossier("brother_a", "Copperkiln", (_convicted("disorder", "2026-04-18", "2026-04-30", "2026-09-10"),),
          _solid("brother_a")),
           Dossier("brother_b", "Ropewalk", (_charged("blade", "2026-08-22", "2026-08-23", has_knife=True),),
           _solid("brother_b")))),
    Story("namesake", "Two men of one name born on different days; one is on the register",
          "two people; nothing of the one counts for the other",
          (_who("namesake_listed", "Yusuf", "Saltonstow", "1999-09-09"),
           _who("namesake_other", "Yusuf", "Saltonstow", "1988-01-30")),
          (Dossier("namesake_listed", "Copperkiln", (_charged("pwits_b", "2026-06-14", "2026-07-01"),),
          _solid("namesake_listed")),
           Dossier("namesake_other", "", (_convicted("attempt", "2025-10-10", "2025-10-11", "2026-06-01"),), (),
           None))),
    Story("merged", "Two records of one man, merged by the police in November",
          "two people and a possible match in October, one person in November",
          (_who("merged", "Marek", "Glasswright", "1995-05-25"),
           _who("merged_away", "Marek", "Glasswright", "1995-05-25", merged_into="merged",
           merged_on=_day("2026-11-10"))),
          (Dossier("merged", "Larkspur network", (_convicted("pwits_a", "2026-01-08", "2026-01-20", "2026-07-22"),),
          _solid("merged")),
           Dossier("merged_away", "", (_charged("threats", "2026-09-01", "2026-09-14"),), (), None))),
    Story("circular", "Seven reports about one man that come from two origins",
          "gang link capped by origin: seven reports, two origins, and a suggestion that the two are one",
          (_who("circular", "Rafe", "Umberleigh", "1998-12-12"),),
          (Dossier("circular", "Copperkiln", (_convicted("weapon", "2026-05-16", "2026-05-17", "2026-10-05"),), (
              _word("MEMBERSHIP", "2026-09-02", "1BP", "circular/one",
                    text="Invented: the group meets at the old kiln on Thursdays and he keeps its list."),
              _word("MEMBERSHIP", "2026-09-04", "2CP", "circular/one", repeats="circular/one"),
              _word("MEMBERSHIP", "2026-09-07", "2CP", "circular/one", repeats="circular/one", is_partner=True),
              _word("MEMBERSHIP", "2026-09-09", "2CP", "circular/one", repeats="circular/one", is_partner=True),
              _word("MEMBERSHIP", "2026-09-15", "2BP", "circular/two",
                    text="Invented: partner states the group meets at the old kiln on Thursday, he keeps its list."),
              _word("MEMBERSHIP", "2026-09-18", "2CP", "circular/two", repeats="circular/two"),
              _word("MEMBERSHIP", "2026-09-21", "3CP", "circular/two", repeats="circular/two", is_partner=True))),)),
    Story("bridge", "Two groups joined by one report that nobody tested",
          "one tie between the groups, resting on a 2D report, at most as likely as its grade",
          (_who("bridge_a", "Gethin", "Thornicote", "1999-03-03"), _who("bridge_b", "Anton", "Redfallow",
          "2000-10-15")),
          (Dossier("bridge_a", "Copperkiln", (_convicted("pwits_a", "2026-03-21", "2026-04-01", "2026-09-18",
          also=("first",)),),
                   (*_solid("bridge_a"), _word("SUPPLY", "2026-09-25", "2DP", "bridge/one", also=("bridge_b",)))),
           Dossier("bridge_b", "Ropewalk", (_charged("blade", "2026-07-03", "2026-07-04", also=("mover",),
           has_knife=True),), _solid("bridge_b")))),
    Story("returning", "A man who leaves prison in December, within 30 days of the November meeting",
          "in custody in October, returning in November, though November's prison file is held",
          (_who("returning", "Bram", "Drakesbrook", "1993-06-18"),),
          (Dossier("returning", "Ropewalk", (_convicted("robbery", "2025-12-28", "2026-01-05", "2026-05-11"),
                                            _convicted("blade", "2025-12-28", "2026-01-05", "2026-05-11")),
                                            _solid("returning")),)),
    Story("unlisted", "A man high on the matrix whom the police list does not name",
          "high on the matrix, not on the list",
          (_who("unlisted", "Caleb", "Greywether", "1996-11-27"),),
          (Dossier("unlisted", "Larkspur network", (
              _charged("slavery", "2026-08-25", "2026-09-10", part="DIRECTS"),
              _charged("supply_a", "2026-09-14", "2026-09-30", part="DIRECTS"),
              _convicted("s20", "2026-03-30", "2026-04-15", "2026-09-22", has_knife=True)), _solid("unlisted",
              "LINE")),)),
    Story("listed_low", "A man on the police list with next to nothing on the matrix",
          "on the police list, low score; police know what the matrix does not",
          (_who("listed_low", "Farid", "Inglethorpe", "2002-04-08"),),
          (Dossier("listed_low", "Copperkiln", (_convicted("pwits_b", "2025-02-02", "2025-02-20", "2025-09-15"),),
                   (_word("DEBT", "2026-08-02", "1BP", "listed_low/a"), _word("SUPPLY", "2026-01-20", "2BP",
                   "listed_low/b"))),)),
    Story("cuckooed", "A man whose home a line took over, and about whom reports say he supplies",
          "harm recorded; the reports on him as the householder count for nothing",
          (_who("cuckooed", "Ellis", "Waterlow", "1984-02-29"),),
          (Dossier("cuckooed", "", (_charged("pwits_b", "2026-05-27", "2026-06-10"),), (
              _word("CUCKOO", "2026-07-19", "1BP", "cuckooed/a"), _word("SUPPLY", "2026-08-11", "2BP", "cuckooed/b")),
              Entry("Suspect; Victim")),)),
    Story("dual", "A man stabbed twice who is charged with stabbings",
          "dual: harm recorded and a high score, never added together",
          (_who("dual", "Emeka", "Juniperley", "2002-08-16", markers="TTL 12/09/2026; GANG"),),
          (Dossier("dual", "Ropewalk", (
              _charged("s18", "2026-09-19", "2026-10-02", has_knife=True, is_gang=True),
              _convicted("robbery", "2026-04-04", "2026-04-20", "2026-09-25", has_knife=True),
              _charged("pwits_a", "2026-08-29", "2026-09-18")), _solid("dual", "CONFLICT"),
              Entry("Suspect; Convicted; Victim")),
           Dossier("dual_attacker", "", (_charged("s18", "2026-05-30", "2026-06-12", victim="dual", has_knife=True),
                                         Deed("s20", _day("2026-02-20"), victim="dual", has_knife=True)), (), None)),
          ),
    Story("conditions", "A man most of what is known of whom may only be shared on conditions",
          "his reports score, and leave in no copy whose reader does not meet the condition",
          (_who("conditions", "Kofi", "Otterbourne-Lee", "1997-07-07"),),
          (Dossier("conditions", "Larkspur network", (_charged("pwits_a", "2026-07-28", "2026-08-14"),), (
              _word("FIREARM", "2026-09-11", "1BC", "conditions/a", conditions=CONDITION),
              _word("SUPPLY", "2026-09-23", "1AC", "conditions/b", conditions=CONDITION),
              _word("LINE", "2026-10-01", "2BC", "conditions/c", conditions=CONDITION))),)),
    Story("scoreless", "A man on the register for what the matrix gives no points for",
          "no points at all: removal candidate (g6)",
          (_who("scoreless", "Dmitri", "Sedgemore", "1991-09-14"),),
          (Dossier("scoreless", "Copperkiln", (_convicted("harassment", "2026-02-03", "2026-02-20", "2026-07-13"),), (
              _word("DEBT", "2026-06-06", "1AP", "scoreless/a"), _word("LIFESTYLE", "2026-08-06", "2AP",
              "scoreless/b"))),)),
    Story("withdrawn", "A man whose only firearm report is withdrawn by the police in November",
          "movement DOWN in November, because a report was withdrawn; its text is not kept",
          (_who("withdrawn", "Osian", "Lintwater", "1998-03-27"),),
          (Dossier("withdrawn", "Ropewalk", (_charged("weapon", "2026-06-25", "2026-06-26"),), (
              *_solid("withdrawn"),
              _word("FIREARM", "2026-09-28", "1AP", "withdrawn/c", withdrawn_on=_day("2026-11-05")))),)),
    Story("put_out", "A man the chair removes in October, whom the police's register still names in November",
          "no score in November: removed, and in no copy but as a count",
          (_who("put_out", "Cador", "Inglethorpe", "1995-02-05"),),
          (Dossier("put_out", "Copperkiln", (_convicted("common", "2026-01-02", "2026-01-20", "2026-06-11"),),
                   _solid("put_out")),)),
    Story("nameless", "A man whose surname is Null", "a name like any other",
          (_who("nameless", "Petroc", "Null", "2001-01-31"),),
          (Dossier("nameless", "Larkspur network", (_charged("common", "2026-08-16", "2026-08-17"),),
          _solid("nameless")),)),
)  # fmt: skip

EXTRA_PEOPLE = (_who("dual_attacker", "Anders", "Pikestaff", "1999-10-10"),)
"""People a story needs who are on no register."""


def sketches() -> list[Sketch]:
    """Return everyone the stories are about."""
    return [sketch for story in STORIES for sketch in story.people] + list(EXTRA_PEOPLE)


def dossiers() -> list[Dossier]:
    """Return what is recorded of everyone the stories are about."""
    return [dossier for story in STORIES for dossier in story.dossiers]
