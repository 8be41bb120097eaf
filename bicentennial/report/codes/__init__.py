"""What codes mean: their titles, what they demand and why, and examples as rows of tables."""
