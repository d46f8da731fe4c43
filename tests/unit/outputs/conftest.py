import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from publication_example import published  # noqa: F401
