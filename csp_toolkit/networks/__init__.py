"""3b. Who is connected: ties from evidence, their graph, its measures, and the picture."""
