"""What CardFleet costs beside the least that its work could cost, measured in one run: `make bench` (see README.md)."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardfleet.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("API_REQUESTS_A_MINUTE", "0")
django.setup()
