"""Debian's chromium, for tests of the desk: where it is, and how wide its windows are."""

import os
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("DIEMBAO_SCREENSHOTS")  # read now: the tests see no DIEMBAO_ variable
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium (apt install chromium)"),
]
