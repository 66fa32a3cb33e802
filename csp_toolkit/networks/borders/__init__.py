"""What crosses borders: areas and homes by date, flows, lines, journeys, and what to ask which neighbour."""
