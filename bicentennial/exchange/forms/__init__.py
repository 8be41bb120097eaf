"""Blank forms for submissions: a workbook in two formats, a header row, the JSON Schema."""
