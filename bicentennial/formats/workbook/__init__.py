"""Workbooks, XLSX and ODS: inspected before a parser opens them, then read sheet by sheet."""
