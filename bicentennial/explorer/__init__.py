"""The explorer: a page for each thing of the Framework, as the service serves them and a static site holds them."""
