"""What a sheet is: its header row, the property of each column, and which rows hold records."""
