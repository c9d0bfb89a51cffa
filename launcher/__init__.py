"""The launcher: sets one machine up, runs Plurali on it and gives every command of `./plurali`."""
