"""The price book that answers start from."""

from __future__ import annotations

from fastapi import APIRouter, Response

from app import wire
from app.api.door import TheService, sent
from app.api.replies import PricesReply

router = APIRouter(tags=["data"])


@router.get("/prices", response_model=PricesReply)
def prices(service: TheService) -> Response:
    """Answer every offer with its dated prices and where each was read."""
    return sent(wire.prices(service.price_book, service.pricing.today))
