"""What every other package rests on: errors, findings, limits, messages, names, files, threads and worker processes."""
