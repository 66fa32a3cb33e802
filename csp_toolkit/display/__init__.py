"""0. How a frame looks: tables, pictures and the words for what is not there, whatever a frame is about."""
