"""The reader of the mail: opens links in a real browser."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--hide-scrollbars",
]  # fmt: skip
VIEWS = {
    "desktop": ["--window-size=1280,900"],
    "phone": ["--window-size=500,900"],
    "dark": ["--window-size=1280,900", "--blink-settings=preferredColorScheme=0"],
}


@dataclass
class Page:
    """What the browser has made of a link."""

    dom: str

    @property
    def text(self) -> str:
        """The words on the page."""
        words: list[str] = []

        class Reader(HTMLParser):
            hidden = 0

            def handle_starttag(self, tag: str, _: object) -> None:
                self.hidden += tag in {"style", "script", "title"}

            def handle_endtag(self, tag: str) -> None:
                self.hidden -= tag in {"style", "script", "title"}

            def handle_data(self, data: str) -> None:
                if not self.hidden:
                    words.append(data)

        Reader().feed(self.dom)
        return " ".join(" ".join(words).split())

    @property
    def is_report(self) -> bool:
        return "<h1>" in self.dom and "Suppliers" in self.text


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise RuntimeError("Chromium is missing: install chromium, or name it in CHROMIUM")
    return found


def browse(*words: str) -> str:
    with tempfile.TemporaryDirectory(prefix="coffee-report-browser-") as profile:
        command = [chromium(), *FLAGS, f"--user-data-dir={profile}", *words]
        # The browser looks for its own things in the home of whoever starts it.
        environment = os.environ | {"HOME": profile}
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=environment).stdout


def opened(link: str) -> Page:
    """Open a link, and see what is there."""
    return Page(browse("--dump-dom", link))


def photographed(link: str, folder: Path) -> list[Path]:
    """Keep pictures of the page as its readers see it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for view, flags in VIEWS.items():
        file = folder / f"{view}.png"
        browse(*flags, f"--screenshot={file}", link)
        made.append(file)
    file = folder / "print.pdf"
    browse(f"--print-to-pdf={file}", "--no-pdf-header-footer", link)
    return [*made, file]
