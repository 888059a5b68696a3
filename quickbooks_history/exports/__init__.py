"""What an export file is: its contract, its name, its validation, and the inbox it lies in."""
