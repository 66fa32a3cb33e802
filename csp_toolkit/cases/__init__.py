"""4. What we will do: actions, what is late, and the menu of support, disruption and enforcement."""
