"""fastexcel on a workbook: every cell as text, in Arrow's form, and nothing else."""

import sys

import fastexcel

book = fastexcel.read_excel(sys.argv[1])
for sheet in book.sheet_names:
    book.load_sheet(sheet, dtypes="string").to_arrow()
