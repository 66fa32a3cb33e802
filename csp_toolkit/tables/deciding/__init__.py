"""What people decided: the rules a decision must meet, the workbook it comes in, and how it stands."""
