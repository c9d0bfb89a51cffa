"""The main job from the desk to the closed loop, over HTTP, with every effect checked."""

from launcher.journey.command import register, run

__all__ = ["register", "run"]
