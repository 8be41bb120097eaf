"""What the project publishes itself: ontology, shapes and Framework as single files, as a plan and as a picture."""
