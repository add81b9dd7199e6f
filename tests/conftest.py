"""No test may read or write the memory of whoever runs it."""

import os

os.environ["NEWSBRIDGE_MEMORY"] = "none"
