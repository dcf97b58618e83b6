"""The bounds within which a spreadsheet is read; every refusal names the one it hit."""

MEGABYTE = 1024 * 1024

MAX_XLSX_BYTES = 20 * MEGABYTE
# 20,000 rows of 70 columns with inline strings, as our own result files have, unpack to 100 MB.
MAX_UNPACKED_BYTES = 150 * MEGABYTE
MAX_DIRECTORY_BYTES = 256 * 1024
MAX_ENTRIES = 200
MAX_RATIO = 100
# A small workbook may compress very well; only a large result makes the ratio suspicious.
RATIO_APPLIES_ABOVE = 10 * MEGABYTE

MAX_ROWS = 20_000
# A header may stand as low as row 20, so the last row of a full table is a little further down.
HEADER_SEARCH_ROWS = 20
LAST_ROW = MAX_ROWS + HEADER_SEARCH_ROWS
MAX_COLUMNS = 256
MAX_CELL_CHARS = 32_767
MAX_ROW_CHARS = 1_000_000
MAX_TABLE_BYTES = 96 * MEGABYTE

CHILD_MEMORY_BYTES = 512 * MEGABYTE
CHILD_CPU_SECONDS = 30
CHILD_WALL_SECONDS = 45.0
