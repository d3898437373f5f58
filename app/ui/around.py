"""What the window knows of how it was started."""

from dataclasses import dataclass

from app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Around:
    """`is_usual`: the data folder is the platform's own, which others need not name."""

    theme: Theme
    is_usual: bool = False
    is_demo: bool = False
