"""The settings of a worker that has templates of more versions: those of BOMBS."""

import os

from fourpi.settings import *  # noqa: F403, TID251
from fourpi.settings import TEMPLATES  # noqa: TID251


TEMPLATES[0]["DIRS"].append(os.environ["BOMBS"])
