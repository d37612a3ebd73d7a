"""The composition root of `/api/v1/`: every resource is registered here."""

from rest_framework.routers import DefaultRouter

router = DefaultRouter()
