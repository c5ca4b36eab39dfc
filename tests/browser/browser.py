"""Chromium without a window, sealed: it asks nobody for anything."""

import contextlib
import os
import shutil
import tempfile

from playwright.sync_api import sync_playwright

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


def program():
    """Returns the browser that the system has, or the one that CHROMIUM names."""
    named = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in named if name and (found := shutil.which(name))), None)


@contextlib.contextmanager
def browsers(*kinds):
    """Opens a browser of each kind (settings of Playwright), each with an empty profile."""
    with contextlib.ExitStack() as stack:
        chromium = stack.enter_context(sync_playwright()).chromium
        opened = []
        for kind in kinds:
            profile = stack.enter_context(tempfile.TemporaryDirectory())
            how = {"executable_path": program(), "headless": True, "args": FLAGS, "locale": "en"} | kind
            context = chromium.launch_persistent_context(profile, **how)
            stack.callback(context.close)
            opened.append(context)
        yield opened
