"""The dialogue core and the commerce behind it."""

__version__ = "0.1.0"
