"""Coverage-guided fuzzing of each way in: `make fuzz`."""
