"""4. What we will do: the caseload and its rules, plans and their gaps, actions, and the menu they choose from."""
