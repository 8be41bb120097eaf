"""The file formats that are read: how each is recognized, decoded and taken apart, before any of it has a meaning."""
