"""CardFleet: a telesales company's SIM cards, who holds them, what they cost and how near each is to a stop."""

from cardfleet.celery import app as celery_app

__all__ = ["celery_app"]
