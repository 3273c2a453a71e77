"""The bill as a workbook whose formulas run: move a lever there, and the ledger follows.

In:    a `Recipe`, the stamp of an export.
Out:   an XLSX file as bytes.
Never: writes a text that a spreadsheet could take for a formula; hides which numbers are not live.
"""

from app.workbook.workbook import workbook

__all__ = ["workbook"]
