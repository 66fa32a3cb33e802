"""What stays beside the workings of each meeting: every table the run counted, by the name of its file."""
