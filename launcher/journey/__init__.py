"""The main job from the desk to the closed loop, over HTTP, with every effect checked."""
