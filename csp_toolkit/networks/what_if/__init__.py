"""What if people were gone, or were reached: never a forecast, and never a score."""
