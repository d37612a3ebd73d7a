"""`python -m chaos [--minutes 5] [--seed 7]`: break what it runs on under load, and prove nothing lost or doubled."""

import os
import sys

import django

from chaos.home import prepare

os.environ.setdefault("LOG_LEVEL", "WARNING")
HOME = prepare()
django.setup()

# The settings read the environment that was prepared, so models come only now.
from chaos.trial import main  # noqa: E402

sys.exit(main(sys.argv[1:], home=HOME))
