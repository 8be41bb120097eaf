"""Whether everything is as it was: verification of every byte, and verdicts under new rules."""
