#!/usr/bin/env python
"""Runs CardFleet's management commands; see README.md for the ones people use."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardfleet.settings")
    execute_from_command_line(sys.argv)
