"""A data directory of the tests' own, in place before Django reads its settings.

Loaded by `-p tests.scratch`: pytest-django reads the settings before any conftest is imported.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(tempfile.mkdtemp(prefix="mingzheng-test-"))
os.environ["MINGZHENG_DATA"] = str(DATA)
os.environ["DJANGO_SETTINGS_MODULE"] = "mingzheng.site.settings"
for name in ("MINGZHENG_STORE", "MINGZHENG_CLOCK", "MINGZHENG_URL", "MINGZHENG_PORT"):
    os.environ.pop(name, None)
# An installation without .venv/fonts may be handed the 仿宋 through MINGZHENG_TEST_FONTS.
FONTS = Path(os.environ.get("MINGZHENG_TEST_FONTS") or ROOT / ".venv" / "fonts")
if FONTS.is_dir():
    shutil.copytree(FONTS, DATA / "fonts")
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
