"""The invented partnership of the demo: its people, their stories, and the files its agencies send."""
