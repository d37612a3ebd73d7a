"""Reading tables people upload: CSV, TSV, XLS, XLSX and a phone's list of calls in XML, recognised by what they hold.

    with path.open("rb") as file:
        rows = open_table(file, "cards.csv").rows()
        header = find_header(rows, {"iccid": ["ICCID", "卡号"]}, required=["iccid"])
        for line, cells in rows:
            header.cell(cells, "iccid")

Everything that makes a whole file unusable is an `UnreadableFile` telling what to do; nothing is guessed.
"""

from cardfleet.kernel.tabular.header import Header, find_header
from cardfleet.kernel.tabular.markup import is_list
from cardfleet.kernel.tabular.refusals import UnreadableFile
from cardfleet.kernel.tabular.rows import Row
from cardfleet.kernel.tabular.table import Kind, Table, open_table

__all__ = ["Header", "Kind", "Row", "Table", "UnreadableFile", "find_header", "is_list", "open_table"]
