"""The world's files: uploads read as text tables, accepted data sets kept in the workspace.

In:    bytes of a file; a workspace folder.
Out:   `RawTable`; stored data sets by content hash.
Never: checks what a value means; that is `history`.
"""

from forecast_core.sources.limits import Limits
from forecast_core.sources.price_lists import PriceList
from forecast_core.sources.read_table import first_headers, read_table
from forecast_core.sources.walls import WalledWorkspace, tenant_folder, tenant_schema
from forecast_core.sources.workspace import DataSet, Workspace, dataset_id

__all__ = [
    "DataSet",
    "Limits",
    "PriceList",
    "WalledWorkspace",
    "Workspace",
    "dataset_id",
    "first_headers",
    "read_table",
    "tenant_folder",
    "tenant_schema",
]
