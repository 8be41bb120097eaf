"""What spares time at the start of a run: what is made when it is used first, or kept from the run before."""
