"""The floor for workbooks: read every cell and do nothing."""

import sys

from python_calamine import CalamineWorkbook

book = CalamineWorkbook.from_path(sys.argv[1])
for sheet in book.sheet_names:
    book.get_sheet_by_name(sheet).to_python()
