"""A briefing's pages: what each section shows of one released bundle."""
