"""Every table, one module per part of the business; importing this fills `Record.metadata`."""

from oms_core.records.base import Record, Scaled, Utc
from oms_core.records.house import Audit, ChannelStatus, Lease, Person, WebSession
from oms_core.records.intake import Delivery, Document, Draft, RepeatAnswer, SenderColumns, StoredBytes
from oms_core.records.master import (
    CrossReferenceRecord,
    Customer,
    CustomerId,
    MasterVersion,
    Price,
    ProductPack,
    ProductRecord,
    SenderAddress,
    ShipTo,
    Stock,
    StockMovement,
    Warehouse,
)
from oms_core.records.ordering import (
    Allocation,
    Breaker,
    Invoice,
    Order,
    OrderLine,
    Outbox,
    Sequence,
)

__all__ = [
    "Allocation",
    "Audit",
    "Breaker",
    "ChannelStatus",
    "CrossReferenceRecord",
    "Customer",
    "CustomerId",
    "Delivery",
    "Document",
    "Draft",
    "Invoice",
    "Lease",
    "MasterVersion",
    "Order",
    "OrderLine",
    "Outbox",
    "Person",
    "Price",
    "ProductPack",
    "ProductRecord",
    "Record",
    "RepeatAnswer",
    "Scaled",
    "SenderAddress",
    "SenderColumns",
    "Sequence",
    "ShipTo",
    "Stock",
    "StockMovement",
    "StoredBytes",
    "Utc",
    "Warehouse",
    "WebSession",
]
